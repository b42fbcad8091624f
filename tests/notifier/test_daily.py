"""One mail a person a day for what is not urgent: together where it is due together, and the next morning otherwise."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import icalendar
from commune_schemas.notices import Channel, Language, NoticeKind, PersonNotice
from commune_stack.faults import MailRule
from notifier.bounces import take_mail
from notifier.digest_mail import write_digest
from notifier.kinds import DAILY, is_urgent

from tests.notifier.bounced_mails import status_notification
from tests.notifier.people import change_contact, make_notice, make_placement
from tests.notifier.world import World

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DECLINED_AT = "https://vidu.example/u/mot"
PERSON = UUID(int=7)


def remind(commune: str, *, person: UUID = PERSON, **changes: Any) -> PersonNotice:
    """Of one of several campaigns, each with a thread of its own."""
    facts: dict[str, Any] = {
        "kind": NoticeKind.PLACEMENT_REMINDER,
        "plan_id": uuid4(),
        "calendar_uid": f"{commune}/{person}",
        "placement": make_placement(commune_name=commune),
        "phone": None,
    }
    notice = make_notice(volunteer_id=person, **{**facts, **changes})
    change_contact(notice, unsubscribe_url=DECLINED_AT)
    return notice


async def mails_of(world: World) -> list[dict[str, Any]]:
    query = "select status, reason_code, next_attempt_at, reference, sent_at from notifier.messages"
    return await world.rows(f"{query} where channel = 'email' order by created_at, id")


async def test_what_is_due_together_goes_in_one_mail_and_each_message_says_that_it_was_sent(world: World) -> None:
    await world.prepare(remind("Xã Một"))
    await world.prepare(remind("Xã Hai"))
    await world.prepare(remind("Xã Ba", person=uuid4()))
    await world.send_all()
    assert [row["status"] for row in await mails_of(world)] == ["sent"] * 3
    both, single = sorted(world.mail.messages, key=lambda mail: len(str(mail["Subject"])))
    if "Xã Ba" in str(both["Subject"]):
        both, single = single, both
    assert str(both["Subject"]) == "2 việc anh/chị cần biết hôm nay"
    assert "Xã Ba" in str(single["Subject"])
    text = both.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert all(commune in text for commune in ("Xã Một", "Xã Hai"))
    assert DECLINED_AT in str(both["List-Unsubscribe"])
    (calendar,) = [part.get_content() for part in both.iter_attachments()]
    events = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    assert {str(event["UID"]) for event in events} == {f"Xã Một/{PERSON}", f"Xã Hai/{PERSON}"}
    tries = await world.rows(
        "select a.reference from notifier.attempts a join notifier.messages m on m.id = a.message_id"
        " where m.recipient_id = :p and m.channel = 'email'",
        p=str(PERSON),
    )
    assert {row["reference"] for row in tries} == {str(both["Message-ID"]).strip("<>")}, "a bounce finds both"


async def test_what_comes_later_that_day_waits_for_the_morning_unless_it_is_urgent(world: World) -> None:
    await world.prepare(remind("Xã Một"))
    await world.send_all()
    await world.prepare(remind("Xã Hai"))
    await world.prepare(remind("Xã Ba", kind=NoticeKind.PLACEMENT_CHANGED, previous=make_placement()))
    await world.send_all()
    rows = await mails_of(world)
    assert sorted(row["status"] for row in rows) == ["pending", "sent", "sent"]
    (waiting,) = [row for row in rows if row["status"] == "pending"]
    assert waiting["reason_code"] == "digest.tomorrow"
    morning = waiting["next_attempt_at"].astimezone(VIETNAM)
    tomorrow = datetime.now(VIETNAM).date() + timedelta(days=1)
    assert morning.date() in {tomorrow, tomorrow - timedelta(days=1)}, "the day may end during this test"
    assert abs(datetime.combine(morning.date(), time(7, 30), VIETNAM) - morning) < timedelta(minutes=1)
    assert any("Thay đổi" in str(mail["Subject"]) for mail in world.mail.messages)


async def test_a_first_day_that_is_tomorrow_does_not_wait_for_the_morning(world: World) -> None:
    await world.prepare(remind("Xã Một"))
    await world.send_all()
    tomorrow = datetime.now(VIETNAM).date() + timedelta(days=1)
    place = make_placement(commune_name="Xã Hai", dates=[tomorrow, tomorrow + timedelta(days=7)])
    await world.prepare(remind("Xã Hai", kind=NoticeKind.FIRST_DAY, placement=place))
    await world.send_all()
    assert [row["status"] for row in await mails_of(world)] == ["sent", "sent"]


async def test_of_two_senders_the_second_takes_what_the_first_has_not_begun(world: World) -> None:
    first, second = (world.sender(Channel.EMAIL, worker=name) for name in ("one", "two"))
    await world.prepare(remind("Xã Một"))
    first._held = await first._claim()
    assert len(first._held) == 1
    await world.prepare(remind("Xã Hai"))
    assert await second.send_due() == 2
    assert await first._find_contacts()
    await first._send_one(first._held[0])
    await first._ledger.close()
    (mail,) = world.mail.messages
    assert str(mail["Subject"]).startswith("2 việc")
    assert [row["status"] for row in await mails_of(world)] == ["sent", "sent"]


async def test_senders_at_once_send_a_person_one_mail(world: World) -> None:
    people = [uuid4() for _ in range(6)]
    for commune in ("Xã Một", "Xã Hai", "Xã Ba"):
        await world.prepare(*(remind(commune, person=person, plan_id=UUID(int=len(commune))) for person in people))
    senders = [world.sender(Channel.EMAIL, worker=f"w{n}", notifier_batch=2) for n in range(3)]

    async def send(number: int) -> None:
        while await senders[number].send_due():
            pass

    await asyncio.gather(*(send(number) for number in range(3)))
    told = [str(mail["To"]) + str(mail["Message-ID"]) for mail in world.mail.messages]
    assert len(told) == len(people)
    statuses = [row["status"] for row in await mails_of(world)]
    assert set(statuses) <= {"sent", "pending"}, "what one had begun alone leaves the rest for the morning"


async def test_a_mail_of_which_nobody_knows_leaves_all_that_was_in_it_in_doubt(world: World) -> None:
    await world.mail.script([MailRule(action="drop_after_taking", times=1)])
    await world.prepare(remind("Xã Một"))
    await world.prepare(remind("Xã Hai"))
    await world.send_all()
    assert [row["status"] for row in await mails_of(world)] == ["unknown", "unknown"]
    assert len(world.mail.messages) == 1


async def test_a_mail_that_comes_back_fails_all_that_was_in_it(world: World) -> None:
    await world.prepare(remind("Xã Một"))
    await world.prepare(remind("Xã Hai"))
    await world.send_all()
    (mail,) = world.mail.messages
    report = status_notification(str(mail["Message-ID"]).strip("<>"), status="5.1.1")
    async with world.sessions.begin() as session:
        assert await take_mail(session, report) == "returned"
    assert [row["status"] for row in await mails_of(world)] == ["failed", "failed"]


def test_what_is_urgent_never_waits() -> None:
    assert DAILY
    assert not any(is_urgent(kind) for kind in DAILY)


def test_a_digest_is_in_its_readers_language_and_complete_as_text() -> None:
    notices = [remind("Xã Một", language=Language.EN), remind("Xã Hai", language=Language.EN)]
    content = write_digest(notices, stamped_at=datetime(2026, 1, 1, tzinfo=UTC), organizer_email="a@example.vn")
    assert content.subject == "2 things to know today"
    for words in ("Xã Một", "Xã Hai", notices[0].answer_url, "Monday"):
        assert words in content.text
        assert words in content.html
    assert content.text.count("Dear") == content.text.count("automatic") == 1
