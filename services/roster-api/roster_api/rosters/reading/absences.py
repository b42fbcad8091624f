"""Dated absences as people write them: '20/11/2026, 24-28/11/2026', 'thi 9/12/2026; nghỉ từ 30/11 đến 4/12/2026'."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from commune_schemas.days import AbsenceKind

from roster_api.rosters.reading.cells import Cell
from roster_api.rosters.reading.dates import FULL, LAST_MONTH, EitherOrderText, MonthFirstText, SwappedDate, read_date
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.rosters.reading.marks import plain_lines
from roster_api.rosters.reading.weekdays import find_weekday
from roster_api.rosters.reading.words import NOTHING, word_key
from roster_api.text import search_key

MEND_VI = "Viết ngày đủ năm, cách nhau bằng dấu phẩy: 20/11/2026, 24-28/11/2026; có thể ghi dạy, thi, nghỉ trước ngày."
MEND_EN = (
    "Write days with the year, commas between: 20/11/2026, 24-28/11/2026; dạy, thi or nghỉ may stand before a day."
)
LONGEST_DAYS = 366
FAR_DAYS = 366
_KINDS = (
    (AbsenceKind.TEACHING, r"(?:ban |lich |ngay )?(?:giang day|day|giang|len lop)"),
    (AbsenceKind.EXAM, r"(?:ban |lich |ngay |coi |cham )?thi"),
    (AbsenceKind.LEAVE, r"(?:xin )?nghi(?: phep)?|ban(?: viec)?|phep|(?:di )?cong tac|vang"),
)
_WEEKDAY = r"(?:t ?[2-7]|thu (?:[2-7]|hai|ba|tu|nam|sau|bay)|cn|chu nhat)"
_HALF = r"(?:(?:buoi )?(?:sang|chieu))"
_MONTH = r"(?:het )?(?:thang )?\d{1,2}/\d{4}"
_PART = re.compile(
    rf"(?:(?P<before>[a-z][a-z ]*?) ?:? ?)??(?:(?P<half>{_HALF}) )?(?:(?P<weekday>{_WEEKDAY}),? ?(?:ngay )?)?"
    rf"(?P<from>tu )?(?:ngay )?"
    rf"(?:(?P<full>{FULL})|(?P<start>\d{{1,2}}(?:[/.]\d{{1,2}})?))"
    rf"(?: ?(?:-|–|—|->|→|den|toi) ?(?:het )?(?:ngay )?(?:(?P<last>{FULL})|(?P<month>{_MONTH})))?"
    rf"(?: 00:00(?::00)?)?(?: ?\(?(?P<after_half>{_HALF})\)?| ?\((?P<after>[a-z ]+)\)| (?:ca ngay))?"
)  # fmt: skip
_DAY_AND_MONTH = re.compile(r"\d{1,2}[/.\-]\d{1,2}(?![/.\-]?\d)")
_SHARED = re.compile(
    r"(?<![\w/.\-])(?<!\bt )(?<!\bthu )(?P<days>(?:\d{1,2} ?(?:,|;|&|\bva\b) ?)+)(?P<last>\d{1,2})"
    r"(?P<rest>[/.]\d{1,2}[/.]\d{4}(?!\d)| thang \d{1,2} (?:nam )?\d{4})"
)
"""'1, 2, 3/12/2026': the month and the year hold for each day."""
_NOT_AWAY = frozenset({"khong ban", "khong nghi", "khong vang", "khong ban ngay nao", "khong co ngay ban"})
Span = tuple[date, date, AbsenceKind]
Absences = list[dict[str, Any]]


class NotUnderstoodError(Exception):
    """`code` and words (vi, en) of what is wrong with a part of the cell."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(code)
        self.code, self.vi, self.en = code, vi, en


@dataclass(slots=True)
class _Spans:
    """What was read of a cell so far. A kind before a day holds until another is named; one behind it is that day's."""

    is_month_first: bool
    kind: AbsenceKind = AbsenceKind.LEAVE
    has_half_day: bool = False


