"""The e-mail made of blocks: one layout with heading, text, a table of facts and one button."""

from datetime import datetime
from typing import Any

from commune_schemas.notices import InvitationNotice, Language, PersonNotice
from commune_schemas.words import clean_line

from notifier.calendar import write_calendar
from notifier.email_content import EmailContent
from notifier.layout import load_layout
from notifier.words.blocks import MailBlocks, fill_mail, is_cancelled
from notifier.words.facts import EditableNotice, list_rows
from notifier.words.office_facts import OfficeNotice, about_of, addressee_of

COLOUR, GRAVE = "#14557b", "#3e4c59"
PHRASES = {
    Language.VI: {
        "dear": "Kính gửi",
        "answer": "Xác nhận hoặc báo bận",
        "tell": "Khai ngày rảnh",
        "automatic": "Thư tự động, xin đừng trả lời; có việc cần hỏi hãy gọi người liên hệ ở trên. Thư không theo dõi"
        " việc mở thư hay bấm liên kết.",
    },
    Language.EN: {
        "dear": "Dear",
        "answer": "Confirm, or say that you cannot go",
        "tell": "Say which days you are free",
        "automatic": "An automatic mail, please do not reply; for questions, telephone one of the contacts above."
        " Opening it or following its link is not tracked.",
    },
}


AUTOMATIC = {
    Language.VI: "Thư tự động, xin đừng trả lời.",
    Language.EN: "An automatic mail, please do not reply.",
}
"""To an office, and about a secondment: a contact does not always stand above."""


def write_block_mail(
    blocks: MailBlocks, notice: EditableNotice, *, language: Language, stamped_at: datetime, organizer_email: str
) -> EmailContent:
    """Give it complete notices (wording.find_missing_fields). BlockError where a block cannot be filled in."""
    filled = fill_mail(blocks, notice, language)
    values: dict[str, Any] = {
        "language": language.value,
        "subject": clean_line(filled["subject"]),
        "heading": clean_line(filled["heading"]),
        "opening": _paragraphs(filled["opening"]),
        "closing": _paragraphs(filled["closing"]),
        **_head_of(notice),
        "rows": list_rows(notice, language),
        "colour": GRAVE if is_cancelled(notice) else COLOUR,
        "phrases": PHRASES[language] | ({"automatic": AUTOMATIC[language]} if isinstance(notice, OfficeNotice) else {}),
        "button": PHRASES[language]["tell" if isinstance(notice, InvitationNotice) else "answer"],
        "url": _link_of(notice),
    }
    text, html = load_layout("blocks")
    calendar = None
    if isinstance(notice, PersonNotice):
        calendar = write_calendar(notice, stamped_at=stamped_at, organizer_email=organizer_email)
    return EmailContent(
        subject=values["subject"],
        text=text.render(values).strip() + "\n",
        html=html.render(values),
        calendar=calendar,
        calendar_method="CANCEL" if is_cancelled(notice) else "PUBLISH",
    )


def _head_of(notice: EditableNotice) -> dict[str, str]:
    """What stands above the heading, and whom the mail greets."""
    if isinstance(notice, OfficeNotice):
        return {"campaign_name": about_of(notice), "full_name": addressee_of(notice), "school_name": ""}
    return {
        "campaign_name": clean_line(getattr(notice, "campaign_name", notice.school_name)),
        "full_name": clean_line(notice.full_name),
        "school_name": clean_line(notice.school_name),
    }


def _paragraphs(text: str) -> list[str]:
    return [line for part in text.split("\n\n") if (line := clean_line(part))]


def _link_of(notice: EditableNotice) -> str:
    """Only a web address may stand behind the button; none where there is nothing to answer."""
    url = clean_line(getattr(notice, "answer_url", ""))
    return "" if is_cancelled(notice) or not url.startswith(("http://", "https://")) else url
