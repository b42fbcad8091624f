"""Free weekdays as people write them: 'T2, T4, T6', 'Thứ 2 - Thứ 5', 'Sáng thứ 3', 'cả tuần trừ T4', 'Mon, Wed'."""

import re
from datetime import date

from roster_api.rosters.reading.cells import Cell, lines_of
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.text import search_key

MEND_VI = "Viết các thứ cách nhau bằng dấu phẩy, ví dụ T2, T4, T6 (chỉ từ T2 đến T6)."
MEND_EN = "Write weekdays with commas between, e.g. T2, T4, T6 (T2 = Monday to T6 = Friday)."
NAMES_VI = ("T2", "T3", "T4", "T5", "T6")

_NUMBERS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_ENGLISH = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_TOKEN = re.compile(
    r"(?P<all>ca tuan|tat ca(?: cac ngay)?|hang ngay|hang tuan|moi ngay|all|full ?time|toan thoi gian)"
    r"|(?P<except>tru|ngoai tru|except)\b"
    r"|(?P<whole>ca ngay)"
    r"|(?P<sunday>chu nhat|\bcn\b)"
    r"|(?P<word>\bthu (?:hai|ba|tu|nam|sau|bay)\b)"
    r"|(?P<number>\b(?:thu|t)\.? ?\d\b)"
    r"|(?P<english>\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b)"
    r"|(?P<from>\btu\b(?= (?:thu|t ?\d|\d)))"
    r"|(?P<bare>\b(?:hai|ba|tu|nam|sau|bay)\b)"
    r"|(?P<digits>\d+)"
    r"|(?P<to>->|[-–—→~]|\bden\b|\btoi\b(?= *(?:thu|t ?\d|\d)))"
    r"|(?P<half>\b(?:sang|chieu)\b)"
    r"|(?P<filler>\b(?:va|cac|ngay|buoi|tuan|trong|and|toi|gio|hanh chinh|ranh|thu|luc)\b)"
    r"|(?P<separator>[\s,;.&+/:()|]+)"
    r"|(?P<unknown>[^\s,;.&+/:()|]+)"
)


def read_weekdays(cell: Cell) -> Reading[tuple[int, ...]]:
    """Sorted weekdays, 0 = Monday ... 4 = Friday; at least one."""
    if isinstance(cell, date):
        return refused(
            "days.date", vi="Excel đã đổi ô này thành ngày tháng.", en="Excel turned this cell into a date.",
            mend_vi=f"Định dạng ô là Văn bản rồi gõ lại. {MEND_VI}",
            mend_en=f"Format the cell as Text and type it again. {MEND_EN}",
        )  # fmt: skip
    text = lines_of(cell)
    if not text:
        return refused(
            "days.missing", vi="Thiếu ngày rảnh.", en="The free weekdays are missing.", mend_vi=MEND_VI, mend_en=MEND_EN
        )
    parser = _Parser()
    for match in _TOKEN.finditer(search_key(text)):
        parser.take(match.lastgroup or "", match.group())
    if parser.unknown:
        return refused(
            "days.unknown", vi=f"“{text}”: không hiểu “{_as_written(parser.unknown[0], text)}”.",
            en=f"“{text}”: “{_as_written(parser.unknown[0], text)}” is not understood.",
            mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    days = parser.days()
    served = tuple(sorted(day for day in days if day <= 4))
    if not served:
        return refused(
            "days.weekend_only", vi=f"“{text}”: không có ngày làm việc nào.", en=f"“{text}”: no working day in it.",
            mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    return Reading(served, _remarks(days, parser.is_half, served))


def _as_written(unknown: str, text: str) -> str:
    """The words of `text`, accents and all, that were not understood."""
    words = text.split()
    size = len(unknown.split())
    runs = (" ".join(words[at : at + size]).strip(",;.") for at in range(len(words)))
    return next((run for run in runs if search_key(run) == unknown), unknown)


def _remarks(days: set[int], is_half: bool, served: tuple[int, ...]) -> list[Finding]:
    shown = ", ".join(NAMES_VI[day] for day in served)
    found: list[Finding] = []
    if max(days) > 4:
        found.append(warning(
            "days.weekend", vi=f"Xã không làm việc thứ 7, chủ nhật; đọc là {shown}.",
            en=f"Communes are closed at weekends; read as {shown}.",
        ))  # fmt: skip
    if is_half:
        found.append(warning(
            "days.half_day", vi=f"Buổi sáng/chiều được tính cả ngày; đọc là {shown}.",
            en=f"Half days count as whole days; read as {shown}.",
        ))  # fmt: skip
    return found


def find_weekday(text: str) -> int | None:
    """The one weekday a column header names ('T2', 'Thứ hai', 'Mon'); None when it names none, or more."""
    key = " ".join(search_key(text).split())
    if not re.fullmatch(r"t ?[2-6]|thu ([2-6]|hai|ba|tu|nam|sau)|(mon|tue|wed|thu|fri)[a-z]*", key):
        return None
    days = read_weekdays(text).value
    return days[0] if days and len(days) == 1 else None


class _Parser:
    """Takes tokens from left to right. A dash between two days is a range; between three or more, a list."""

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.chains: list[tuple[bool, list[int]]] = []
        """(is it an exception, days joined by dashes)"""
        self.sessions: set[str] = set()
        self.is_half = False
        self.is_joined = False
        self.is_except = False
        self.is_session_open = False

    def take(self, kind: str, text: str) -> None:
        if kind in {"word", "number", "english", "bare", "digits", "sunday"}:
            for day in self._days_of(kind, text):
                self._add(day)
        elif kind == "all":
            self.chains.append((self.is_except, [0, 4]))
        elif kind == "except":
            self.is_except = True
        elif kind == "to":
            self.is_joined = bool(self.chains)
        elif kind in {"half", "whole"}:
            if not self.is_session_open:
                self._close_session()
            self.is_session_open = True
            self.sessions |= {text} if kind == "half" else {"sang", "chieu"}
        elif kind == "unknown":
            self.unknown.append(text)

    def _days_of(self, kind: str, text: str) -> list[int]:
        if kind == "sunday":
            return [6]
        if kind == "english":
            return [_ENGLISH[text[:3]]]
        if kind in {"word", "bare"}:
            return [_NUMBERS[text.rsplit(maxsplit=1)[-1]]]
        figures = [int(char) for char in text if char.isdigit()]
        if any(not 2 <= figure <= 8 or figure == 8 for figure in figures):
            self.unknown.append(text)
            return []
        return [figure - 2 for figure in figures]

    def _add(self, day: int) -> None:
        if self.is_joined and self.chains:
            self.chains[-1][1].append(day)
        else:
            self.chains.append((self.is_except, [day]))
        self.is_joined = self.is_session_open = False

    def _close_session(self) -> None:
        self.is_half = self.is_half or len(self.sessions) == 1
        self.sessions = set()

    def days(self) -> set[int]:
        self._close_session()
        found: dict[bool, set[int]] = {False: set(), True: set()}
        for is_except, chain in self.chains:
            is_range = len(chain) == 2 and chain[0] <= chain[1]
            found[is_except] |= set(range(chain[0], chain[1] + 1)) if is_range else set(chain)
        return found[False] - found[True]
