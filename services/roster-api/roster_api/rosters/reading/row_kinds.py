"""What a row under the header is, by all that stands in it: a person, a heading, a total, a numbering row, the end."""

import re
import unicodedata
from enum import Enum

from roster_api.rosters.reading.cells import Cell, Sheet, text_of
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.words import word_key
from roster_api.text import search_key


class RowKind(Enum):
    """What is read, and what is passed over (and named)."""

    BLANK = "blank"
    PREFILLED = "prefilled"
    PERSON = "person"
    HEADING = "heading"
    TOTAL = "total"
    NUMBERING = "numbering"
    REMARK = "remark"
    END = "end"


_MADE_READY = {Kind.ROLE, Kind.YEAR, Kind.MAX_DAYS, Kind.DISTANCE, Kind.TEAM}
EXAMPLE_PHONE = "0950000123"
Filled = list[tuple[int, str]]
"""(column, text) of the cells with something of their own in them."""
_TOTAL = re.compile(r"(?:tổng|cộng|lũy kế|luỹ kế|(?:trang trước )?(?:mang sang|chuyển sang))\b")
_TOTAL_PLAIN = re.compile(r"(?:tong|cong|luy ke|(?:trang truoc )?(?:mang sang|chuyen sang))\b")
_TOTAL_TAIL = re.compile(
    r"(so|cong|cac|nguoi|gv|sv|giang vien|giao vien|sinh vien|can bo|toan bo|danh sach|ca|truong|khoa|lop|trang"
    r"|sau|\d+)( |$)"
)
_OF_A_PART = re.compile(r"(?:Tổng )?[Cc]ộng (?:khoa|tổ|bộ môn|phòng|trung tâm|viện|lớp|ngành|nhóm|đơn vị) ")
"""'Cộng khoa Luật': a name would have the second word in capitals."""
_END = re.compile(
    r"^(nguoi (lap|tong hop|duyet|ky)|lap (bang|bieu)|(pho )?hieu truong|(pho )?giam doc|thu truong"
    r"|truong (khoa|phong|ban)|t ?l|t ?m|k ?t|t ?u ?q)"
    r"( (bang|bieu|danh sach|hieu truong|giam doc|phong|khoa|ban|truong|bgh|ban giam hieu|.*truong.*))?$"
    r"|^(xac nhan|ban giam hieu|ky (va )?ghi|ky ten|da ky|noi nhan|an dinh danh sach|danh sach (nay )?(gom|co)\b"
    r"|dai dien|phe duyet|y kien)"
    r"|^(.*\b)?(ngay( \d+)? ?)thang( \d+)? ?nam\b"
)
_PAGE = re.compile(r"^trang( so)? \d+( (tren )?\d+)?$")
_REMARK = re.compile(r"^(ghi chu|luu y|chu thich|chu y|huong dan|note|vi du|mau)\b")
_FOOTNOTE = re.compile(r"\s*[(\[]?\*{1,5}[)\]]?\s*(?=\S)|\s*\(\d\)\s+")
_WORDS_OF_A_SENTENCE = 3
_ASK = re.compile(r"\b(lien he|thac mac|hotline|moi chi tiet|phan hoi)\b")
_NUMBERED = re.compile(r"^\s*([IVXivx]+|[A-H]|\d{1,2})\s*[.)\-–:/]\s*\S")
_NUMERAL = re.compile(r"(?:[IVX]{1,5}|[A-H])[.)]?")
_GROUPS = re.compile(
    r"^(danh sach|bo mon|phong|trung tam|vien|nganh|chuyen nganh|giang vien|sinh vien|giao vien|hoc vien|can bo"
    r"|vien chuc|doi|nhom|to|khoi|nien khoa|khoa hoc|he|co so)\b"
)
_OF_A_SCHOOL = re.compile(r"(khoa|lop|truong)\b")
_NUMBER = re.compile(r"\d(?:[^\w/]{0,3}\d){7,}")
_EMPTY = {"FALSE", "-", "–", ".", "…", "..."}
_HINT = re.compile(r"\([^()]{1,40}\)")
_NUMBER_CELL = re.compile(r"[(\[]?\s*([a-zA-Z]|\d{1,2})\s*[)\]]?(\s*=.*)?")


