"""Free weekdays: read to the last word, or refused with the word that is not understood."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from roster_api.rosters.reading.weekday_words import tokens_of
from roster_api.rosters.reading.weekdays import find_weekday, read_weekdays

NUMBER_WORDS = ("hai", "ba", "tư", "năm", "sáu")
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Thứ 3 hàng tuần", (1,)),
        ("thứ ba hằng tuần", (1,)),
        ("Thứ 3 và thứ 5 hàng tuần", (1, 3)),
        ("Cả hai ngày T3, T5", (1, 3)),
        ("cả 5 ngày", (0, 1, 2, 3, 4)),
        ("cả tuần trừ T4", (0, 1, 3, 4)),
        ("cả tuần (trừ thứ 6)", (0, 1, 2, 3)),
        ("T2-T6 trừ thứ tư", (0, 1, 3, 4)),
        ("T2, T4 (bận T6)", (0, 2)),
        ("thứ 2 - 4 - 6", (0, 2, 4)),
        ("T2 đến T4 và T6", (0, 1, 2, 4)),
        ("Thứ 2-6", (0, 1, 2, 3, 4)),
        ("tu thu 2 den thu 5", (0, 1, 2, 3)),
        ("thu tu, thu sau", (2, 4)),
        ("Thứ Hai, Ba, Tư", (0, 1, 2)),
        ("T2/T4/T6", (0, 2, 4)),
        ("- T2\n- T4", (0, 2)),
        ("* T2\n* T4", (0, 2)),
        ("thứ 3,5 (2 buổi)", (1, 3)),
        ("thứ 2 giờ hành chính", (0,)),
        ("các ngày T2, T4 trong tuần", (0, 2)),
        ("Có thể đi T2 và T4", (0, 2)),
        ("all days except Fri", (0, 1, 2, 3)),
        ("Mon-Thu", (0, 1, 2, 3)),
        ("T2,T4/tuần", (0, 2)),
    ],
)
def test_days_are_read_as_meant(written: str, days: tuple[int, ...]) -> None:
    reading = read_weekdays(written)
    assert (reading.value, [finding.code for finding in reading.findings]) == (days, [])


@pytest.mark.parametrize(
    ("written", "days", "code"),
    [
        ("hai buổi thứ năm", (3,), "days.count"),
        ("3 buổi: T4, T6", (2, 4), "days.count"),
        ("T2 lúc 3 giờ", (0,), "days.hours"),
        ("T2, T4 (7h30 - 10h)", (0, 2), "days.hours"),
        ("Chiều T5 hàng tuần", (3,), "days.half_day"),
        ("Sáng: T2, T4; chiều: T3", (0, 1, 2), "days.half_day"),
        ("T2 sáng, chiều T3", (0, 1), "days.half_day"),
        ("Thứ 2,4 buổi chiều", (0, 2), "days.half_day"),
        ("trừ T4", (0, 1, 3, 4), "days.as_understood"),
        ("T2-T4", (0, 1, 2), "days.as_understood"),
        ("từ 2 đến 6", (0, 1, 2, 3, 4), "days.as_understood"),
        ("2/4/6", (0, 2, 4), "days.as_understood"),
        ("246", (0, 2, 4), "days.as_understood"),
        ("T4-T7", (2, 3, 4), "days.weekend"),
        ("Ｔ２，Ｔ４", (0, 2), "text.full_width"),
        ("\u202aT2, T4\u202c", (0, 2), "text.hidden_marks"),
    ],
)
def test_days_that_need_an_eye_are_read_and_shown(written: str, days: tuple[int, ...], code: str) -> None:
    reading = read_weekdays(written)
    assert (reading.value, [finding.code for finding in reading.findings]) == (days, [code])


@pytest.mark.parametrize(
    ("written", "code", "quoted"),
    [
        ("3 ngày/tuần", "days.count", "3 ngày/tuần"),
        ("5 buổi/tuần", "days.count", "5 buổi/tuần"),
        ("2-3 buổi một tuần", "days.count", "2-3 buổi một tuần"),
        ("mỗi tuần 2 buổi", "days.count", "2 buổi"),
        ("1 buổi: T2, T4", "days.count", "1 buổi"),
        ("T2, T4, T6 tối đa 2 ngày", "days.count", "tối đa 2 ngày"),
        ("2 ngày bất kỳ", "days.unknown", "bất"),
        ("T2, T4 (từ 24/3)", "days.dated", "từ 24/3"),
        ("từ 23/6", "days.dated", "từ 23/6"),
        ("2/4", "days.dated", "2/4"),
        ("ngày 3", "days.dated", "ngày 3"),
        ("tuần 3 và 5 của tháng", "days.weeks", "tuần 3 và 5"),
        ("Thứ 2,4 tuần 2", "days.weeks", "4 tuần"),
        ("T3 (tuần 2, 4)", "days.weeks", "tuần 2, 4"),
        ("T2 tuần lẻ", "days.weeks", "tuần lẻ"),
        ("không T2", "days.negation", "không T2"),
        ("bận T2", "days.negation", "bận T2"),
        ("T2 bận, T4 rảnh", "days.negation", "bận"),
        ("bận cả tuần trừ T4", "days.negation", "bận cả tuần"),
        ("cả tuần trừ 2 ngày", "days.negation", "2 ngày"),
        ("T2, T4 không cố định", "days.negation", "không"),
        ("cả tuần, trừ chiều T6", "days.half_exception", "trừ chiều"),
        ("T2 hoặc T4", "days.either", "hoặc"),
        ("tối T3", "days.evening", "tối"),
        ("T2 sau 17h", "days.evening", "sau 17h"),
        ("từ T2", "days.from", "từ T2"),
        ("T6-T2", "days.range", "T6-T2"),
        ("cả tuần; T2", "days.contradiction", "cả tuần"),
        ("2", "days.ambiguous", "2"),
        ("hàng tuần", "days.none", "hàng tuần"),
        ("các buổi chiều", "days.none", "các buổi chiều"),
        ("S2, C4", "days.unknown", "S"),
        ("T2 x", "days.unknown", "x"),
        ("Thứ 8", "days.unknown", "Thứ 8"),
    ],
)
def test_what_is_not_understood_to_the_last_word_is_an_error_that_quotes_it(
    written: str, code: str, quoted: str
) -> None:
    reading = read_weekdays(written)
    assert reading.value is None
    assert [finding.code for finding in reading.findings] == [code]
    assert f"“{quoted}" in reading.findings[0].vi
    assert "T2, T4, T6" in reading.findings[0].mend_vi


MARKS: dict[str, Callable[[int], str]] = {
    "T2": lambda day: f"T{day + 2}",
    "t 2": lambda day: f"t {day + 2}",
    "Thứ 2": lambda day: f"Thứ {day + 2}",
    "thu 2": lambda day: f"thu {day + 2}",
    "THỨ HAI": lambda day: f"THỨ {NUMBER_WORDS[day].upper()}",
    "Monday": lambda day: ENGLISH[day],
    "Mon": lambda day: ENGLISH[day][:3],
    "Ｔ２": lambda day: f"Ｔ{chr(0xFF12 + day)}",
}
BETWEEN = (", ", ";", " ", "\n", " và ", " & ", " + ", " / ", ",", "; ")
BEFORE = ("", "Rảnh ", "các ngày ", "Có thể đi: ", "- ", "Sáng ", "buổi chiều ", "(")
AFTER = ("", " hàng tuần", " trong tuần", " (cả ngày)", ".", " được", " giờ hành chính")


@settings(max_examples=200, deadline=None)
@given(
    days=st.sets(st.integers(0, 4), min_size=1),
    mark=st.sampled_from(sorted(MARKS)),
    between=st.sampled_from(BETWEEN),
    before=st.sampled_from(BEFORE),
    after=st.sampled_from(AFTER),
    order=st.randoms(use_true_random=False),
)
def test_any_set_of_days_survives_any_way_of_writing_it(
    days: set[int], mark: str, between: str, before: str, after: str, order: object
) -> None:
    listed = sorted(days)
    order.shuffle(listed)  # type: ignore[attr-defined]
    written = before + between.join(MARKS[mark](day) for day in listed) + after
    assert read_weekdays(written).value == tuple(sorted(days)), written


@settings(max_examples=200, deadline=None)
@given(
    first=st.integers(0, 4),
    last=st.integers(0, 4),
    mark=st.sampled_from(["T2", "Thứ 2", "THỨ HAI", "Monday"]),
    joint=st.sampled_from(["-", " - ", " đến ", "–", "→", " -> ", "~"]),
    excepted=st.one_of(st.none(), st.integers(0, 4)),
)
def test_spans_with_and_without_an_exception(
    first: int, last: int, mark: str, joint: str, excepted: int | None
) -> None:
    assume(first < last)
    written = f"{MARKS[mark](first)}{joint}{MARKS[mark](last)}"
    wanted = set(range(first, last + 1))
    if excepted is not None:
        written += f" trừ {MARKS[mark](excepted)}"
        wanted -= {excepted}
    assert read_weekdays(written).value == (tuple(sorted(wanted)) or None)


WHOLE_WEEK = ("cả tuần", "trừ", "hàng ngày", "mỗi ngày", "cả 5 ngày", "cả năm ngày")
JUMBLE = (
    "T2 T4 thứ 3 5 , - / 24/3 ngày buổi tuần tháng trừ không bận nghỉ rảnh cả hai năm sáng chiều tối từ đến hoặc và "
    "( ) lúc 8h 3 giờ hàng mỗi tối đa bất kỳ lẻ T7 CN học dạy họp"
)
WORDS = st.sampled_from(JUMBLE.split())


@settings(max_examples=500, deadline=None)
@given(words=st.lists(WORDS, min_size=1, max_size=7))
def test_no_day_is_read_that_is_not_written(words: list[str]) -> None:
    """In any jumble of the words such cells are made of, a value without a remark names only days that stand there."""
    written = " ".join(words)
    reading = read_weekdays(written)
    if reading.value is None:
        assert any(finding.is_error for finding in reading.findings)
        return
    meaning_lost = {"học", "dạy", "họp", "lẻ", "kỳ", "bất", "tháng", "24/3", "tối", "hoặc"} & set(words)
    assert not meaning_lost or "tối đa" in written, written
    is_whole = any(whole in written for whole in WHOLE_WEEK)
    is_span = any(joint in words for joint in ("-", "đến"))
    named = {token.value - 2 for token in tokens_of(written) if token.value >= 2}
    assert is_whole or is_span or set(reading.value) <= named, written


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=25))
def test_any_text_names_days_only_by_their_signs(text: str) -> None:
    reading = read_weekdays(text)
    if reading.value is not None:
        assert any(char.isdigit() for char in text) or tokens_of(text)


@pytest.mark.parametrize("written", ["T2 8h 24/3", "T2 8h24/3", "T2 8 giờ 24/3", "T2 8:24/3", "T2 8h-10h 24/3"])
def test_a_date_after_an_hour_is_neither_minutes_nor_a_day_of_the_week(written: str) -> None:
    assert read_weekdays(written).value is None
    assert read_weekdays(written.replace("24/3", "30")).value == (0,)


def test_a_header_names_one_day_or_none() -> None:
    assert [find_weekday(text) for text in ("T2", "Thứ hai", "Mon", "THỨ 6", "T2, T4", "Số ngày", "T7")] == [
        0, 0, 0, 4, None, None, None,
    ]  # fmt: skip
