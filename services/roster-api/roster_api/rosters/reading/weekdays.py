"""Free weekdays as people write them: 'T2, T4, T6', 'Thứ 2 - Thứ 5', 'Sáng thứ 3', 'cả tuần trừ T4', 'Mon, Wed'."""

import re
from datetime import date

from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.rosters.reading.header_words import find_half
from roster_api.rosters.reading.marks import plain_lines
from roster_api.rosters.reading.remembering import remembered
from roster_api.rosters.reading.weekday_grammar import parse
from roster_api.rosters.reading.weekday_statements import NotUnderstoodError, Statement
from roster_api.text import search_key

MEND_VI = "Viết các thứ cách nhau bằng dấu phẩy, ví dụ T2, T4, T6 (chỉ từ T2 đến T6)."
MEND_EN = "Write weekdays with commas between, e.g. T2, T4, T6 (T2 = Monday to T6 = Friday)."
NAMES_VI = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_BULLET = re.compile(r"(^|;\s*)\*\s*")
"""Before a line; elsewhere a star is a footnote's, and what that says may change the days."""
_LINE_NUMBER = re.compile(r"(\d{1,2})[.)]\s+(?=[^\W\d])")
_WORDS = {
    "unknown": ("không hiểu “{}”.", "“{}” is not understood."),
    "none": ("không có thứ nào trong tuần.", "no weekday is named."),
    "count": (
        "“{}” là số lượng, không cho biết những thứ nào.", "“{}” is a count; it does not say which weekdays."
    ),
    "weeks": (
        "“{}”: hệ thống xếp mọi tuần như nhau, không theo tuần của tháng.",
        "“{}”: every week is planned alike; weeks of a month are not known.",
    ),
    "dated": ("“{}” là ngày tháng, không phải thứ trong tuần.", "“{}” is a date, not a weekday."),
    "either": ("“{}”: chưa rõ chọn thứ nào.", "“{}”: it is not clear which weekday is meant."),
    "negation": (
        "chỉ nói những thứ không đi được (“{}”), hoặc sau chữ này thiếu thứ.",
        "only what is not possible is said (“{}”), or no weekday follows it.",
    ),
    "half_exception": (
        "“{}” chỉ bỏ nửa ngày; hệ thống xếp cả ngày, nên cần biết có tính ngày đó không.",
        "“{}” leaves out half a day; whole days are planned, so it must be known whether that day counts.",
    ),
    "evening": ("“{}” ngoài giờ làm việc của xã.", "“{}” is outside the office hours of communes."),
    "from": ("“{}”: thiếu thứ kết thúc.", "“{}”: where it ends is missing."),
    "range": ("“{}”: chưa rõ từ thứ nào đến thứ nào.", "“{}”: it is not clear from which day to which."),
    "contradiction": (
        "vừa ghi cả tuần vừa ghi từng thứ.", "the whole week and single weekdays are both named."
    ),
    "ambiguous": (
        "số “{}” đứng một mình: thứ {} hay {} ngày?", "the number “{}” alone: a weekday, or so many days?"
    ),
}  # fmt: skip


HALF_DAY = "days.half_day"


