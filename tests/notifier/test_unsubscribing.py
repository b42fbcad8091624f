"""Reminders and daily mails can be declined, by one press of a mail program; placements and decisions cannot."""

import email
import email.policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from commune_schemas.notices import Channel, NoticeKind
from notifier import kinds
from notifier.api.schemas import UnreachedFilter
from notifier.api.unreached import list_unreached
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.sample import sample_notice

from tests.notifier.people import CONTACTS, Reached, change_contact, make_notice, make_placement, plan_source
from tests.notifier.test_words import Visible
from tests.notifier.world import World

URL = f"https://phan-cong.khanhhoa.example.vn/u/{'aB-_' * 26}"
DECLINABLE = {
    NoticeKind.PLACEMENT_REMINDER,
    NoticeKind.FIRST_DAY,
    NoticeKind.INVITATION_REMINDER,
    NoticeKind.OFFICE_DIGEST,
    NoticeKind.NEED_REMINDER,
}


def test_reminders_and_daily_mails_alone_may_be_declined() -> None:
    assert {kind for kind in NoticeKind if kinds.may_be_declined(kind)} == DECLINABLE


@pytest.mark.parametrize("kind", sorted(DECLINABLE))
def test_the_mail_has_both_headers_whole_and_a_link_in_text_and_html(kind: NoticeKind) -> None:
    outgoing = Outgoing("ref1@notifier.commune-roster", "a@example.vn", sample_notice(kind), unsubscribe_url=URL)
    raw = write_message(outgoing, mail_from="Sở Nội vụ <so@example.vn>")
    assert f"\r\nList-Unsubscribe: <{URL}>\r\n".encode() in raw, "neither cut nor encoded"
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().count(URL) == 1
    assert html.get_content().count(f'href="{URL}"') == 1
    assert "No more reminders" in Visible(html.get_content()).text


async def test_who_declined_is_reminded_by_no_channel_and_hears_of_placements_all_the_same(world: World) -> None:
    notice = make_notice()
    change_contact(notice, unsubscribe_url=URL, is_unsubscribed=True)
    reminder = notice.model_copy(
        update={"kind": NoticeKind.PLACEMENT_REMINDER, "source": plan_source(uuid4(), 1)},
    )
    await world.prepare(notice)
    await world.prepare(reminder)
    await world.send_all()
    ends = {(row["kind"], row["status"], row["reason_code"]) for row in await world.rows()}
    assert ends == {
        ("placement_assigned", "sent", None),
        ("placement_reminder", "cancelled", "recipient.unsubscribed"),
    }
    (mail,) = world.mail.messages
    assert "List-Unsubscribe" not in mail, "a placement is not declined"
    change_contact(notice, is_unsubscribed=False)
    again = reminder.model_copy(update={"source": plan_source(uuid4(), 1), "placement": make_placement([3])})
    await world.prepare(again)
    await world.send_all()
    assert world.mail.messages[-1]["List-Unsubscribe"] == f"<{URL}>"


async def test_an_office_that_declined_its_daily_mail_stands_on_the_call_list(world: World) -> None:
    digest = sample_notice(NoticeKind.OFFICE_DIGEST)
    digest = digest.model_copy(update={"source": plan_source(uuid4(), 1)})
    CONTACTS[digest.recipient.id] = Reached("xa@example.vn", None, None, is_unsubscribed=True)
    await world.prepare(digest)
    await world.send_all()
    async with world.sessions() as session:
        page = await list_unreached(session, UnreachedFilter())
    assert [(each.kind, [why.reason_code for why in each.why]) for each in page.items] == [
        (NoticeKind.OFFICE_DIGEST, ["recipient.unsubscribed"])
    ]
    assert await world.statuses(Channel.EMAIL) == ["cancelled"]
