"""What is written about requests about one's own data: when it is to be answered, why it was refused, no more."""

from datetime import UTC, datetime

import pytest
from commune_schemas.notices import DataRequestNotice, NoticeKind
from notifier.data_request_mail import write_data_request_mail
from notifier.sample import sample_notice
from notifier.wording import find_missing_fields

SUBJECTS = {
    "received": "Đã nhận yêu cầu xóa dữ liệu cá nhân",
    "due": "Còn một ngày để trả lời yêu cầu xóa dữ liệu cá nhân",
    "late": "Quá hạn trả lời yêu cầu xóa dữ liệu cá nhân",
    "done": "Đã thực hiện yêu cầu xóa dữ liệu cá nhân",
    "refused": "Yêu cầu xóa dữ liệu cá nhân không được chấp nhận",
}


def notice_of(news: str, **changes: object) -> DataRequestNotice:
    sample = sample_notice(NoticeKind.DATA_REQUEST)
    assert isinstance(sample, DataRequestNotice)
    due = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)  # midnight in Vietnam: the end of the second working day
    return sample.model_copy(update={"news": news, "asked": "erasure", "due_at": due, **changes})


@pytest.mark.parametrize("news", SUBJECTS)
def test_each_word_says_what_it_is_and_by_when_it_is_to_be_answered(news: str) -> None:
    mail = write_data_request_mail(notice_of(news, reason="Chưa rõ ai" if news == "refused" else ""))
    assert mail.subject == SUBJECTS[news]
    assert mail.calendar is None
    assert ("23:59 ngày 02/12/2026" in mail.text) is (news in {"received", "due", "late"})
    assert ("Chưa rõ ai" in mail.text) is (news == "refused")
    assert ("không gửi thêm thư nào" in " ".join(mail.text.split())) is (news == "received")


def test_without_anybody_to_write_to_it_is_not_complete() -> None:
    assert find_missing_fields(notice_of("due", recipient_name=" ")) == ["recipient_name"]
