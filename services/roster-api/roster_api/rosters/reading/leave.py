"""Leave told in two columns, its first day and its last: 'Từ ngày' and 'Đến ngày' under 'Nghỉ phép'."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from roster_api.rosters.reading.absences import MEND_EN, MEND_VI, Absences, read_absences
from roster_api.rosters.reading.cells import Cell, text_of
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.dates import FULL, EitherOrderText, MonthFirstText, SwappedDate
from roster_api.rosters.reading.findings import Reading, refused
from roster_api.rosters.reading.header_labels import Labels
from roster_api.rosters.reading.header_words import as_free, has_word
from roster_api.rosters.reading.words import word_key
from roster_api.text import search_key

FIRST, LAST = "from", "to"
_FROM = re.compile(r"(?:tu|tu ngay|ngay bat dau|bat dau(?: tu)?(?: ngay)?|from|start(?: date)?)")
_TO = re.compile(r"(?:(?:den|toi|den het)(?: ngay)?|het ngay|(?:ngay )?ket thuc|to|until|end(?: date)?)")
_AWAY = re.compile(
    r"(?:(?:thoi gian|lich|cac|dang ky|xin|ngay|dot|ke hoach|du kien) )*"
    r"(?:nghi(?! (?:huu|viec|hoc|han|luon|le|tet))|phep|vang(?: mat)?|ban|di cong tac|leave|absences?|busy|away)\b.*"
)
_ONE_DATE = re.compile(rf"(?:{FULL})(?: 00:00(?::00)?)?")
_FIRST_DATE = re.compile(rf"{_ONE_DATE.pattern}|\d{{1,2}}(?:[/.]\d{{1,2}})?")
_NONE = frozenset({"", "khong", "khong co", "ko", "0"})


def with_leave(labels: Sequence[Labels], columns: Sequence[Column | None]) -> list[Column | None]:
    """The one column of first days of leave, and the one of last days; of several nobody knows which belong together.

    Beside a column that tells absences in words they stay unread, and what is in them is asked about.
    """
    ends = {index: end for index, stack in enumerate(labels) if (end := _end_of(stack)) and columns[index] is None}
    for index in [index for index, end in ends.items() if end == FIRST and len(labels[index]) == 1]:
        beside = labels[index + 1] if index + 1 < len(labels) else ()
        if len(beside) == 1 and _bare_end(word_key(beside[0])) == LAST and columns[index + 1] is None:
            ends[index + 1] = LAST  # 'Đến ngày' right of 'Nghỉ từ ngày'
    heads = {" / ".join(labels[index][:-1]) for index in ends}
    has_words = any(column is not None and column.kind is Kind.ABSENCES for column in columns)
    if has_words or len(heads) != 1 or sorted(ends.values()) != [FIRST, LAST]:
        return list(columns)
    return [
        Column(index, Kind.ABSENCES, " / ".join(labels[index]), half=ends[index]) if index in ends else column
        for index, column in enumerate(columns)
    ]


def _end_of(stack: Labels) -> str | None:
    """'from' of 'Từ ngày' under 'Nghỉ phép', of 'Nghỉ từ ngày' and of 'Ngày bắt đầu nghỉ'."""
    if not stack:
        return None
    leaf, above = word_key(stack[-1]), stack[:-1]
    if above:
        return _bare_end(leaf) if _is_away(above[-1]) else None
    words = leaf.split()
    for cut in range(1, len(words)):
        for head, tail in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            end = _bare_end(" ".join(tail))
            if end and _AWAY.fullmatch(" ".join(head)) and _is_away(stack[-1]):
                return end
    return None


def _bare_end(key: str) -> str | None:
    return FIRST if _FROM.fullmatch(key) else LAST if _TO.fullmatch(key) else None


def _is_away(header: str) -> bool:
    """Heads what keeps people away, and does not deny it ('Không nghỉ'); 'bàn' and 'bạn' are not 'bận'."""
    lowered = word_key(header)
    is_of_busy = not re.search(r"\bban\b", lowered) or has_word(header, ("bận",))
    return is_of_busy and as_free(header) == header and bool(_AWAY.search(lowered)) and not has_word(header, ("không",))


def read_leave(first: Cell, last: Cell, *, today: date | None) -> Reading[Absences]:
    """From `first` to `last`, both included; none where both are empty. One of them alone is an error."""
    texts = [text_of(cell) for cell in (first, last)]
    keys = ["" if word_key(text) in _NONE else search_key(text) for text in texts]
    if not any(keys):
        return Reading([])
    if not all(keys):
        return refused(
            "absences.no_end", vi=f"“{' '.join(texts).strip()}”: thiếu ngày đầu hoặc ngày cuối.",
            en=f"“{' '.join(texts).strip()}”: the first or the last day is missing.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    if not (_FIRST_DATE.fullmatch(keys[0]) and _ONE_DATE.fullmatch(keys[1])):
        return refused(
            "absences.unknown", vi=f"“{texts[0]}” đến “{texts[1]}”: mỗi ô chỉ ghi một ngày đủ năm.",
            en=f"“{texts[0]}” to “{texts[1]}”: each cell takes one day with its year.",
            mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    reading = read_absences(_in_their_order(" - ".join(texts), first, last), today=today)
    swapped = [read_absences(cell).findings for cell in (first, last) if isinstance(cell, SwappedDate)]
    return replace(reading, findings=sum(swapped, reading.findings))


def _in_their_order(text: str, *cells: Cell) -> str:
    """The text of both dates, carrying which of day and month comes first in their columns."""
    if any(isinstance(cell, EitherOrderText) for cell in cells):
        return EitherOrderText(text)
    return MonthFirstText(text) if any(isinstance(cell, MonthFirstText) for cell in cells) else text
