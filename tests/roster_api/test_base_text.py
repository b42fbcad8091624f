"""Vietnamese text: what is searched, how names are sorted, which characters are refused."""

import unicodedata
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from roster_api.contacts import Email, Phone
from roster_api.text import Line, Name, Paragraphs, name_sort_key, search_key, sort_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Tây  Khánh Vĩnh", "tay khanh vinh"),
        ("ĐẮK LẮK", "dak lak"),
        ("Nguyễn Thị Ân", "nguyen thi an"),  # decomposed (NFD)
        ("  Phường Đông Hải ", "phuong dong hai"),
    ],
)
def test_a_search_key_has_no_accents_case_or_extra_spaces(text: str, key: str) -> None:
    assert search_key(text) == key


def test_words_sort_by_the_vietnamese_alphabet() -> None:
    mixed = ["Ơn", "Đào", "Ân", "Oanh", "An Bình", "Ba", "Ăn", "Ô", "Anh", "Em", "Da", "Bình", "Êm", "An"]
    expected = ["An", "An Bình", "Anh", "Ăn", "Ân", "Ba", "Bình", "Da", "Đào", "Em", "Êm", "Oanh", "Ô", "Ơn"]
    assert sorted(mixed, key=sort_key) == expected


def test_tones_decide_only_between_equal_spellings() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma", "man"], key=sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ", "man",
    ]  # fmt: skip


def test_one_spelling_has_one_key_however_it_is_encoded() -> None:
    composed, decomposed = (unicodedata.normalize(form, "Hòa Đổng Ngưỡng") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert sort_key(composed) == sort_key(decomposed)
    assert search_key(composed) == search_key(decomposed) == "hoa dong nguong"


def test_people_sort_by_given_name_then_family_name() -> None:
    people = ["Nguyễn Văn Bình", "Trần Thị An", "Lê Thị An", "Bùi Châu"]
    assert sorted(people, key=name_sort_key) == ["Lê Thị An", "Trần Thị An", "Nguyễn Văn Bình", "Bùi Châu"]


@pytest.mark.parametrize("bad", ["a\x00b", "a\nb", "a\r\nBcc: x@y.z", "a\ud800b", "a\x1bb", "a\tb"])
@pytest.mark.parametrize("kind", [Name, Line])
def test_names_with_control_characters_are_refused(kind: Any, bad: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(bad)


def test_paragraphs_keep_their_lines_and_refuse_nul() -> None:
    adapter: TypeAdapter[str] = TypeAdapter(Paragraphs)
    assert adapter.validate_python("một\r\nhai\tba") == "một\nhai\tba"
    with pytest.raises(ValidationError):
        adapter.validate_python("một\x00")


@pytest.mark.parametrize("text", ["0950000456", "0950 000 456", "+84 950 000 456", "84950000456"])
def test_phones_become_e164(text: str) -> None:
    assert TypeAdapter(Phone).validate_python(text) == "+84950000456"


@pytest.mark.parametrize("text", ["123", "không có", "0950000456789012", "+99 905"])
def test_what_is_no_phone_is_refused_in_two_languages(text: str) -> None:
    with pytest.raises(ValidationError, match=r"Số điện thoại.*\|.*phone number"):
        TypeAdapter(Phone).validate_python(text)


@pytest.mark.parametrize("text", ["a@b", "a b@c.vn", "a@b.vn\r\nBcc: c@d.vn", "@b.vn", "a@@b.vn"])
def test_what_is_no_email_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python(text)
