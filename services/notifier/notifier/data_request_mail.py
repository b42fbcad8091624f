"""The e-mails about requests about one's own data: to who asked, and to Home Affairs, which answers in time."""

from datetime import timedelta, timezone

from commune_schemas.notices import DataRequestNotice

from notifier.email_content import EmailContent
from notifier.office_mail import write_office_mail

LOCAL = timezone(timedelta(hours=7))
HEADING = "Bảo vệ dữ liệu cá nhân (Luật 91/2025/QH15)"
ASKED = {
    "access": ("nhận bản sao dữ liệu cá nhân", "to see the personal data that is kept"),
    "correction": ("đính chính dữ liệu cá nhân", "to have personal data corrected"),
    "erasure": ("xóa dữ liệu cá nhân", "to have personal data erased"),
}
SUBJECTS = {
    "received": "Đã nhận yêu cầu {asked}",
    "due": "Còn một ngày để trả lời yêu cầu {asked}",
    "late": "Quá hạn trả lời yêu cầu {asked}",
    "done": "Đã thực hiện yêu cầu {asked}",
    "refused": "Yêu cầu {asked} không được chấp nhận",
}
SENTENCES = {
    "received": "Hệ thống đã nhận yêu cầu {asked} của Ông/Bà.",
    "due": "Một yêu cầu {asked} còn chưa đầy một ngày là hết hạn trả lời theo luật.",
    "late": "Một yêu cầu {asked} đã quá hạn trả lời theo luật mà chưa được giải quyết.",
    "done": "Yêu cầu {asked} của Ông/Bà đã được thực hiện.",
    "refused": "Yêu cầu {asked} của Ông/Bà không được chấp nhận.",
}
ENGLISH = {
    "received": "Your request {asked} came in.",
    "due": "A request {asked} is to be answered within a day.",
    "late": "A request {asked} is late: the law's time is over.",
    "done": "Your request {asked} was carried out.",
    "refused": "Your request {asked} was refused, for the reason above.",
}
LAST_WORD = "Khi đã xóa xong, hệ thống không còn địa chỉ của Ông/Bà nên không gửi thêm thư nào."


def write_data_request_mail(notice: DataRequestNotice) -> EmailContent:
    vi, en = ASKED[notice.asked]
    due = f"{notice.due_at.astimezone(LOCAL) - timedelta(minutes=1):%H:%M ngày %d/%m/%Y}"
    sentences = [SENTENCES[notice.news].format(asked=vi)]
    if notice.news == "received" and notice.asked == "erasure":
        sentences.append(LAST_WORD)
    if notice.news in {"due", "late"}:
        sentences.append("Xin mở mục yêu cầu về dữ liệu cá nhân trên hệ thống để giải quyết.")
    rows = [f"Mã yêu cầu: {notice.request_id}", f"Gửi lúc: {_moment(notice)}"]
    if notice.news in {"received", "due", "late"}:
        rows.append(f"Hạn trả lời: {due}")
    if notice.reason:
        rows.append(f"Lý do: {notice.reason}")
    return write_office_mail(
        subject=SUBJECTS[notice.news].format(asked=vi), campaign_name=HEADING, to=notice.recipient_name,
        sentences=sentences, rows=rows, english=ENGLISH[notice.news].format(asked=en),
    )  # fmt: skip


def _moment(notice: DataRequestNotice) -> str:
    return f"{notice.filed_at.astimezone(LOCAL):%H:%M ngày %d/%m/%Y}"
