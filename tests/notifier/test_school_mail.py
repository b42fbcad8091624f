"""What a school's contact reads when one of its people cannot go, and what the silent are reminded with."""

import email
import email.policy
from datetime import UTC, datetime
from uuid import UUID, uuid4

from commune_schemas.notices import (
    CannotGoNotice,
    Channel,
    NoticeKind,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
    StandIn,
)
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.sample import sample_notice
from notifier.school_mail import write_mail
from notifier.sms_text import write_sms

from tests.notifier.people import CONTACTS, Reached, make_notice, make_placement
from tests.notifier.world import World

ANSWER = UUID("00000000-0000-4000-8000-00000000000a")


def cannot_go(stand_ins: list[StandIn] | None, *, reason: str = "Trùng lịch thi") -> CannotGoNotice:
    school = "00000000-0000-4000-8000-00000000000b"
    CONTACTS[school] = Reached("dao-tao@truong.example", "+842583822222", None)
    return CannotGoNotice(
        source=Source(kind=SourceKind.ANSWER, id=ANSWER, version=1 if stand_ins is None else 2),
        recipient=Recipient(kind=RecipientKind.SCHOOL, id=school),
        kind=NoticeKind.PERSON_CANNOT_GO,
        thread=f"answer/{ANSWER}",
        school_name="Trường Đại học Khánh Hòa",
        commune_code="22615",
        full_name="Nguyễn Thị Ánh Nguyệt",
        campaign_name="Đợt 1",
        reason=reason,
        placement=make_placement(),
        stand_ins=stand_ins,
    )


STAND_INS = [
    StandIn(people="Lê Cẩm Châu", weekdays=[0, 2], unmet_days=0, travel_km=12),
    StandIn(people="", weekdays=[], unmet_days=2, travel_km=-40),
]


def words_of(notice: CannotGoNotice) -> list[str]:
    mail = write_mail(notice, stamped_at=datetime.now(UTC), organizer_email="a@truong.example")
    assert mail.calendar is None
    return [" ".join(mail.text.split()), mail.html]


def test_the_contact_reads_who_where_when_why_and_who_could_step_in_best_first() -> None:
    for words in words_of(cannot_go(STAND_INS, reason="<b>Ốm</b>\r\nBcc: x@y.example")):
        for fact in ("Nguyễn Thị Ánh Nguyệt", "Xã Tây Khánh Vĩnh", "Thứ Hai, Thứ Tư", "0905 123 456"):
            assert fact in words
        first, second = words.index("1. Lê Cẩm Châu: Thứ Hai, Thứ Tư"), words.index("2. Những người còn lại")
        assert first < second
    text, html = words_of(cannot_go(STAND_INS, reason="<b>Ốm</b>"))
    assert "<b>Ốm" not in html
    assert "<b>Ốm</b>" in text
    for words in words_of(cannot_go(None)):
        assert "đang tính ai có thể thay" in words
    for words in words_of(cannot_go([])):
        assert "chưa tìm được ai" in words


async def test_the_school_is_told_once_by_mail_and_never_by_text_and_the_fuller_word_overtakes(world: World) -> None:
    await world.prepare(cannot_go(None))
    await world.prepare(cannot_go(None))
    assert await world.statuses() == ["pending"]
    await world.prepare(cannot_go(STAND_INS))
    await world.send_all()
    assert sorted(await world.statuses()) == ["cancelled", "sent"]
    assert world.sms.texts == []
    (mail,) = world.mail.messages
    assert mail["To"] == "dao-tao@truong.example"
    assert mail["Subject"] == "Người có thể thay Nguyễn Thị Ánh Nguyệt ở Xã Tây Khánh Vĩnh"
    assert not list(mail.iter_attachments())


def test_the_headers_of_a_schools_mail_are_whole() -> None:
    outgoing = Outgoing("ref1@notifier", "dao-tao@truong.example", cannot_go(None))
    raw = write_message(outgoing, mail_from="Điều phối <a@truong.example>")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["Subject"] == "Nguyễn Thị Ánh Nguyệt báo không đi được Xã Tây Khánh Vĩnh"


async def test_a_reminder_is_sent_though_the_person_was_told_the_same_before(world: World) -> None:
    first = make_notice(plan_version=1)
    await world.prepare(first)
    await world.send_all()
    reminder = first.model_copy(
        update={
            "source": Source(kind=SourceKind.REMINDER, id=uuid4(), version=1),
            "kind": NoticeKind.PLACEMENT_REMINDER,
        }
    )
    await world.prepare(reminder)
    await world.prepare(reminder)
    await world.send_all()
    assert await world.statuses(Channel.SMS) == ["sent", "sent"]
    assert world.sms.texts[-1].text.startswith("NHAC TRA LOI PHAN CONG: Xa Tay Khanh Vinh")
    assert world.sms.texts[-1].text == write_sms(reminder)
    assert world.mail.messages[-1]["Subject"] == "Xin trả lời: phân công hỗ trợ Xã Tây Khánh Vĩnh, Thứ Hai, Thứ Tư"


async def test_a_reminder_not_sent_yet_is_dropped_when_a_newer_plan_says_otherwise(world: World) -> None:
    first = make_notice(plan_version=1)
    await world.prepare(first)
    await world.send_all()
    source = Source(kind=SourceKind.REMINDER, id=uuid4(), version=1)
    await world.prepare(first.model_copy(update={"source": source, "kind": NoticeKind.PLACEMENT_REMINDER}))
    newer = make_notice(
        plan_id=uuid4(),
        plan_version=2,
        volunteer_id=UUID(first.recipient.id),
        kind=NoticeKind.PLACEMENT_CHANGED,
        placement=make_placement([1]),
        previous=first.placement,
    )
    await world.prepare(newer)
    await world.send_all()
    assert sorted(await world.statuses(Channel.SMS)) == ["cancelled", "sent", "sent"]
    assert world.sms.texts[-1].text.startswith("THAY DOI PHAN CONG")


def test_a_commune_reads_that_its_need_has_not_come_and_what_to_send() -> None:
    notice = sample_notice(NoticeKind.NEED_REMINDER)
    mail = write_mail(notice, stamped_at=datetime.now(UTC), organizer_email="a@truong.example")
    assert (mail.subject, mail.calendar) == ("Nhắc khai nhu cầu: Xã Tây Khánh Vĩnh", None)
    for words in (" ".join(mail.text.split()), mail.html):
        for fact in ("Cán bộ Mẫu", "chưa nhận được nhu cầu", "07/12/2026", "06/01/2027"):
            assert fact in words
