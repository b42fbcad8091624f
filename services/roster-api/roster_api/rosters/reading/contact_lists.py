"""Lists of names and contacts alone: what people can and when is asked of them, and until then nobody matches them."""

from commune_schemas.amounts import amount

from roster_api.rosters.reading.cells import Cell, Sheet, text_of
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.expertise import read_fields
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.weekdays import read_weekdays
from roster_api.rosters.reading.words import word_key

_SAID_ELSEWHERE = {Kind.DAYS, Kind.DAY_MARK, Kind.FIELDS, Kind.FIELD_MARK, Kind.BUSY}
_TICKS = {"x", "v", "✓", "✔", "☑"}
ROWS_LOOKED_AT = 200


def has_contacts_alone(header: Header) -> bool:
    """Names with a phone or an e-mail, and not a word about days or fields."""
    kinds = set(header.first_of) | set(header.for_all)
    return not kinds & _SAID_ELSEWHERE and bool(kinds & {Kind.PHONE, Kind.EMAIL})


def is_contact_list(header: Header, sheet: Sheet) -> bool:
    """May be read as one: each person has a role, and no column that is not understood may tell days or fields."""
    if not has_contacts_alone(header) or header.repeated or sheet.appearance.hidden_columns:
        return False
    if set(header.missing()) - {Kind.PHONE, Kind.DAYS, Kind.FIELDS}:
        return False
    read = {column.index for column in (*header.columns, *header.second)}
    rows = sheet.rows[header.first_data_row - 1 :][:ROWS_LOOKED_AT]
    return not any(
        _may_tell(cell)
        for row in rows
        for index, cell in enumerate(row[: header.last_column + 1])
        if index >= header.first_column and index not in read
    )


def _may_tell(cell: Cell) -> bool:
    text = text_of(cell)
    if not text:
        return False
    return text.lower() in _TICKS or bool(read_fields(text).value) or _tells_days(text)


def _tells_days(text: str) -> bool:
    """In words: a bare number may be anything."""
    return not word_key(text).isdecimal() and bool(read_weekdays(text).value)


def note_incomplete(people: int) -> tuple[str, str]:
    return (
        f"Danh sách không nói ngày rảnh, lĩnh vực: {people} người chưa đủ thông tin, chưa ghép đến khi khai ngày.",
        f"The list tells no free days: {amount(people, 'person is', 'people are')} not matched until days are told.",
    )
