"""The e-mails of the month to offices: one layout, a subject, sentences and a list; nothing of a person's contact."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from commune_schemas.notices import AttendanceQuestionNotice
from commune_schemas.words import clean_line
from jinja2 import Environment, StrictUndefined, Template
from mjml import mjml2html

from notifier.email_content import EmailContent
from notifier.wording import day_vi

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _templates() -> tuple[Template, Template]:
    """(text, HTML). The HTML loads nothing from anywhere."""
    source = mjml2html((TEMPLATES / "office.mjml").read_text("utf-8"), disable_comments=True, fonts={})
    html = Environment(autoescape=True, undefined=StrictUndefined).from_string(source)
    plain = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)  # noqa: S701
    return plain.from_string((TEMPLATES / "office.txt").read_text("utf-8")), html


def write_office_mail(
    *, subject: str, campaign_name: str, to: str, sentences: Sequence[str], rows: Sequence[str], english: str
) -> EmailContent:
    """Every text is one line: line breaks in it are taken out."""
    values = {
        "subject": clean_line(subject),
        "campaign_name": clean_line(campaign_name),
        "to": clean_line(to),
        "sentences": [clean_line(each) for each in sentences],
        "rows": [clean_line(each) for each in rows],
        "english": clean_line(english),
    }
    text, html = _templates()
    return EmailContent(
        subject=str(values["subject"]),
        text=text.render(values).strip() + "\n",
        html=html.render(values),
        calendar=None,
    )


def write_attendance_question(notice: AttendanceQuestionNotice) -> EmailContent:
    days = sum(row.days for row in notice.communes)
    first, last = day_vi(notice.first_on), day_vi(notice.last_on)
    return write_office_mail(
        subject=f"Xin cho biết ai đã đến xã: {days} ngày chưa được xác nhận",
        campaign_name=notice.campaign_name,
        to=f"{notice.contact_name}, {notice.school_name}" if notice.contact_name else notice.school_name,
        sentences=[
            f"Sau ba ngày làm việc, {days} ngày phục vụ (từ {first} đến {last}) của người trường cử chưa có xác nhận.",
            "Xin mở mục Điểm danh trên hệ thống và cho biết những ngày đó người của trường có đến hay không.",
            "Nếu xã trả lời sau và khác ý, cả hai bên đều thấy.",
        ],
        rows=[f"{row.commune_name}: {row.days} ngày, {row.people} người" for row in notice.communes],
        english=f"Communes have not confirmed {days} days of service of your people ({first} to {last}, "
        "day/month/year). Please say in the system who was there.",
    )
