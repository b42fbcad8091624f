"""The words to whom a school's list says too little of: who asks, what for, by which link, until when, whom to ask."""

from typing import Any

from commune_schemas.notices import InvitationNotice, NoticeKind
from commune_schemas.words import clean_line, local_phone

from notifier.email_content import EmailContent
from notifier.gsm7 import is_plain_link, without_accents, without_links
from notifier.layout import load_layout
from notifier.wording import day_vi

LONGEST_NAMES = (1000, 60, 40, 24)
SMS_HEADS = {NoticeKind.INVITATION: "MOI KHAI NGAY RANH", NoticeKind.INVITATION_REMINDER: "NHAC KHAI NGAY RANH"}


def write_invitation_mail(notice: InvitationNotice) -> EmailContent:
    """Give it complete notices (wording.find_missing_fields). No calendar: there is no day to keep yet."""
    values = _values(notice)
    text, html = load_layout("invitation")
    return EmailContent(
        subject=values["subject"], text=text.render(values).strip() + "\n", html=html.render(values), calendar=None
    )


def invitation_texts(notice: InvitationNotice) -> list[str]:
    """The text message without accents, from the fullest form to the tersest; the link whole in each that has it."""
    values = _values(notice)
    link = notice.answer_url if is_plain_link(notice.answer_url) else ""

    def write(longest: int, *, asks: bool) -> str:
        school = _plain(values["school_name"])[:longest]
        whom = f" Hoi: {_plain(values['contact'])}" if asks and values["contact"] else ""
        where = f": {link}" if link else " theo lien ket trong email"
        head = f"{SMS_HEADS[notice.kind]}. {school} ghi ten anh/chi ho tro xa. Xin khai ngay ranh, linh vuc"
        return f"{head}{where} (den {values['until']}).{whom}"

    return [*(write(longest, asks=True) for longest in LONGEST_NAMES), write(LONGEST_NAMES[-1], asks=False)]


def _plain(text: str) -> str:
    return without_links(clean_line(without_accents(text)))


def _values(notice: InvitationNotice) -> dict[str, Any]:
    name, phone = clean_line(notice.school_contact.name), local_phone(clean_line(notice.school_contact.phone))
    school, until = clean_line(notice.school_name), day_vi(notice.open_until)
    is_reminder = notice.kind is NoticeKind.INVITATION_REMINDER
    url = clean_line(notice.answer_url)
    return {
        "subject": f"{'Nhắc: ' if is_reminder else ''}{school} mời anh/chị khai ngày rảnh để hỗ trợ xã",
        "name": clean_line(notice.full_name),
        "school_name": school,
        "is_reminder": is_reminder,
        "until": until,
        "url": url if url.startswith(("http://", "https://")) else "",
        "contact": ", ".join(part for part in (name, phone) if part),
        "english": f"{school} put your name down to support a commune. Please say which days you are free, what you can"
        f" do and how far you can go, by the link, until {until} (day/month/year). Or say there that you take no part.",
    }
