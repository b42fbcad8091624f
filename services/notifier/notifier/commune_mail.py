"""The e-mail to a commune's contact: its need has not come."""

from typing import Any

from commune_schemas.notices import NeedReminderNotice
from commune_schemas.words import clean_line

from notifier.email_content import EmailContent
from notifier.layout import load_layout
from notifier.wording import day_vi


def write_need_reminder(notice: NeedReminderNotice) -> EmailContent:
    values: dict[str, Any] = {
        "subject": f"Nhắc khai nhu cầu: {clean_line(notice.commune_name)}",
        "commune": clean_line(notice.commune_name),
        "contact": clean_line(notice.contact_name),
        "campaign_name": clean_line(notice.campaign_name),
        "from": day_vi(notice.starts_on),
        "to": day_vi(notice.ends_on),
    }
    text, html = load_layout("need_reminder")
    return EmailContent(
        subject=values["subject"], text=text.render(values).strip() + "\n", html=html.render(values), calendar=None
    )
