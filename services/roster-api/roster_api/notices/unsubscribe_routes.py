"""The page by which reminders and daily mails are declined, and had back. Opening it changes nothing.

A mail program may decline by itself (RFC 8058): it posts `List-Unsubscribe=One-Click` to the same address.
"""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from roster_api.answers.access import TOKEN_MAXIMUM_LENGTH
from roster_api.answers.page import Line, make_templates, respond
from roster_api.answers.page_route import PageRoute
from roster_api.contacts import mask_address
from roster_api.database import SessionDep, one_statement
from roster_api.notices.contacts import READERS
from roster_api.notices.unsubscribing import Subscriber, list_declined, read_token, set_subscribed
from roster_api.routing import gated_router

TEMPLATES = make_templates(Path(__file__).parent / "templates")
WANTED = Line(
    "Thư nhắc và thư tổng hợp hằng ngày đang được gửi đến địa chỉ này.",
    "Reminders and daily summaries are sent to this address.",
)
DECLINED = Line(
    "Đã ghi nhận: không gửi thư nhắc và thư tổng hợp đến địa chỉ này nữa. Phân công và quyết định vẫn được gửi.",
    "Done: no more reminders and summaries to this address. Placements and decisions are sent all the same.",
    "good",
)


class UnsubscribeRoute(PageRoute):
    """Opened by the link of a reminder, at the recipient's present address alone; no other link opens it."""

    nothing_came = Line(
        "Chưa nhận được lựa chọn của bạn. Hãy mở lại liên kết rồi bấm nút.",
        "Your choice did not arrive. Open the link again and press the button.",
        "warn",
    )

    async def look_up(self, request: Request, token: str) -> Subscriber | None:
        secret = request.app.state.settings.link_secret.get_secret_value()
        named = read_token(token, secret=secret) if len(token) <= TOKEN_MAXIMUM_LENGTH else None
        if named is None or named.recipient.kind not in READERS:
            return None
        async with one_statement(request.app.state.sessions) as session:
            found = await READERS[named.recipient.kind](session, {named.recipient.id})
            email = found.get(named.recipient.id, (None, None))[0]
            if email is None or not named.is_of(email, secret=secret):
                return None
            declined = await list_declined(session, {named.recipient})
        is_unsubscribed = email.lower() in declined.get(named.recipient, set())
        return Subscriber(named.recipient, email, is_unsubscribed)


async def get_subscriber(request: Request) -> Subscriber:
    """Who opened the link."""
    subscriber: Subscriber = request.state.link
    return subscriber


SubscriberDep = Annotated[Subscriber, Depends(get_subscriber)]
pages = gated_router(tag="personal links", route_class=UnsubscribeRoute, include_in_schema=False)


@pages.api_route("/u/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def show_subscription(subscriber: SubscriberDep) -> HTMLResponse:
    return _render(subscriber.email, is_unsubscribed=subscriber.is_unsubscribed)


@pages.post("/u/{token}", response_class=HTMLResponse)
async def change_subscription(request: Request, subscriber: SubscriberDep, session: SessionDep) -> HTMLResponse:
    """Answered at once, without another address: a mail program follows none."""
    form = await request.form(max_fields=10, max_files=0)
    is_wanted = form.get("do") == "subscribe"
    if not is_wanted and form.get("do") != "unsubscribe" and form.get("List-Unsubscribe") != "One-Click":
        return _render(
            subscriber.email,
            is_unsubscribed=subscriber.is_unsubscribed,
            line=UnsubscribeRoute.nothing_came,
            status=422,
        )
    await set_subscribed(session, subscriber, is_wanted=is_wanted)
    return _render(subscriber.email, is_unsubscribed=not is_wanted)


def _render(email: str, *, is_unsubscribed: bool, line: Line | None = None, status: int = 200) -> HTMLResponse:
    return respond(
        TEMPLATES,
        "unsubscribe.html",
        status=status,
        title_vi="Thư nhắc và thư tổng hợp",
        title_en="Reminders and summaries",
        line=line or (DECLINED if is_unsubscribed else WANTED),
        is_unsubscribed=is_unsubscribed,
        address=mask_address(email),
    )
