"""A linter over the mails of all kinds, in both languages: what a mail server or a reader could stumble over."""

import email
import email.policy
import re
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from commune_schemas.notices import Language, NoticeKind
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.kinds import RULES, may_be_declined
from notifier.sample import sample_notice

FROM = "Ban điều phối hỗ trợ chính quyền cấp xã <khong-tra-loi@truong.example>"
DECLINED_AT = "https://vidu.example/u/xem-truoc"
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Language")
CLIPPED_BYTES = 100_000
"""A mail longer than that is cut off by some readers."""
VOID = {"meta", "br", "hr", "img", "link", "input"}
WRAPPED = {"'", '"', "“", "”", "(", ")", ".", ",", ";", ":"}


class Markup(HTMLParser):
    """What is shown, whether every element that is opened is closed, and what would be loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.faults += [f"{tag} loads something"] if tag in {"img", "link"} else []
            return
        self.open.append(tag)
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if "display:none" in (given.get("style") or ""):
            self.hidden = len(self.open)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        if self.hidden == len(self.open):
            self.hidden = 0
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden and not {"style", "title"} & set(self.open):
            self.words += data.split()


def write(kind: NoticeKind, language: Language) -> bytes:
    notice = sample_notice(kind).model_copy(update={"language": language})
    declined_at = DECLINED_AT if may_be_declined(kind) else ""
    outgoing = Outgoing("0@notifier.example", "nguoi-mau@example.vn", notice, unsubscribe_url=declined_at)
    return write_message(outgoing, mail_from=FROM)


def list_faults(raw: bytes) -> list[str]:
    """What is wrong with a mail, in words; none for a good one."""
    faults: list[str] = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        faults.append("a line ends without CRLF")
    if not raw.isascii():
        faults.append("octets beyond ASCII, which not every server takes")
    head = raw.partition(b"\r\n\r\n")[0]
    faults += [f"long header line: {line!r}" for line in head.split(b"\r\n") if len(line) > 78]
    faults += [f"long line: {line[:40]!r}" for line in raw.split(b"\r\n") if len(line) > 998]
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    faults += [f"{name} stands {n} times" for name in ONCE if (n := len(message.get_all(name, []))) != 1]
    faults += [f"{part.get_content_type()}: {fault!r}" for part in message.walk() for fault in part.defects]
    faults += [f"{name}: {fault!r}" for name, value in message.items() for fault in getattr(value, "defects", ())]
    if not str(message["Subject"]).strip() or len(str(message["Subject"])) > 150:
        faults.append("no subject, or one that nobody reads to the end")
    if len(raw) > CLIPPED_BYTES:
        faults.append(f"{len(raw)} bytes")
    return faults + _list_faults_of_parts(message)


def _list_faults_of_parts(message: EmailMessage) -> list[str]:
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if kinds[:2] != ["text/plain", "text/html"]:
        return [f"parts are {kinds}: the plainest comes first"]
    plain, rich = (part for part in message.walk() if part.get_content_type() in {"text/plain", "text/html"})
    text, html = str(plain.get_content()), str(rich.get_content())
    markup = Markup()
    markup.feed(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))
    faults = [*markup.faults, *(f"<{tag}> stays open" for tag in markup.open)]
    faults += [f"no {what}" for what in ("<title>", "lang=", "color-scheme", "width=device-width") if what not in html]
    faults += ["a place is not filled in"] if re.search(r"{{|{%|}}", text + html) else []
    loaded = re.search(r"url\(|@import|<script|\bsrc=|\bsrcset=|background=", html)
    faults += [f"loads something: {loaded.group()}"] if loaded else []
    faults += [f"link to {link!r}" for link in markup.links if not re.match(r"https?://|tel:\+?\d|mailto:", link)]
    faults += [f"not in the text part: {link}" for link in markup.links if link.startswith("http") and link not in text]
    said = set(_bare(text.split()))
    missing = [word for word in _bare(markup.words) if any(char.isdigit() for char in word) and word not in said]
    return faults + ([f"facts that the text part lacks: {missing}"] if missing else [])


def _bare(words: list[str]) -> list[str]:
    strip = "".join(WRAPPED)
    return [word.strip(strip).replace("–", "-") for word in words if word.strip(strip)]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", list(RULES))
def test_no_mail_of_any_kind_has_a_fault_of_form(kind: NoticeKind, language: Language) -> None:
    assert list_faults(write(kind, language)) == []


@pytest.mark.parametrize("language", list(Language))
def test_a_mail_of_several_notices_has_no_fault_of_form(language: Language) -> None:
    kinds = (NoticeKind.PLACEMENT_REMINDER, NoticeKind.FIRST_DAY, NoticeKind.INVITATION_REMINDER)
    first, *others = (sample_notice(kind).model_copy(update={"language": language}) for kind in kinds)
    outgoing = Outgoing("0@notifier.example", "nguoi-mau@example.vn", first, others=tuple(others))
    assert list_faults(write_message(outgoing, mail_from=FROM)) == []


def test_the_linter_names_what_is_planted() -> None:
    good = write(NoticeKind.PLACEMENT_ASSIGNED, Language.VI)
    assert list_faults(good) == []
    planted = {
        b"MIME-Version: 1.0\r\n": (b"MIME-Version: 1.0\n", "without CRLF"),
        b"Date: ": (b"Date: x\r\nDate: ", "Date stands 2 times"),
        b"Auto-Submitted: auto-generated\r\n": (b"", "Auto-Submitted stands 0 times"),
        b"</title>": (b"", "stays open"),
        b"<td": (b'<img src=3D"https://x.example/p.gif"><td', "loads something"),
        b"Content-Type: text/plain": (b"Content-Type: text/css", "the plainest comes first"),
        b"Subject: ": (b"Subject: " + b"x" * 90 + b" ", "long header line"),
    }
    for place, (instead, words) in planted.items():
        assert place in good
        faults = " | ".join(list_faults(good.replace(place, instead, 1)))
        assert words in faults, (place, faults)
