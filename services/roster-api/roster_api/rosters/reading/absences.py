"""Dated absences as people write them: '20/11/2026, 24-28/11/2026', 'thi 9/12/2026; nghỉ từ 30/11 đến 4/12/2026'."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

from commune_schemas.days import AbsenceKind

from roster_api.rosters.reading.cells import Cell, lines_of
from roster_api.rosters.reading.findings import Reading, refused
from roster_api.text import search_key

MEND_VI = "Viết ngày đủ năm, cách nhau bằng dấu phẩy: 20/11/2026, 24-28/11/2026; có thể ghi dạy, thi, nghỉ trước ngày."
MEND_EN = (
    "Write days with the year, commas between: 20/11/2026, 24-28/11/2026; dạy, thi or nghỉ may stand before a day."
)
LONGEST_DAYS = 366

_KINDS = (
    (AbsenceKind.TEACHING, r"(?:ban |lich |ngay )?(?:giang day|day|giang|len lop)"),
    (AbsenceKind.EXAM, r"(?:ban |lich |ngay |coi |cham )?thi"),
    (AbsenceKind.LEAVE, r"(?:xin )?nghi(?: phep)?|ban(?: viec)?|phep|(?:di )?cong tac"),
)
_PART = re.compile(
    r"(?:(?P<word>[a-z][a-z ]*?) ?:? ?)??(?:(?:tu )?(?:ngay )?)"
    r"(?P<day>\d{1,2})(?:[/.](?P<month>\d{1,2})(?:[/.](?P<year>\d{4}))?)?"
    r"(?: ?(?:-|–|—|->|→|den|toi) ?(?:ngay )?(?P<last>\d{1,2})[/.](?P<last_month>\d{1,2})[/.](?P<last_year>\d{4}))?"
)  # fmt: skip
Span = tuple[date, date, AbsenceKind]


def read_absences(cell: Cell) -> Reading[list[dict[str, Any]]]:
    """As the roster holds them, by day; none when the cell is empty. A kind holds until another is named."""
    text = lines_of(cell)
    kind, spans = AbsenceKind.LEAVE, set[Span]()
    for part in re.split(r"[;,]|\bva\b", search_key(text)):
        if not part.strip():
            continue
        span = _read_span(part.strip(), kind)
        if span is None:
            return refused(
                "absences.unknown", vi=f"“{text}”: không hiểu “{part.strip()}”.",
                en=f"“{text}”: “{part.strip()}” is not understood.", mend_vi=MEND_VI, mend_en=MEND_EN,
            )  # fmt: skip
        kind = span[2]
        spans.add(span)
    in_order = sorted(spans)
    clash = next((later[0] for earlier, later in pairwise(in_order) if later[0] <= earlier[1]), None)
    if clash is not None:
        return refused(
            "absences.overlap", vi=f"“{text}”: ngày {clash:%d/%m/%Y} được ghi hai lần.",
            en=f"“{text}”: {clash:%d/%m/%Y} is named twice.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    return Reading([
        {"starts_on": first.isoformat(), "ends_on": last.isoformat(), "kind": kind.value, "note": ""}
        for first, last, kind in in_order
    ])  # fmt: skip


def _read_span(part: str, kind: AbsenceKind) -> Span | None:
    """One day or span, with the kind it names, else the one before."""
    match = _PART.fullmatch(part)
    if match is None:
        return None
    word = (match["word"] or "").strip()
    if word:
        named = next((one for one, pattern in _KINDS if re.fullmatch(pattern, word)), None)
        if named is None:
            return None
        kind = named
    month, year = match["month"] or match["last_month"], match["year"] or match["last_year"]
    if month is None or year is None:
        return None
    try:
        first = date(int(year), int(month), int(match["day"]))
        last = date(int(match["last_year"]), int(match["last_month"]), int(match["last"])) if match["last"] else first
    except ValueError:
        return None
    return (first, last, kind) if 0 <= (last - first).days < LONGEST_DAYS else None
