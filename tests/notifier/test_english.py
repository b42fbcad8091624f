"""Who prefers English gets it whole: e-mail, its text part, and text message, of every kind that volunteers get."""

import re
from datetime import UTC, datetime

import pytest
from commune_schemas.notices import Channel, Language, NoticeKind, WithdrawalCause
from notifier.gsm7 import count_septets, is_gsm7
from notifier.sample import sample_notice
from notifier.school_mail import write_mail
from notifier.sms_text import write_sms
from notifier.words.english import MAILS, TEXTS

from tests.notifier.people import change_contact, make_notice, make_placement
from tests.notifier.world import World

OURS = re.compile(r"Kính gửi|[Aa]nh/chị|Liên hệ|Thứ |Nơi đến|phân công|Thư tự động|Trường đã|xin |PHAN CONG|LIEN HE")
CASES = [
    (kind, cause)
    for kind in MAILS
    for cause in (WithdrawalCause if kind is NoticeKind.PLACEMENT_WITHDRAWN else (None,))
]


@pytest.mark.parametrize(("kind", "cause"), CASES)
def test_every_kind_is_complete_in_english_by_itself(kind: NoticeKind, cause: WithdrawalCause | None) -> None:
    notice = sample_notice(kind, withdrawal=cause).model_copy(update={"language": Language.EN})
    mail = write_mail(notice, stamped_at=datetime.now(UTC), organizer_email="x@example.vn")
    text = write_sms(notice)
    for words in (mail.subject, mail.text, mail.html, text):
        assert not OURS.search(words), OURS.search(words)
        assert "{{" not in words
    assert is_gsm7(text)
    assert count_septets(text) <= 306
    if kind.value.startswith("placement"):
        old = kind is NoticeKind.PLACEMENT_WITHDRAWN
        place = "Khánh Sơn" if old else "Tây Khánh Vĩnh"
        assert place in mail.subject
        for fact in (
            place,
            "Tuesday, Thursday" if old else "Monday, Wednesday",
            "07:30–16:30",
            "Contact at your school",
        ):
            assert fact in mail.text
            assert fact in mail.html
        assert mail.calendar_method == ("CANCEL" if old else "PUBLISH")
    link = getattr(notice, "answer_url", "")
    if link and kind is not NoticeKind.PLACEMENT_WITHDRAWN:
        assert all(link in words for words in (mail.text, mail.html, text))
    assert not re.search(r"<(img|script|link)|url\(", mail.html), "it loads nothing"


def test_the_longest_names_are_cut_and_link_and_number_stand_whole() -> None:
    place = make_placement(commune_name="Phường " + "Bắc Nha Trang " * 6)
    notice = make_notice(placement=place, school_name="Trường " * 30).model_copy(update={"language": Language.EN})
    text = write_sms(notice)
    assert notice.answer_url in text
    assert "0905123456" in text.replace(" ", "")
    assert count_septets(text) <= 306
    assert set(TEXTS) == set(MAILS)


async def test_the_language_of_the_moment_is_what_is_sent(world: World) -> None:
    english, vietnamese = make_notice(), make_notice()
    change_contact(english, language=Language.EN, email="e@example.vn", phone="+84950007701")
    await world.prepare(english, vietnamese)
    await world.send_all()
    subjects = {str(mail["To"]): str(mail["Subject"]) for mail in world.mail.messages}
    assert next(words for to, words in subjects.items() if "e@example.vn" in to).startswith("Your placement at")
    assert sum("Phân công" in words for words in subjects.values()) == 1
    texts = [text.text for text in world.sms.texts]
    assert sorted(text.split(":")[0].split(" (")[0] for text in texts) == ["PHAN CONG", "PLACEMENT"]
    assert await world.statuses(Channel.SMS) == ["sent", "sent"]