def read_absences(cell: Cell, *, today: date | None = None) -> Reading[Absences]:
    """As the roster holds them, by day; none when the cell is empty. Days over a year from `today` are shown."""
    text, found = plain_lines(cell)
    if word_key(text) in (NOTHING | _NOT_AWAY) - {"x"}:
        return Reading([], found)
    state = _Spans(is_month_first=isinstance(cell, MonthFirstText))
    try:
        spans = sorted({_read_span(part, state, cell) for part in _parts(text)})
    except NotUnderstoodError as wrong:
        return refused(
            wrong.code, vi=f"“{text}”: {wrong.vi}", en=f"“{text}”: {wrong.en}", mend_vi=MEND_VI, mend_en=MEND_EN
        )
    clash = next((later[0] for earlier, later in pairwise(spans) if later[0] <= earlier[1]), None)
    if clash is not None:
        return refused(
            "absences.overlap", vi=f"“{text}”: ngày {clash:%d/%m/%Y} được ghi hai lần.",
            en=f"“{text}”: {clash:%d/%m/%Y} is named twice.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    found += _remarks(cell, spans, state, today)
    if any(finding.is_error for finding in found):
        return Reading(None, found)
    return Reading(
        [
            {"starts_on": first.isoformat(), "ends_on": last.isoformat(), "kind": kind.value, "note": ""}
            for first, last, kind in spans
        ],
        found,
    )


def _parts(text: str) -> list[str]:
    """Lower case, no accents. A comma behind a weekday belongs to the date: 'thứ sáu, 20/11/2026'."""
    key = re.sub(rf"\b({_WEEKDAY}),(?= ?(?:ngay )?\d)", r"\1", search_key(text))
    key = _SHARED.sub(_each_whole, key)
    return [part.strip() for part in re.split(r"[;,]|\bva\b", key) if part.strip()]


def _each_whole(match: re.Match[str]) -> str:
    days = [*re.findall(r"\d+", match["days"]), match["last"]]
    return ", ".join(f"{day}{match['rest']}" for day in days)


def _read_span(part: str, state: _Spans, cell: Cell) -> Span:
    match = _PART.fullmatch(part)
    if match is None or (match["start"] and not (match["last"] or match["month"])):
        if _DAY_AND_MONTH.search(part):
            raise NotUnderstoodError("absences.no_year", f"“{part}” thiếu năm.", f"“{part}” lacks the year.")
        raise _unknown(part)
    if match["from"] and not (match["last"] or match["month"]):
        raise NotUnderstoodError(
            "absences.no_end", f"“{part}” thiếu ngày kết thúc.", f"“{part}” does not say when it ends."
        )
    state.kind = _kind_of(match["before"] or "", part) or state.kind
    kind = _kind_of(match["after"] or "", part) or state.kind
    state.has_half_day = state.has_half_day or bool(match["half"] or match["after_half"])
    first, last = _days_of(match, part, state)
    _check_weekday(match["weekday"], first, part)
    if isinstance(cell, EitherOrderText) and any(
        day.day <= LAST_MONTH and day.day != day.month for day in (first, last)
    ):
        raise NotUnderstoodError(
            "absences.either_order", f"“{part}”: cột này có ngày trước, có tháng trước; không rõ ngày nào.",
            f"“{part}”: this column has both day-first and month-first dates; which it is, is not clear.",
        )  # fmt: skip
    return first, last, kind


def _days_of(match: re.Match[str], part: str, state: _Spans) -> tuple[date, date]:
    is_month_first = state.is_month_first
    last = read_date(match["last"], is_month_first=is_month_first) if match["last"] else None
    if match["month"]:
        month, year = (int(figure) for figure in re.findall(r"\d+", match["month"]))
        last = date(year, month, monthrange(year, month)[1]) if 1 <= month <= LAST_MONTH and year > 1 else None
    if match["full"]:
        first = read_date(match["full"], is_month_first=is_month_first)
    else:
        first = _start(match["start"], last, is_month_first=is_month_first)
    if not (match["last"] or match["month"]):
        last = first
    if first is None or last is None:
        raise NotUnderstoodError("absences.no_such_day", f"“{part}”: không có ngày này.", f"“{part}”: no such day.")
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise NotUnderstoodError(
            "absences.bad_span", f"“{part}”: ngày cuối phải sau ngày đầu, không quá một năm.",
            f"“{part}”: it must end after it starts, within a year.",
        )  # fmt: skip
    return first, last


def _start(text: str, last: date | None, *, is_month_first: bool) -> date | None:
    """The first day of '24-28/11/2026' or '30/11-4/12/2026': what is not written is the last day's."""
    if last is None:
        return None
    figures = [int(figure) for figure in re.findall(r"\d+", text)]
    day, month = (*figures, last.month)[:2]
    if is_month_first and len(figures) > 1:
        day, month = month, day
    try:
        return date(last.year, month, day)
    except ValueError:
        return None


def _kind_of(word: str, part: str) -> AbsenceKind | None:
    word = word.strip()
    if not word:
        return None
    named = next((kind for kind, pattern in _KINDS if re.fullmatch(pattern, word)), None)
    if named is None:
        raise _unknown(part)
    return named


def _check_weekday(named: str | None, first: date, part: str) -> None:
    if not named:
        return
    weekday = {"cn": 6, "chu nhat": 6}.get(named)
    if weekday is None:
        weekday = 5 if re.search(r"7|bay", named) else find_weekday(named)
    if weekday != first.weekday():
        raise NotUnderstoodError(
            "absences.weekday", f"“{part}”: ngày {first:%d/%m/%Y} không phải thứ đó.",
            f"“{part}”: {first:%d/%m/%Y} is another weekday.",
        )  # fmt: skip


def _unknown(part: str) -> NotUnderstoodError:
    return NotUnderstoodError("absences.unknown", f"không hiểu “{part}”.", f"“{part}” is not understood.")


def _remarks(cell: Cell, spans: list[Span], state: _Spans, today: date | None) -> list[Finding]:
    found: list[Finding] = []
    shown = ", ".join(f"{first:%d/%m/%Y}" for first, _, _ in spans)
    if isinstance(cell, SwappedDate):
        found.append(warning(
            "absences.swapped",
            vi=f"Excel ghi {cell.month:02}/{cell.day:02}, có lẽ do đảo ngày và tháng; đọc là ngày {shown}.",
            en=f"Excel has day {cell.month}, month {cell.day}, most likely taken for each other; read as {shown}.",
        ))  # fmt: skip
    if state.is_month_first:
        found.append(warning(
            "absences.month_first", vi=f"Cột này ghi tháng trước ngày; đọc là ngày {shown}.",
            en=f"Dates of this column start with the month; read as {shown}.",
        ))  # fmt: skip
    if state.has_half_day:
        found.append(warning(
            "absences.half_day", vi="Bận một buổi được tính cả ngày.", en="Half a day away counts as the whole day.",
        ))  # fmt: skip
    far = [first for first, _, _ in spans if today and abs((first - today).days) > FAR_DAYS]
    if far:
        found.append(warning(
            "absences.far", vi=f"Ngày {far[0]:%d/%m/%Y} cách hôm nay hơn một năm; có đúng năm không?",
            en=f"{far[0]:%d/%m/%Y} is over a year from today; is the year right?",
        ))  # fmt: skip
    return found
