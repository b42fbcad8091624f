"""What people read: e-mail, calendar file and SMS name the right facts, and let nobody's name become markup."""

import email
import email.policy
import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import ics
import pytest
from commune_schemas.days import AbsenceKind, DayOffKind, LostDate
from commune_schemas.notices import NoticeKind, PersonNotice, WithdrawalCause
from commune_schemas.placement_details import Contact
from dateutil.rrule import rruleset, rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from notifier.calendar import write_calendar
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.gsm7 import count_segments, is_gsm7
from notifier.sms_text import write_sms
from notifier.wording import find_missing_fields

from tests.notifier.people import PLACEMENT_KINDS, make_notice, make_placement

FROM = "Điều phối hỗ trợ xã <khong-tra-loi@truong.example>"
OLD = make_placement([1, 3], commune_name="Xã Khánh Sơn", commune_code="22700")


def notice_of(kind: NoticeKind, **changes: Any) -> PersonNotice:
    facts: dict[str, Any] = {"kind": kind, "calendar_sequence": 3, "calendar_uid": "u1@commune-roster"}
    if kind in (NoticeKind.PLACEMENT_CHANGED, NoticeKind.PLACEMENT_WITHDRAWN):
        facts["previous"] = OLD
    if kind is NoticeKind.PLACEMENT_WITHDRAWN:
        facts["placement"] = None
    return make_notice(**{**facts, **changes})


def written(notice: PersonNotice) -> EmailMessage:
    """As a mail reader gets it: through bytes."""
    outgoing = Outgoing("ref1@notifier.commune-roster", "nguyet@example.vn", notice)
    content = write_message(outgoing, mail_from=FROM)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


