"""The words to whom is held in reserve: thanks, which school, until when, whom to ask; and no day to come on."""

from datetime import UTC, datetime

import pytest
from commune_schemas.notices import Channel, NoticeKind, ReserveNotice
from commune_schemas.placement_details import Contact
from notifier.gsm7 import count_septets, is_gsm7
from notifier.kinds import channels_of
from notifier.sample import sample_of_reserve
from notifier.school_mail import write_mail
from notifier.sms_text import LONGEST_SEPTETS, write_sms
from notifier.wording import find_missing_fields


def test_it_goes_by_both_channels_and_says_all_it_must() -> None:
    notice = sample_of_reserve()
    assert channels_of(NoticeKind.RESERVE) == (Channel.EMAIL, Channel.SMS)
    assert find_missing_fields(notice) == []
    mail = write_mail(notice, stamped_at=datetime(2026, 12, 1, tzinfo=UTC), organizer_email="a@truong.example")
    assert mail.calendar is None
    for words in (mail.text, mail.html):
        for said in ("Cảm ơn", "Trường Đại học Khánh Hòa", "dự bị", f"{notice.ends_on:%d/%m/%Y}", "Điều phối Mẫu"):
            assert said in words
        assert "holds you in reserve" in words
    text = write_sms(notice)
    assert is_gsm7(text)
    assert "du bi" in text
    assert "Dieu phoi Mau" in text


@pytest.mark.parametrize("school", ["Trường", "Phân hiệu Trường Đại học Nông Lâm " * 8])
def test_the_text_message_is_never_longer_than_two_segments(school: str) -> None:
    notice = sample_of_reserve().model_copy(update={"school_name": school})
    assert count_septets(write_sms(notice)) <= LONGEST_SEPTETS


def test_a_school_without_a_contact_is_no_reason_to_stay_silent() -> None:
    notice: ReserveNotice = sample_of_reserve().model_copy(update={"school_contact": Contact(name="", phone="")})
    assert find_missing_fields(notice) == []
    assert "Hoi:" not in write_sms(notice)
