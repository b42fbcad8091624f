"""The e-mail to a commune's contact: its need has not come."""

from functools import cache
from pathlib import Path
from typing import Any

from commune_schemas.notices import NeedReminderNotice
from commune_schemas.words import clean_line
from jinja2 import Environment, StrictUndefined, Template
from mjml import mjml2html

from notifier.email_content import EmailContent
from notifier.wording import day_vi

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _templates() -> tuple[Template, Template]:
    """(text, HTML). The HTML loads nothing from anywhere."""
    source = mjml2html((TEMPLATES / "need_reminder.mjml").read_text("utf-8"), disable_comments=True, fonts={})
    html = Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
    plain = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)  # noqa: S701
    return plain.from_string((TEMPLATES / "need_reminder.txt").read_text("utf-8")), html


def write_need_reminder(notice: NeedReminderNotice) -> EmailContent:
    values: dict[str, Any] = {
        "subject": f"Nhắc khai nhu cầu: {clean_line(notice.commune_name)}",
        "commune": clean_line(notice.commune_name),
        "contact": clean_line(notice.contact_name),
        "campaign_name": clean_line(notice.campaign_name),
        "from": day_vi(notice.starts_on),
        "to": day_vi(notice.ends_on),
    }
    text, html = _templates()
    return EmailContent(
        subject=values["subject"], text=text.render(values).strip() + "\n", html=html.render(values), calendar=None
    )