class Visible(HTMLParser):
    """The words of a page and where its links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def calendar_of(message: EmailMessage) -> bytes:
    (attachment,) = message.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    return bytes(attachment.get_payload(decode=True))


@pytest.mark.parametrize("kind", PLACEMENT_KINDS)
def test_text_and_html_name_everything_the_person_must_know(kind: NoticeKind) -> None:
    notice = notice_of(kind)
    message = written(notice)
    shown = notice.placement or OLD
    page = Visible(part(message, "html"))
    for words in (" ".join(part(message, "plain").split()), page.text):
        for fact in (shown.commune_name, shown.office_address, "Cao Thị Hạnh", "0905 123 456", "Lê Quốc Đạt"):
            assert fact in words, fact
        for weekday in {0: ("Thứ Hai", "Thứ Tư"), 1: ("Thứ Ba", "Thứ Năm")}[shown.weekdays[0]]:
            assert weekday in words
        for day in shown.dates:
            assert f"{day:%d/%m}" in words
        assert (notice.answer_url in words) == (kind is not NoticeKind.PLACEMENT_WITHDRAWN)
    assert (notice.answer_url in page.links) == (kind is not NoticeKind.PLACEMENT_WITHDRAWN)
    assert message["Message-ID"] == "<ref1@notifier.commune-roster>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_what_falls_out_of_the_weekly_pattern_is_said_and_nothing_in_it_becomes_markup() -> None:
    closed = LostDate(
        on=date(2025, 12, 3), reason=DayOffKind.CLOSED, vi="03/12/2025 nghỉ (<b>bão</b>)", en="03/12/2025 closed"
    )
    exam = LostDate(
        on=date(2025, 12, 10),
        reason=AbsenceKind.EXAM,
        vi="10/12/2025 bận thi, làm bù ngày 12/12/2025",
        en="10/12/2025 exams, made up on 12/12/2025",
        made_up_on=date(2025, 12, 12),
    )
    message = written(make_notice(placement=make_placement(lost=[closed, exam])))
    html = part(message, "html")
    for words in (" ".join(part(message, "plain").split()), Visible(html).text):
        assert "Ngoại lệ: 03/12/2025 nghỉ (<b>bão</b>) 10/12/2025 bận thi, làm bù ngày 12/12/2025" in words
        assert "Except: 03/12/2025 closed; 10/12/2025 exams, made up on 12/12/2025." in words
    assert "<b>bão" not in html
    assert "Ngoại lệ" not in part(written(make_notice()), "plain")


@pytest.mark.parametrize("cause", [None, *WithdrawalCause])
def test_a_withdrawal_says_why_and_thanks_and_ones_own_doing_is_acknowledged(cause: WithdrawalCause | None) -> None:
    notice = notice_of(NoticeKind.PLACEMENT_WITHDRAWN, withdrawal=cause)
    message = written(notice)
    mail = " ".join(part(message, "plain").split())
    everything = (mail, Visible(part(message, "html")).text, write_sms(notice), str(message["Subject"]))
    for words in everything[:2]:
        assert "Cảm ơn anh/chị" in words
        assert "Thank you" in words
    assert "Cam on" in everything[2]
    why = {
        WithdrawalCause.CANNOT_GO: ("đã nhận được báo của anh/chị: không đi được", "khong di duoc"),
        WithdrawalCause.LEFT: ("Chúng tôi đã được báo anh/chị thôi tham gia", "thoi tham gia"),
    }.get(cause or WithdrawalCause.REPLANNED, ("Lý do: phương án mới sắp xếp lại", "phuong an sap xep lai"))
    assert why[0] in mail
    assert why[0] in everything[1]
    assert why[1] in everything[2]
    if cause in (WithdrawalCause.CANNOT_GO, WithdrawalCause.LEFT):
        assert str(message["Subject"]).startswith("Đã ghi nhận: anh/chị")
        for words in everything:
            assert "HUY PHAN CONG" not in words
            assert "rút phân công" not in words.lower()
            assert "withdrawn" not in words


def test_a_change_of_days_alone_says_which_days() -> None:
    old = make_placement(dates=[date(2025, 12, 1), date(2025, 12, 3)])
    new = make_placement(dates=[date(2025, 12, 1), date(2025, 12, 5)])
    message = written(notice_of(NoticeKind.PLACEMENT_CHANGED, placement=new, previous=old))
    for words in (" ".join(part(message, "plain").split()), Visible(part(message, "html")).text):
        assert "Thôi ngày: 03/12/2025 Thêm ngày: 05/12/2025" in words
    assert "Thôi ngày" not in part(written(notice_of(NoticeKind.PLACEMENT_CHANGED)), "plain"), "another commune"


@pytest.mark.parametrize("kind", PLACEMENT_KINDS)
def test_the_calendar_file_is_good_by_two_libraries_and_has_exactly_the_plans_days(kind: NoticeKind) -> None:
    notice = notice_of(kind)
    shown = notice.placement or OLD
    content = calendar_of(written(notice))
    calendar = Calendar.from_ical(content.decode())
    event: Any
    (event,) = calendar.walk("VEVENT")
    is_withdrawn = kind is NoticeKind.PLACEMENT_WITHDRAWN
    assert (calendar["METHOD"], event["STATUS"]) == (
        ("CANCEL", "CANCELLED") if is_withdrawn else ("PUBLISH", "CONFIRMED")
    )
    assert (event["UID"], event["SEQUENCE"]) == ("u1@commune-roster", 3)
    assert calendar.walk("VTIMEZONE")
    (other,) = ics.Calendar(content.decode()).events
    assert (other.uid, other.begin.date()) == ("u1@commune-roster", shown.dates[0])
    assert days_of(content) == shown.dates


def days_of(content: bytes) -> list[date]:
    """The rule unrolled by dateutil: neither library's own reading."""
    event: Any
    (event,) = Calendar.from_ical(content.decode()).walk("VEVENT")
    start: Any = event["DTSTART"].dt
    assert (start.tzname(), f"{start:%H:%M}") == ("+07", "07:30")
    if "RRULE" not in event:
        return [start.date()]
    days = rruleset()
    days.rrule(rrulestr(event["RRULE"].to_ical().decode(), dtstart=start))  # type: ignore[arg-type]
    left_out: Any = event.get("EXDATE", [])
    for group in left_out if isinstance(left_out, list) else [left_out]:
        for item in group.dts:
            days.exdate(item.dt)
    return [day.date() for day in days]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 40), min_size=1, max_size=20))
