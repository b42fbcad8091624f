"""The page behind a personal link: what it says in each case, in Vietnamese with English beside, without scripts."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from commune_schemas.notices import WithdrawalCause
from commune_schemas.placement_details import PlacementDetails
from commune_schemas.words import local_phone
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from roster_api.answers.models import Answer
from roster_api.answers.schemas import MyPlacement

WEEKDAYS = (("Thứ Hai", "Mon"), ("Thứ Ba", "Tue"), ("Thứ Tư", "Wed"), ("Thứ Năm", "Thu"), ("Thứ Sáu", "Fri"))
FRAME = Path(__file__).parent / "templates"


def make_templates(*folders: Path) -> Environment:
    """Pages of these folders, in the frame that every page behind a link has."""
    made = Environment(loader=FileSystemLoader([*folders, FRAME]), autoescape=True, undefined=StrictUndefined)
    made.filters["local_phone"] = local_phone
    return made


templates = make_templates()


@dataclass(frozen=True)
class Line:
    """One thing to know, said before the placement. tone: '', 'good' or 'warn'."""

    vi: str
    en: str
    tone: str = ""


ANSWERED = {
    Answer.CONFIRMED: Line("Bạn đã xác nhận sẽ đi. Cảm ơn bạn!", "You have confirmed. Thank you!", "good"),
    Answer.CANNOT_GO: Line(
        "Bạn đã báo không đi được. Trường sẽ liên hệ với bạn.",
        "You have reported that you cannot go. Your school will contact you.",
        "warn",
    ),
}
ASKED = Line("Xin xem phân công dưới đây rồi trả lời.", "Please read your placement below, then answer.")
CHANGED = Line(
    "Phân công của bạn đã thay đổi so với tin nhắn trước; dưới đây là nội dung hiện hành.",
    "Your placement differs from an earlier message; below is what holds now.",
    "warn",
)
WITHDRAWN = {
    WithdrawalCause.CANNOT_GO: Line(
        "Đã ghi nhận bạn không đi được; phân công của bạn đã được gỡ. Cảm ơn bạn đã báo.",
        "We know that you cannot go; your placement is taken off. Thank you for telling us.",
    ),
    WithdrawalCause.LEFT: Line(
        "Đã ghi nhận bạn thôi tham gia; phân công của bạn đã được gỡ. Cảm ơn bạn. Nếu có nhầm lẫn, hãy gọi trường.",
        "We know that you do not take part any more; your placement is taken off. Thank you. If that is wrong, call"
        " your school.",
    ),
    WithdrawalCause.REPLANNED: Line(
        "Phương án hiện hành không còn phân công bạn vì người hỗ trợ được sắp xếp lại giữa các xã. Bạn không cần làm gì"
        " thêm. Cảm ơn bạn đã sẵn lòng tham gia.",
        "The plan now in force no longer places you, for people were arranged anew over the communes. There is nothing"
        " for you to do. Thank you for being ready to help.",
        "warn",
    ),
}
OVER = Line("Đợt huy động này đã kết thúc hoặc chưa mở.", "This campaign is over or not open.")
MOVED_ON = Line(
    "Phân công vừa thay đổi trong lúc bạn xem, câu trả lời chưa được ghi. Hãy xem lại rồi trả lời.",
    "The placement changed while you were looking and nothing was recorded. Look again, then answer.",
    "warn",
)


def render_mine(mine: MyPlacement, *, token: str, status: int = 200, extra: Line | None = None) -> HTMLResponse:
    """The person's page as things stand."""
    lines = [extra] if extra else []
    if mine.placement is None:
        lines.append(WITHDRAWN[mine.withdrawal or WithdrawalCause.REPLANNED])
    else:
        lines += [CHANGED] if mine.changed_since_previous and mine.answer is None else []
        if mine.answer is not None:
            lines.append(ANSWERED[mine.answer])
        else:
            lines.append(ASKED if mine.may_answer else OVER)
    return _respond(
        status=status,
        title_vi="Phân công hỗ trợ xã",
        title_en="Your placement",
        campaign_name=mine.campaign_name,
        full_name=mine.full_name,
        school_name=mine.school_name,
        lines=lines,
        place=mine.placement,
        guidance=mine.guidance,
        calendar_path=f"/a/{token}/calendar.ics",
        data_path=f"/a/{token}/data",
        weekdays=_weekdays(mine.placement),
        may_answer=mine.may_answer,
        answer=mine.answer.value if mine.answer else None,
        told_sha256=mine.told_sha256,
    )


def render_refusal(*, status: int, line: Line, headers: dict[str, str] | None = None) -> HTMLResponse:
    """A page for a link that shows nothing."""
    response = _respond(
        status=status,
        title_vi="Không mở được liên kết",
        title_en="The link cannot be opened",
        campaign_name="",
        full_name="",
        school_name="",
        lines=[line],
        place=None,
        guidance={},
        calendar_path="",
        data_path="",
        weekdays=[],
        may_answer=False,
        answer=None,
        told_sha256=None,
    )
    response.headers.update(headers or {})
    return response


def _weekdays(place: PlacementDetails | None) -> list[dict[str, str]]:
    return [{"vi": WEEKDAYS[day][0], "en": WEEKDAYS[day][1]} for day in (place.weekdays if place else [])]


def _respond(*, status: int, **context: object) -> HTMLResponse:
    return respond(templates, "placement.html", status=status, **context)


def respond(made: Environment, name: str, *, status: int, **context: object) -> HTMLResponse:
    """A page that loads nothing, runs nothing, is kept nowhere and named to nobody."""
    nonce = secrets.token_urlsafe(16)
    html = made.get_template(name).render(nonce=nonce, **context)
    return HTMLResponse(html, status_code=status, headers=headers_of(nonce))


def headers_of(nonce: str) -> dict[str, str]:
    """Of every page behind a personal link: its own style and forms, nothing of anybody else's, kept nowhere."""
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }
