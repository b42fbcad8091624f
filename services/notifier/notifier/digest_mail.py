"""Several notices to one person in one mail: each under a heading of its own, with its button; one calendar file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commune_schemas.notices import AnyNotice, Language
from commune_schemas.words import clean_line

from notifier.email_content import EmailContent
from notifier.layout import load_layout
from notifier.school_mail import write_mail
from notifier.words.blocks import MailBlocks, TextBlock

HEADINGS = {
    Language.VI: "{number} việc anh/chị cần biết hôm nay",
    Language.EN: "{number} things to know today",
}
PHRASES = {
    Language.VI: {"dear": "Kính gửi", "open": "Mở trang của việc này", "automatic": "Thư tự động, xin đừng trả lời."},
    Language.EN: {"dear": "Dear", "open": "Open its page", "automatic": "An automatic mail, please do not reply."},
}
GREETINGS = tuple(phrases["dear"] for phrases in PHRASES.values())
ENDINGS = ("Thư tự động", "An automatic mail")
EVENT, END = b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n"


def write_digest(
    notices: Sequence[AnyNotice],
    *,
    stamped_at: datetime,
    organizer_email: str,
    blocks: Sequence[MailBlocks | TextBlock | None] = (),
) -> EmailContent:
    """In the language of the first. Give it complete notices (wording.find_missing_fields).

    `blocks`: of each notice, the words that people wrote for it; nothing: the built-in ones for all.
    """
    written = [
        write_mail(notice, stamped_at=stamped_at, organizer_email=organizer_email, blocks=its_blocks)
        for notice, its_blocks in zip(notices, blocks or [None] * len(notices), strict=True)
    ]
    language = notices[0].language
    subject = HEADINGS[language].format(number=len(notices))
    values: dict[str, Any] = {
        "subject": subject,
        "language": language.value,
        "name": clean_line(getattr(notices[0], "full_name", "")),
        "phrases": PHRASES[language],
        "parts": [_write_part(notice, content) for notice, content in zip(notices, written, strict=True)],
    }
    text, html = load_layout("digest")
    calendars = [content.calendar for content in written if content.calendar]
    return EmailContent(
        subject=subject,
        text=text.render(values).strip() + "\n",
        html=html.render(values),
        calendar=join_calendars(calendars) if calendars else None,
    )


def join_calendars(calendars: Sequence[bytes]) -> bytes:
    """The first, with the events of the others. All are of one method."""
    events = [calendar[calendar.index(EVENT) : calendar.rindex(END)] for calendar in calendars[1:]]
    return calendars[0][: calendars[0].rindex(END)] + b"".join(events) + END


def _write_part(notice: AnyNotice, content: EmailContent) -> dict[str, Any]:
    paragraphs = _shorten([part.strip() for part in content.text.split("\n\n")])
    url = clean_line(getattr(notice, "answer_url", ""))
    return {
        "heading": content.subject,
        "text": "\n\n".join(paragraphs),
        "paragraphs": [_list_lines(part) for part in paragraphs],
        "url": url if url.startswith(("http://", "https://")) else "",
    }


def _shorten(paragraphs: Sequence[str]) -> list[str]:
    """Without what stands once above and once below: heading, greeting, that the mail is automatic."""
    greeting = next((n for n, part in enumerate(paragraphs) if part.startswith(GREETINGS)), -1)
    kept = (part.removeprefix("--").strip() for part in paragraphs[greeting + 1 :])
    return [part for part in kept if part and not part.startswith(ENDINGS)]


def _list_lines(paragraph: str) -> list[str]:
    """A line that a text part broke for its width goes on."""
    lines: list[str] = []
    for line in paragraph.splitlines():
        if lines and line[:1].islower():
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return lines