def test_whatever_days_are_left_out_the_calendar_has_the_same_days(numbers: set[int]) -> None:
    weekdays = make_placement([0, 1, 2, 3, 4], dates=[])
    possible = [date(2025, 12, 22) + timedelta(days=number) for number in range(60)]
    workdays = [day for day in possible if day.weekday() < 5]
    dates = [workdays[number] for number in sorted(numbers)]
    placement = weekdays.model_copy(update={"dates": dates, "weekdays": sorted({day.weekday() for day in dates})})
    content = write_calendar(make_notice(placement=placement), stamped_at=datetime.now(UTC), organizer_email="a@b.vn")
    assert days_of(content) == dates
    exceptions = [line for line in content.decode().split("\r\n") if line.startswith("EXDATE")]
    assert not [line for line in exceptions if "," in line], "some calendars read only the first of a list"


def test_line_breaks_in_names_add_no_headers_and_no_calendar_lines() -> None:
    evil = "Nguyễn\r\nBcc: thief@example.vn\r\n\r\nX"
    placement = make_placement(
        commune_name=f"Xã {evil}", commune_contact=Contact(name=evil, phone="+84905123456", email=None)
    )
    message = written(
        make_notice(full_name=evil, school_name=evil, campaign_name=evil, placement=placement, calendar_uid="u1\r\nX:1")
    )
    assert message["Bcc"] is None
    assert len(message.get_all("To", [])) == 1
    lines = calendar_of(message).replace(b"\r\n ", b"").split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"Bcc", b"X:1"))]


def test_markup_in_names_is_shown_as_text() -> None:
    name = '<script>alert(1)</script> & "Co" {{ 7*7 }}'
    placement = make_placement(commune_name=name)
    page = Visible(part(written(make_notice(full_name=name, placement=placement)), "html"))
    assert "script" not in page.tags
    assert page.text.count('<script>alert(1)</script> & "Co" {{ 7*7 }}') >= 2


def test_only_a_web_address_stands_behind_the_button() -> None:
    page = Visible(part(written(make_notice(answer_url="javascript:alert(1)")), "html"))
    assert not [link for link in page.links if link.startswith("javascript")]


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
names = st.one_of(
    words,
    st.sampled_from(["Nguyễn Thị Ánh Nguyệt", "Xã Tây Khánh Vĩnh", "Đặc khu Trường Sa", "€" * 50, "Trường " * 30]),
)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(PLACEMENT_KINDS),
    commune=names,
    school=names,
    contact=names,
    link=st.sampled_from([10, 60, 120, 200, 290]),
)
def test_an_sms_is_always_gsm7_in_two_segments_and_never_cuts_a_link(
    kind: NoticeKind, commune: str, school: str, contact: str, link: int
) -> None:
    url = "http://127.0.0.1:8000/a/" + "x" * link
    facts: dict[str, Any] = {"commune_name": commune, "commune_contact": Contact(name=contact, phone="+84905123456")}
    changes: dict[str, Any] = {"school_name": school, "answer_url": url, "previous": None}
    if kind is not NoticeKind.PLACEMENT_WITHDRAWN:
        changes["placement"] = make_placement(**facts)
    if kind is not NoticeKind.PLACEMENT_ASSIGNED:
        changes["previous"] = make_placement([1], **facts)
    notice = notice_of(kind, **changes)
    if find_missing_fields(notice):
        return
    text = write_sms(notice)
    assert is_gsm7(text)
    assert count_segments(text) <= 2
    assert "\n" not in text
    assert url in text or "127.0.0.1" not in text
    assert "Thu " in text


@pytest.mark.parametrize("name", ["Nhận quà evil.cóm", "Quà ｅｖｉｌ.ｃｏｍ", "Quà evil.cʼom", "TS.Lý Thị Hoa"])
def test_no_name_becomes_a_link_in_a_text_message(name: str) -> None:
    contact = Contact(name=name, phone="+84950123456", email=None)
    text = write_sms(make_notice(school_name=name, placement=make_placement(commune_contact=contact)))
    assert not re.search(r"\.[A-Za-z]", text.split(" Xac nhan")[0]), text


def test_the_same_notice_always_gives_the_same_sms() -> None:
    notice = make_notice()
    assert write_sms(notice) == write_sms(notice)
    assert "Xa Tay Khanh Vinh" in write_sms(notice)
    assert "Thu 2,4" in write_sms(notice)