def covered_columns(sheet: Sheet) -> dict[int, set[int]]:
    """{row: columns} whose value is another cell's, by a merge: they count once, where the merge starts."""
    covered: dict[int, set[int]] = {}
    for top, left, bottom, right in sheet.appearance.merges:
        if top >= len(sheet.rows) or left >= len(sheet.rows[top]) or sheet.rows[top][left] is None:
            continue
        for number in range(top, min(bottom + 1, len(sheet.rows))):
            columns = covered.setdefault(number, set())
            columns |= set(range(left, min(right, 400) + 1)) - ({left} if number == top else set())
    return covered


def filled_cells(cells: list[Cell], header: Header, covered: set[int]) -> Filled:
    """The filled cells of a row within the table; a merge counts once, a running number not at all."""
    numbering = header.find(Kind.NUMBERING)
    skipped = numbering.index if numbering else -1
    filled: Filled = []
    for index in range(header.first_column, min(header.last_column + 1, len(cells))):
        text = text_of(cells[index]) if cells[index] is not None and index not in covered else ""
        if text and text not in _EMPTY and not (index == skipped and text.rstrip(".").isdecimal()):
            filled.append((index, text))
    return filled


def has_contact(cells: list[Cell], header: Header) -> bool:
    """Has a phone number or an address where those belong: surely meant as a person."""
    for kind in (Kind.PHONE, Kind.EMAIL):
        column = header.find(kind)
        cell = cells[column.index] if column and column.index < len(cells) else None
        if type(cell) is str and len(cell) > 7 and cell.isdigit() and cell.isascii():
            return True
        text = text_of(cell)
        if _NUMBER.search(text) or "@" in text:
            return True
    return False


def judge_row(filled: Filled, header: Header, *, is_contact: bool, has_people: bool) -> RowKind:
    """What the row is; whatever is not surely something else is a person, whose faults are then told."""
    kind = RowKind.PERSON
    if not filled:
        kind = RowKind.BLANK
    elif _is_example(filled) or (len(filled) == 1 and _is_aside(filled[0][1])):
        kind = RowKind.REMARK
    elif is_contact:
        kind = RowKind.PERSON
    elif not has_people and _is_numbering(filled):
        kind = RowKind.NUMBERING
    elif _is_total(filled):
        kind = RowKind.TOTAL
    elif len(filled) <= 4 and all(_is_end(text) for _, text in filled):
        kind = RowKind.END
    elif _is_prefilled(filled, header):
        kind = RowKind.PREFILLED
    elif is_numbered_group(filled):
        kind = RowKind.HEADING
    elif len(filled) == 1:
        kind = _judge_alone(filled[0], header)
    return kind


def is_after_end(filled: Filled, header: Header) -> bool:
    """Below the end: signatures and names of who signs. A row that fills a name and two more columns is not."""
    known = {column.index for column in header.columns if column.kind is not Kind.NUMBERING}
    return sum(index in known for index, _ in filled) < 3


def is_numbered_group(filled: Filled) -> bool:
    """'II' in one cell and 'KHOA LUẬT' in the next, and nothing else: nobody's name stands behind a numeral so."""
    if len(filled) != 2 or not _NUMERAL.fullmatch(filled[0][1]):
        return False
    key = word_key(filled[1][1])
    return bool(_GROUPS.search(key) or _OF_A_SCHOOL.match(key))


def heading_of(filled: Filled) -> str:
    """A heading's words, without the numeral in a cell of its own."""
    return filled[1][1] if is_numbered_group(filled) else filled[0][1]


def _is_numbering(filled: Filled) -> bool:
    """'(1) (2) (3)' or 'A B 1 2' under the header, as forms have it; '(10 số)', '(km)'."""
    return len(filled) >= 3 and all(_NUMBER_CELL.fullmatch(text) or _HINT.fullmatch(text) for _, text in filled)


