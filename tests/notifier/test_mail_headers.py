"""Subjects and senders arrive letter for letter, whatever commune and days they name; a mail loads nothing."""

import base64
import email
import email.policy
import itertools
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from commune_schemas.notices import NoticeKind, PersonNotice
from commune_schemas.placement_details import PlacementDetails
from hypothesis import given
from hypothesis import strategies as st
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.channels.mail_headers import encode_text
from notifier.channels.mime import write_mime
from notifier.email_content import subject, write_email
from notifier.sample import sample_notice, sample_of_person
from notifier.school_mail import write_mail

from tests.notifier.people import PLACEMENT_KINDS, make_placement

WEEKDAY_SETS = [list(days) for size in range(1, 6) for days in itertools.combinations(range(5), size)]
FROM = "Ban điều phối hỗ trợ chính quyền cấp xã tỉnh Khánh Hòa <khong-tra-loi@truong.example>"


def every_commune_name() -> list[str]:
    """The full names of all communes of the country, from the file that the service itself reads."""
    spec = find_spec("vietnamadminunits")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "data" / "dataset.db"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return [name for (name,) in connection.execute("select distinct ward from admin_units order by ward")]


def notice_about(kind: NoticeKind, commune: str, weekdays: list[int]) -> PersonNotice:
    blank = sample_of_person(kind)
    place = make_placement(weekdays, commune_name=commune)
    shown = {"previous": place} if kind is NoticeKind.PLACEMENT_WITHDRAWN else {"placement": place}
    return blank.model_copy(update=shown)


class Subjects:
    """Of every set of weekdays and of every kind, for one commune after the other."""

    def __init__(self) -> None:
        self._notices: list[PersonNotice] = []
        self._places: list[PlacementDetails | None] = []
        for kind in PLACEMENT_KINDS:
            is_withdrawn = kind is NoticeKind.PLACEMENT_WITHDRAWN  # its subject names no days
            for weekdays in WEEKDAY_SETS[: 1 if is_withdrawn else None]:
                notice = notice_about(kind, "", weekdays)
                self._notices.append(notice)
                self._places.append(notice.previous if is_withdrawn else notice.placement)

    def about(self, commune: str) -> list[str]:
        """The notices are made once and the commune's name put into them: making them takes longer than all else."""
        for place in self._places:
            vars(place)["commune_name"] = commune
        return [subject(notice) for notice in self._notices]


def test_every_subject_of_every_commune_and_weekday_set_arrives_letter_for_letter() -> None:
    subjects = Subjects()
    names = every_commune_name()
    assert len(names) > 2_500
    for number, name in enumerate(names):
        for words in subjects.about(name):
            assert name in words
            folded = f"Subject: {encode_text(words, taken=9)}"
            assert max(len(line) for line in folded.split("\r\n")) <= 78, words
            assert "?==?" not in folded
            parts = re.findall(r"=\?utf-8\?b\?([A-Za-z0-9+/=]+)\?=", folded)
            assert folded == "Subject: " + "\r\n ".join(f"=?utf-8?b?{part}?=" for part in parts)
            assert "".join(base64.b64decode(part).decode() for part in parts) == words
        if number % 40 == 0:  # the standard library's own reader is slow: it is asked about one commune in forty
            assert read_back(words) == words


def read_back(words: str) -> str:
    raw = f"Subject: {encode_text(words, taken=9)}\r\n\r\n".encode()
    return str(email.message_from_bytes(raw, policy=email.policy.default)["Subject"])


@pytest.mark.parametrize("kind", PLACEMENT_KINDS)
@pytest.mark.parametrize("commune", ["Phường Ba Ngòi", "Phường Bắc Nha Trang", "Xã Bản Xèo", "Xã Tây Ninh Hòa"])
def test_the_mail_as_sent_carries_the_subject_of_the_preview(kind: NoticeKind, commune: str) -> None:
    for weekdays in WEEKDAY_SETS:
        notice = notice_about(kind, commune, weekdays)
        preview = write_email(notice, stamped_at=datetime.now(UTC), organizer_email="a@truong.example")
        raw = write_message(Outgoing("ref1@notifier", "nguyet@example.vn", notice), mail_from=FROM)
        headers = raw.partition(b"\r\n\r\n")[0]
        assert max(len(line) for line in headers.split(b"\r\n")) <= 78
        assert b"?==?" not in headers
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert not message.defects
        assert str(message["Subject"]) == preview.subject
        assert str(make_header(decode_header(_raw_header(headers, b"From")))) == FROM
        assert message["From"].addresses[0].addr_spec == "khong-tra-loi@truong.example"


def _raw_header(headers: bytes, name: bytes) -> str:
    unfolded = headers.replace(b"\r\n ", b" ")
    return next(line for line in unfolded.split(b"\r\n") if line.startswith(name)).partition(b": ")[2].decode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300))
def test_whatever_the_words_no_line_is_too_long_and_no_letter_is_cut(words: str) -> None:
    lines = f"Subject: {encode_text(words, taken=9)}".split("\r\n ")
    assert max(len(line) for line in lines) <= 78
    if not words.isascii():
        parts = [line.removeprefix("Subject: ").removeprefix("=?utf-8?b?").removesuffix("?=") for line in lines]
        assert "".join(base64.b64decode(part).decode() for part in parts) == words


class Loading(HTMLParser):
    """What a reader would fetch by itself on showing the page; links are followed by people only."""

    FETCHED = ("src", "srcset", "background", "poster", "data", "action", "xlink:href")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {name}" for name, value in attrs if name in self.FETCHED and value]
        self.fetched += [f"{tag} {value}" for name, value in attrs if name == "href" and tag != "a" and value]


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_the_mail_loads_nothing_from_anywhere(kind: NoticeKind) -> None:
    html = write_mail(sample_notice(kind), stamped_at=datetime.now(UTC), organizer_email="a@truong.example").html
    assert Loading(html).fetched == []
    assert not re.search(r"@import|@font-face|url\s*\(", html)
    outside_links = re.sub(r'<a [^>]*href="[^"]*"', "", html).replace("http://www.w3.org/", "")
    shown = re.sub(r">[^<]*<", "><", outside_links)
    assert not re.search(r"(?:https?:)?//", shown), "an address stands in the markup outside a link's target"


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_each_mail_is_read_as_it_was_written_and_no_line_of_it_is_too_long(kind: NoticeKind) -> None:
    notice = sample_notice(kind)
    outgoing = Outgoing("ref1@notifier", "nguyet@example.vn", notice)
    raw = write_message(outgoing, mail_from=FROM)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[]] * len(list(message.walk()))
    content = write_mail(notice, stamped_at=datetime.now(UTC), organizer_email="khong-tra-loi@truong.example")
    for subtype, wanted in (("plain", content.text), ("html", content.html)):
        body = message.get_body((subtype,))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n").rstrip() == wanted.rstrip()
    attached = [(part.get_content_type(), part.get_param("method")) for part in message.iter_attachments()]
    assert attached == ([("text/calendar", content.calendar_method)] if content.calendar else [])


@pytest.mark.parametrize("value", ["a@example.vn\r\nBcc: thief@example.vn", "a@example.vn\nBcc: x", "a\r\n\r\nb"])
def test_no_header_can_begin_another(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        write_mime([("To", value)], text="a", html="b", attachment=None, mark="m")
