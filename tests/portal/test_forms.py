"""What people type into forms: days, amounts; what is neither goes on as it is, and is refused with words."""

from typing import Any

import pytest
from commune_portal.forms import day_or_none, whole_number
from commune_portal.rendering import make_templates


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("31/12/2026", "2026-12-31"),
        ("1-2-2026", "2026-02-01"),
        ("2026-12-31", "2026-12-31"),
        (" ", None),
        ("31/02/2026", "31/02/2026"),
        ("hôm nay", "hôm nay"),
    ],
)
def test_a_day_is_read_as_it_is_written_here(typed: str, sent: str | None) -> None:
    assert day_or_none(typed) == sent


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("150.000", 150000),
        ("1 500 000", 1500000),
        ("150,000", 150000),
        ("15", 15),
        ("", None),
        ("1,5", "1,5"),
        ("x", "x"),
    ],
)
def test_an_amount_is_read_with_its_dots(typed: str, sent: Any) -> None:
    assert whole_number(typed) == sent


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Sở Nội vụ (khóa của hệ thống)|configuredadmin|None|3"), ("en", "Home Affairs (the key in the settings)|")],
)
def test_a_key_of_the_settings_is_named_in_words_and_nothing_else_is_touched(language: str, words: str) -> None:
    shown = make_templates(str).from_string("{{ a }}|{{ b }}|{{ c }}|{{ d }}")
    page = shown.render(language=language, a="configured admin", b="configuredadmin", c=None, d=3)
    assert page.startswith(words)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("vi", 1, "1 xã khai|xã"),
        ("vi", 1234, "1.234 xã khai|xã"),
        ("en", 0, "0 communes are declared|communes"),
        ("en", 1, "1 commune is declared|commune"),
        ("en", 1234, "1,234 communes are declared|communes"),
    ],
)
def test_a_single_one_is_counted_as_one_and_thousands_as_the_language_writes_them(
    language: str, number: int, words: str
) -> None:
    shown = make_templates(str).from_string(
        '{{ count(n, "xã khai", "commune is declared", "communes are declared") }}|{{ noun(n, "xã", "commune") }}'
    )
    assert shown.render(language=language, n=number) == words