def _is_aside(text: str) -> bool:
    """A page's number, or a remark that holds a number or an address."""
    return bool(_PAGE.search(word_key(text))) or _is_sentence(text)


def _is_sentence(text: str) -> bool:
    """A remark that holds a number or an address, alone in its row: 'Mọi thắc mắc liên hệ cô Lan: 0950 ...'."""
    return bool(_ASK.search(word_key(text))) and bool(_NUMBER.search(text) or "@" in text)


def _is_example(filled: Filled) -> bool:
    """The template's own example, as it came: 'VD' for a number and the example's phone."""
    return filled[0][1].upper() in {"VD", "VÍ DỤ"} and any(text == EXAMPLE_PHONE for _, text in filled)


def _is_prefilled(filled: Filled, header: Header) -> bool:
    """A row made ready for somebody: a role or a number of days, and nobody yet."""
    kinds = {column.index: column.kind for column in header.columns}
    return all(kinds.get(index) in _MADE_READY for index, _ in filled)


def _is_total(filled: Filled) -> bool:
    """'Tổng cộng: 12 người', 'Cộng' with figures beside it. 'Công Tằng' and 'Tống Văn An' are names."""
    first = unicodedata.normalize("NFC", filled[0][1].lower())
    is_plain = first == search_key(first)
    head = _TOTAL.match(first) or (_TOTAL_PLAIN.match(first) if is_plain else None)
    if head is None:
        return False
    rest = word_key(first[head.end() :])
    while rest and (tail := _TOTAL_TAIL.match(rest)):
        rest = rest[tail.end() :].strip()
    if _OF_A_PART.match(filled[0][1]):
        return all(re.fullmatch(r"[\d\s.,()]+(người)?", text) for _, text in filled[1:])
    if rest and ":" not in first:
        return False
    return all(re.search(r"\d", text) or len(text) < 3 for _, text in filled[1:])


def _is_end(text: str) -> bool:
    key = word_key(text)
    return bool(_END.search(key)) or bool(re.fullmatch(r"\(.*\)", text) and re.search(r"\b(ky|dong dau|ho ten)\b", key))


def _judge_alone(cell: tuple[int, str], header: Header) -> RowKind:
    index, text = cell
    column = next((column for column in header.columns if column.index == index), None)
    key = word_key(text)
    if _REMARK.search(key) or _is_footnote(text):
        return RowKind.REMARK
    if column is None or column.kind in {Kind.NUMBERING, Kind.OTHERS}:
        return RowKind.HEADING
    if _NUMBERED.match(text):
        return RowKind.HEADING
    is_name = column.kind in {Kind.FULL_NAME, Kind.GIVEN, Kind.FAMILY}
    if is_name or index == header.first_column:
        return RowKind.HEADING if _is_group(text, key) else RowKind.PERSON
    return RowKind.PERSON


def _is_footnote(text: str) -> bool:
    """'(*) Ghi các ngày có thể tham gia': a mark, then a sentence; names have no small words, no figures."""
    mark = _FOOTNOTE.match(text)
    words = re.findall(r"[^\W\d_]+", text[mark.end() :]) if mark else []
    has_figures = bool(words) and any(char.isdigit() for char in text[3:])
    return has_figures or sum(word.islower() for word in words) >= _WORDS_OF_A_SENTENCE


def _is_group(text: str, key: str) -> bool:
    """Names a group and could not be a person's name: has figures, a word in small letters, or one all in capitals."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word]
    if not (_GROUPS.search(key) or _OF_A_SCHOOL.match(key)):
        return False
    is_all_capitals = text.isupper()
    has_small = any(word.islower() for word in words)
    has_short = any(word.isupper() and len(word) > 1 for word in words) and not is_all_capitals
    is_long_capitals = is_all_capitals and bool(_GROUPS.search(key))
    return has_small or has_short or is_long_capitals or bool(re.search(r"\d", text))
