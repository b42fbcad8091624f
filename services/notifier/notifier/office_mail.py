"""The e-mails of the month to offices: one layout, a subject, sentences and a list; nothing of a person's contact."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from commune_schemas.amounts import amount
from commune_schemas.notices import AttendanceQuestionNotice, BlockerNotice, OfficePart, OfficeWordsNotice
from commune_schemas.words import clean_line

from notifier.email_content import EmailContent
from notifier.layout import load_layout
from notifier.wording import day_vi


def write_office_mail(
    *,
    subject: str,
    campaign_name: str,
    to: str,
    sentences: Sequence[str],
    rows: Sequence[str],
    english: str,
    parts: Sequence[OfficePart] = (),
) -> EmailContent:
    """Every text is one line: line breaks in it are taken out."""
    values = {
        "subject": clean_line(subject),
        "campaign_name": clean_line(campaign_name),
        "to": clean_line(to),
        "sentences": [clean_line(each) for each in sentences],
        "rows": [clean_line(each) for each in rows],
        "parts": [
            {
                "heading": clean_line(part.heading),
                "sentences": [clean_line(each) for each in part.sentences],
                "rows": [clean_line(each) for each in part.rows],
            }
            for part in parts
        ],
        "english": clean_line(english),
    }
    text, html = load_layout("office")
    return EmailContent(
        subject=str(values["subject"]),
        text=text.render(values).strip() + "\n",
        html=html.render(values),
        calendar=None,
    )


def write_month_mail(notice: AttendanceQuestionNotice | BlockerNotice | OfficeWordsNotice) -> EmailContent:
    if isinstance(notice, OfficeWordsNotice):
        return write_office_words(notice)
    return write_blocker(notice) if isinstance(notice, BlockerNotice) else write_attendance_question(notice)


def write_office_words(notice: OfficeWordsNotice) -> EmailContent:
    """One thing, or a day's things one under the other, each under its heading."""
    is_digest = len(notice.parts) > 1
    sentences: list[str] = []
    rows: list[str] = []
    if not is_digest:
        sentences, rows = notice.parts[0].sentences, notice.parts[0].rows
    return write_office_mail(
        subject=notice.subject,
        campaign_name=notice.about,
        to=notice.to,
        sentences=sentences,
        rows=rows,
        parts=notice.parts if is_digest else (),
        english=" ".join(part.english for part in notice.parts),
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
        english=f"Communes have not confirmed {amount(days, 'day')} of service of your people ({first} to {last}, "
        "day/month/year). Please say in the system who was there.",
    )


LOCAL = timezone(timedelta(hours=7))
LEVELS = {
    "overseer": "người theo dõi xã (Sở Khoa học và Công nghệ)",
    "director": "Giám đốc Sở Khoa học và Công nghệ",
    "secretary_office": "Văn phòng Bí thư Tỉnh ủy",
}
STEPS = {
    "raised": "Vướng mắc mới",
    "escalated": "Chuyển lên cấp trên",
    "solved": "Đã giải quyết, xin xác nhận",
    "confirmed": "Đã xác nhận giải quyết xong",
    "reopened": "Mở lại vì chưa xong",
}
ENGLISH = {
    "raised": "A new blocker",
    "escalated": "Gone one level up",
    "solved": "Solved; please confirm, or reopen it",
    "confirmed": "Confirmed as solved",
    "reopened": "Reopened: not solved yet",
}


def write_blocker(notice: BlockerNotice) -> EmailContent:
    urgent = "Khẩn: " if notice.is_urgent else ""
    rows = [f"Ghi nhận lúc {_moment(notice.raised_at)}", f"Đang ở: {LEVELS.get(notice.level, notice.level)}"]
    if notice.due_at is not None:
        rows.append(f"Hạn giải quyết trước khi chuyển lên cấp trên: {_moment(notice.due_at)}")
    if notice.step_words and notice.step != "raised":
        rows.append(f"Nội dung: {notice.step_words}")
    return write_office_mail(
        subject=f"{urgent}{STEPS[notice.step]}: {notice.commune_name}",
        campaign_name=notice.campaign_name,
        to=notice.recipient_name,
        sentences=[f"{notice.commune_name} vướng: {notice.words}"],
        rows=rows,
        english=f"{ENGLISH[notice.step]}: {notice.commune_name}.",
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"