@remembered
def read_weekdays(cell: Cell) -> Reading[tuple[int, ...]]:
    """Sorted weekdays, 0 = Monday ... 4 = Friday; at least one. What is not understood to the last word is an error."""
    if isinstance(cell, date):
        return refused(
            "days.date", vi="Excel đã đổi ô này thành ngày tháng.", en="Excel turned this cell into a date.",
            mend_vi=f"Định dạng ô là Văn bản rồi gõ lại. {MEND_VI}",
            mend_en=f"Format the cell as Text and type it again. {MEND_EN}",
        )  # fmt: skip
    text, found = plain_lines(cell)
    if not text:
        return refused(
            "days.missing", vi="Thiếu ngày rảnh.", en="The free weekdays are missing.", mend_vi=MEND_VI, mend_en=MEND_EN
        )
    try:
        said = parse(_BULLET.sub(r"\1", _without_line_numbers(text)))
    except NotUnderstoodError as wrong:
        return _refuse(text, wrong)
    days = said.free()
    served = tuple(sorted(day for day in days if day <= 4))
    if not served:
        return refused(
            "days.weekend_only", vi=f"“{text}”: không có ngày làm việc nào.", en=f"“{text}”: no working day in it.",
            mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    return Reading(served, found + _remarks(said, days, served, is_number=isinstance(cell, int | float)))


def _without_line_numbers(text: str) -> str:
    """'1. Thứ 2; 2. Thứ 5', of a cell of several lines: the lines' own numbers, from 1 on, are no days."""
    lines = text.split("; ")
    numbers = [match[1] if (match := _LINE_NUMBER.match(line)) else "" for line in lines]
    is_numbered = len(lines) > 1 and numbers == [str(number) for number in range(1, len(lines) + 1)]
    return "; ".join(_LINE_NUMBER.sub("", line) for line in lines) if is_numbered else text


def read_weekdays_under(header: str, cell: Cell) -> Reading[tuple[int, ...]]:
    """As `read_weekdays`; that a header of half days ('Buổi sáng rảnh') is taken for whole ones, is a warning."""
    reading, half = read_weekdays(cell), find_half(header)[1]
    if reading.value is None or half is None or any(finding.code == HALF_DAY for finding in reading.findings):
        return reading
    half_en = {"sáng": "mornings", "chiều": "afternoons"}[half]
    return Reading(reading.value, [*reading.findings, warning(
        HALF_DAY, vi=f"“{header}” nói về buổi {half}; được tính cả ngày.",
        en=f"“{header}” speaks of {half_en}; whole days are taken.",
    )])  # fmt: skip


def _refuse(text: str, wrong: NotUnderstoodError) -> Reading[tuple[int, ...]]:
    written = _as_written(wrong.text, text)
    vi, en = _WORDS[wrong.reason]
    vi, en = vi.format(*[written] * vi.count("{}")), en.format(written)
    if written != text or "{}" not in _WORDS[wrong.reason][0]:
        vi, en = f"“{text}”: {vi}", f"“{text}”: {en}"
    return refused(f"days.{wrong.reason}", vi=vi, en=en, mend_vi=MEND_VI, mend_en=MEND_EN)


def _as_written(part: str, text: str) -> str:
    """`part` (lower case, single blanks between tokens) as it stands in `text`."""
    pattern = r"\s*".join(re.escape(char) for char in part if not char.isspace())
    match = re.search(pattern, text, re.IGNORECASE)
    return match.group() if match else part


def _remarks(said: Statement, days: set[int], served: tuple[int, ...], *, is_number: bool) -> list[Finding]:
    shown = ", ".join(NAMES_VI[day] for day in served)
    found: list[Finding] = []
    if max(days) > 4:
        found.append(warning(
            "days.weekend", vi=f"Xã không làm việc thứ 7, chủ nhật; đọc là {shown}.",
            en=f"Communes are closed at weekends; read as {shown}.",
        ))  # fmt: skip
    if said.halves:
        found.append(warning(
            HALF_DAY, vi=f"Buổi sáng/chiều được tính cả ngày; đọc là {shown}.",
            en=f"Half days count as whole days; read as {shown}.",
        ))  # fmt: skip
    if said.hours:
        hours = "; ".join(said.hours)
        found.append(warning(
            "days.hours", vi=f"Không giữ giờ (“{hours}”), tính cả ngày; đọc là {shown}.",
            en=f"Hours (“{hours}”) are not kept; the whole day counts: {shown}.",
        ))  # fmt: skip
    uncounted = [text for count, text in said.counts if count != len(days)]
    if uncounted:
        found.append(warning(
            "days.count", vi=f"“{uncounted[0]}” là số lượng, không phải thứ; đọc là {shown}.",
            en=f"“{uncounted[0]}” is a count and no weekday; read as {shown}.",
        ))  # fmt: skip
    if said.guesses or said.is_complement or is_number:
        found.append(warning(
            "days.as_understood", vi=f"Đọc là {shown}; xin xem có đúng ý không.",
            en=f"Read as {shown}; please see whether that is meant.",
        ))  # fmt: skip
    return found


def find_weekday(text: str) -> int | None:
    """The one weekday a column header names ('T2', 'Thứ hai', 'Mon'); None when it names none, or more."""
    key = " ".join(search_key(text).split())
    if not re.fullmatch(r"t ?[2-6]|thu ([2-6]|hai|ba|tu|nam|sau)|(mon|tue|wed|thu|fri)[a-z]*", key):
        return None
    days = read_weekdays(text).value
    return days[0] if days and len(days) == 1 else None
