"""The words to whom a list says too little of: who asks, by which link, until when; the link is sent whole."""

from datetime import UTC, datetime

import pytest
from commune_schemas.notices import Channel, InvitationNotice, NoticeKind
from commune_schemas.placement_details import Contact
from notifier.gsm7 import count_septets, is_gsm7
from notifier.kinds import channels_of
from notifier.sample import sample_of_invitation
from notifier.school_mail import write_mail
from notifier.sms_text import LONGEST_SEPTETS, write_sms
from notifier.wording import find_missing_fields

KINDS = (NoticeKind.INVITATION, NoticeKind.INVITATION_REMINDER)


def test_it_goes_by_both_channels_and_says_all_it_must() -> None:
    for kind in KINDS:
        notice = sample_of_invitation(kind)
        assert channels_of(kind) == (Channel.EMAIL, Channel.SMS)
        assert find_missing_fields(notice) == []
        mail = write_mail(notice, stamped_at=datetime(2026, 12, 1, tzinfo=UTC), organizer_email="a@truong.example")
        assert mail.calendar is None
        for words in (mail.text, mail.html):
            for said in ("Trường Đại học Khánh Hòa", "ngày rảnh", "31/12/2026", "Điều phối Mẫu", notice.answer_url):
                assert said in words
            assert ("lần nhắc duy nhất" in words) is (kind is NoticeKind.INVITATION_REMINDER)
            assert "put your name down" in words
        text = write_sms(notice)
        assert is_gsm7(text)
        assert notice.answer_url in text
        assert text.startswith("NHAC" if kind is NoticeKind.INVITATION_REMINDER else "MOI")


@pytest.mark.parametrize("school", ["Trường", "Phân hiệu Trường Đại học Nông Lâm " * 8, "Trường evil.cóm"])
def test_the_text_message_is_at_most_two_segments_with_the_whole_link_and_no_other(school: str) -> None:
    url = "https://huydong.khanhhoa.example.vn/i/" + "Ab-_" * 11
    notice = sample_of_invitation().model_copy(update={"school_name": school, "answer_url": url})
    text = write_sms(notice)
    assert count_septets(text) <= LONGEST_SEPTETS
    assert url in text
    assert "evil.com" not in text


def test_without_a_link_it_is_not_sent_and_without_a_contact_it_is() -> None:
    assert find_missing_fields(sample_of_invitation().model_copy(update={"answer_url": ""})) == ["answer_url"]
    notice: InvitationNotice = sample_of_invitation().model_copy(update={"school_contact": Contact(name="", phone="")})
    assert find_missing_fields(notice) == []
    assert "Hoi:" not in write_sms(notice)
