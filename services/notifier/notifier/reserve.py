"""The words to who volunteered and is placed nowhere: thanks, held in reserve by which school, whom to ask."""

from typing import Any

from commune_schemas.notices import ReserveNotice
from commune_schemas.words import clean_line, local_phone

from notifier.email_content import EmailContent
from notifier.gsm7 import without_accents, without_links
from notifier.layout import load_layout
from notifier.wording import day_vi

LONGEST_NAMES = (1000, 60, 40, 24)


def write_reserve_mail(notice: ReserveNotice) -> EmailContent:
    """No calendar: there is no day to keep yet."""
    values = _values(notice)
    text, html = load_layout("reserve")
    return EmailContent(
        subject=values["subject"], text=text.render(values).strip() + "\n", html=html.render(values), calendar=None
    )


def reserve_texts(notice: ReserveNotice) -> list[str]:
    """The text message without accents, from the fullest form to the tersest."""
    values = _values(notice)

    def write(longest: int, *, asks: bool) -> str:
        whom = f" Hoi: {values['contact']}" if asks and values["contact"] else ""
        words = (
            f"CAM ON anh/chi da dang ky. Anh/chi chua co phan cong; {values['school_name'][:longest]} giu ten anh/chi"
            f" du bi den {values['to']}. Chi den xa khi co tin phan cong.{whom}"
        )
        return without_links(clean_line(without_accents(words)))

    return [*(write(longest, asks=True) for longest in LONGEST_NAMES), write(LONGEST_NAMES[-1], asks=False)]


def _values(notice: ReserveNotice) -> dict[str, Any]:
    name, phone = clean_line(notice.school_contact.name), local_phone(clean_line(notice.school_contact.phone))
    school, until = clean_line(notice.school_name), day_vi(notice.ends_on)
    return {
        "subject": f"Cảm ơn anh/chị đã đăng ký; {school} giữ tên anh/chị dự bị",
        "name": clean_line(notice.full_name),
        "school_name": school,
        "campaign_name": clean_line(notice.campaign_name),
        "from": day_vi(notice.starts_on),
        "to": until,
        "contact": ", ".join(part for part in (name, phone) if part),
        "english": f"Thank you for volunteering. You have no placement for now; {school} holds you in reserve until"
        f" {until} (day/month/year). You come first when somebody drops out. Go nowhere before you are told where.",
    }
