"""Vietnamese in text messages: composed or decomposed, with accents or not, no letter is lost and segments agree."""

import itertools
import unicodedata
from typing import Literal

import pytest
from commune_schemas.notices import Language
from commune_stack import sms_gateway
from notifier.gsm7 import count_segments, is_gsm7, without_accents
from notifier.words.blocks import TextBlock, fill_shortest

from tests.notifier.people import make_notice, make_placement

PLACES = (
    "Xã Đắk Pơ", "Xã Krông Nô", "Buôn Ƀrŭk Ngăi", "Làng Ñăk Ƀah", "Xã Ia Mơ Nông", "Phường Bắc Nha Trang",
    "Đặc khu Trường Sa", "Xã Ƀŭng Krang", "Buôn Êa Tŭ", "Xã Khánh Vĩnh",
)  # fmt: skip
SENTENCES = (
    "Anh/chị được phân công đến {} từ Thứ Hai, mang theo giấy giới thiệu.", "Xin gọi Ủy ban nhân dân {} trước khi đến.",
    "Lịch ở {} thay đổi: nghỉ ngày 01/01, làm bù thứ Bảy “đúng giờ”.", "Cảm ơn anh/chị đã hỗ trợ bà con {}!",
    "Đường vào {} đang sửa; đi lối qua ƀuôn Êđê.", "Hỏi: {} cần thêm mấy người? Trả lời ngay.",
    "Phòng họp {} ở tầng 2 – cạnh kho lưu trữ…", "Người phụ trách ở {}: chị Hờ Ñŭk, anh Y Ƀhăm.",
    "Ưu tiên số hóa hồ sơ của {} trước ngày 15/12.", "Kỳ nghỉ ở {}: Tết Nguyên đán, giỗ Tổ Hùng Vương.",
)  # fmt: skip
ALL = [words.format(place) for place, words in itertools.product(PLACES, SENTENCES)]
FORMS = [made for words in ALL for made in (unicodedata.normalize("NFC", words), unicodedata.normalize("NFD", words))]


def letters(text: str) -> int:
    """Base letters: what a reader counts, accents aside."""
    return sum(sign.isalpha() for sign in unicodedata.normalize("NFC", text))


def test_two_hundred_sentences_lose_no_letter_without_accents_and_cost_what_the_gateway_counts() -> None:
    assert len(FORMS) == 200
    for words in FORMS:
        plain = without_accents(words)
        assert is_gsm7(plain)
        assert letters(plain) == letters(words), words
        assert count_segments(plain) == sms_gateway.count_segments(plain)
        assert plain == without_accents(unicodedata.normalize("NFC", words)), "however it was typed"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_with_accents_every_sentence_leaves_composed_and_costs_what_the_gateway_counts(
    form: Literal["NFC", "NFD"],
) -> None:
    for place in PLACES:
        notice = make_notice(placement=make_placement(commune_name=unicodedata.normalize(form, place)))
        for words in SENTENCES:
            block = TextBlock(text=words.replace("{}", "{{ commune }}"), is_accented=True)
            text = fill_shortest(block, notice, Language.VI)
            assert text == unicodedata.normalize("NFC", words.format(place))
            assert count_segments(text) == sms_gateway.count_segments(text)
