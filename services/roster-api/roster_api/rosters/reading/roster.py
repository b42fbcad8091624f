"""A whole file read: the tables in its sheets, the people in them, people told twice, and what was passed over."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from commune_schemas.amounts import amount

from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.choices import (
    Choices,
    SheetChoice,
    check_sheets,
    choose_headers,
    header_texts,
    without_header,
)
from roster_api.rosters.reading.column_faults import find_faults, refuse_columns, refuse_without_header
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.contact_lists import is_contact_list, note_incomplete
from roster_api.rosters.reading.findings import Finding
from roster_api.rosters.reading.groups import with_roles_of_groups
from roster_api.rosters.reading.headers import Header, find_headers
from roster_api.rosters.reading.legacy_sheets import repair_notes
from roster_api.rosters.reading.mapped import map_table
from roster_api.rosters.reading.people import CellFinding, RosterRow, duplicate_finding, shared_mailbox
from roster_api.rosters.reading.preparing import prepare
from roster_api.rosters.reading.refusals import FileFault, RefusedFileError
from roster_api.rosters.reading.shown import show
from roster_api.rosters.reading.table_mappings import TableMapping
from roster_api.rosters.reading.tables import MAXIMUM_PEOPLE, TableReader, has_contacts
from roster_api.rosters.reading.unread_marks import note_marks
from roster_api.text import search_key

NO_CHOICES = Choices()
_Contacts = tuple[Sheet, list[Header], SheetChoice | None]
"""A sheet of contacts alone, its headers, and the choice that was followed."""
_Incomplete = tuple[Sheet, list[Header], list[FileFault]]
"""A sheet that lacks columns, its headers, and what they lack."""


@dataclass(slots=True)
class RosterReading:
    """What a file says. `notes` are (vi, en) about what was read and what was passed over.

    `spoken_of`: search keys of texts in what was left out, so that nobody there is taken for missing.
    `is_whole`: no sheet with people in it went unread.
    """

    rows: list[RosterRow] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    spoken_of: set[str] = field(default_factory=set)
    is_whole: bool = True
    tables: list[TableMapping] = field(default_factory=list)
    choices: list[SheetChoice] = field(default_factory=list)
    """The choices that were followed, with the header's texts."""

    def header_rows(self) -> dict[str, int]:
        """{sheet: the row of its first header}."""
        return {header.sheet: max(header.row, 1) for header in reversed(self.headers)}


def read_roster(
    sheets: list[Sheet], *, include_hidden: bool = False, choices: Choices = NO_CHOICES,
    say_rows: Callable[[int], None] = lambda _: None,
) -> RosterReading:  # fmt: skip
    """All people of all sheets that hold a list; RefusedFileError when no sheet does, or a needed column is missing.

    Hidden sheets, rows and columns are left out and named, unless `include_hidden`. `choices`: of its columns.
    `say_rows` hears now and then how many rows of the file are read. Empties `sheets`: the cells of a long list are
    not held beside its people to the end.
    """
    reading = _read_sheets(sheets, include_hidden=include_hidden, choices=choices, say_rows=say_rows)
    _find_duplicates(reading.rows)
    return reading


def _read_sheets(
    sheets: list[Sheet], *, include_hidden: bool, choices: Choices, say_rows: Callable[[int], None]
) -> RosterReading:
    check_sheets(choices, sheets)
    reading = RosterReading()
    prepared = [prepare(sheets.pop(0)) for _ in range(len(sheets))]
    incomplete: list[_Incomplete] = []
    contacts: list[_Contacts] = []
    unread: list[Sheet] = []
    rows_before = 0
    for number, sheet in enumerate(prepared):
        rows_before += len(prepared[number - 1].rows) if number else 0
        if sheet.appearance.is_hidden and not include_hidden:
            _note_hidden_sheet(sheet, reading)
            continue
        _remember_hidden(sheet, reading, include_hidden=include_hidden)
        shown, notes = show(sheet, include_hidden=include_hidden)
        reading.notes += notes
        headers, choice = choose_headers(shown, choices)
        headers = [with_roles_of_groups(header, shown) for header in headers]
        if not headers:
            unread.append(shown)
            continue
        faults = [fault for header in headers for fault in find_faults(header, shown)]
        if faults:
            incomplete.append((shown, headers, faults))
            contacts += [(shown, headers, choice)] if all(is_contact_list(one, shown) for one in headers) else []
            continue
        _read_tables(shown, headers, reading, say_rows=_from(rows_before, say_rows))
        if choice is not None:
            _note_choice(choice, shown, headers[0], reading)
    _settle(reading, _read_contacts(contacts, incomplete, reading, say_rows), unread, prepared)
    return reading


def _note_choice(choice: SheetChoice, sheet: Sheet, header: Header, reading: RosterReading) -> None:
    """Keeps the choice that was followed with the header's texts; one of an earlier list is told of."""
    if choice.texts:
        reading.notes.append((
            f"Trang “{sheet.name}”: các cột được đọc theo cách đã chọn cho danh sách trước của trường; hãy xem lại.",
            f"Sheet “{sheet.name}”: its columns are read as was chosen for the school's earlier list; please check.",
        ))  # fmt: skip
    reading.choices.append(replace(choice, texts=header_texts(sheet, header.row)))


def _from(rows_before: int, say_rows: Callable[[int], None]) -> Callable[[int], None]:
    return lambda rows: say_rows(rows_before + rows)


def _read_contacts(
    contacts: list[_Contacts], incomplete: list[_Incomplete], reading: RosterReading,
    say_rows: Callable[[int], None],
) -> list[_Incomplete]:  # fmt: skip
    """Reads a file that is names and contacts alone; the sheets that lack something still."""
    if reading.headers or not contacts or len(contacts) < len(incomplete):
        return incomplete
    for sheet, headers, choice in contacts:
        _read_tables(sheet, headers, reading, say_rows=_from(len(reading.rows), say_rows))
        if choice is not None:
            _note_choice(choice, sheet, headers[0], reading)
    reading.notes.append(note_incomplete(sum(row.person is not None for row in reading.rows)))
    return []


def _read_tables(
    sheet: Sheet, headers: list[Header], reading: RosterReading, *, say_rows: Callable[[int], None]
) -> None:
    before = len(reading.rows)
    reading.notes += repair_notes(sheet)
    for header in headers:
        table = TableReader(sheet, header)
        rows = table.read(say_rows)
        reading.rows += rows
        reading.tables += [map_table(one, sheet, rows) for one in table.headers]
        reading.headers += table.headers
        reading.notes += table.notes()
        reading.spoken_of |= table.spoken_of
    reading.notes += note_marks(sheet, headers, reading.rows[before:])
    count = len(reading.rows) - before
    places = ", ".join(str(header.row) for header in reading.headers if header.sheet == sheet.name)
    reading.notes.append((
        f"Trang “{sheet.name}”: {count} người, tiêu đề ở dòng {places}.",
        f"Sheet “{sheet.name}”: {amount(count, 'person')}, header in row {places}.",
    ))  # fmt: skip
    if len(reading.rows) > MAXIMUM_PEOPLE:
        raise RefusedFileError(
            "roster.too_many_rows", vi=f"Tệp có hơn {MAXIMUM_PEOPLE} người; hãy chia nhỏ.",
            en=f"The file has more than {MAXIMUM_PEOPLE} people; split it.",
        )  # fmt: skip


def _settle(reading: RosterReading, incomplete: list[_Incomplete], unread: list[Sheet], sheets: list[Sheet]) -> None:
    """What becomes of sheets that were not read: a list with people in it is refused by its columns, or named."""
    for sheet, _headers, faults in incomplete:
        if not reading.headers or has_contacts(sheet):
            tables = [map_table(header, one, []) for one, of_it, _ in incomplete for header in of_it]
            raise refuse_columns([fault for *_, of_it in incomplete for fault in of_it], tables)
        words = " ".join(fault.vi for fault in faults)
        reading.notes.append((
            f"Trang “{sheet.name}” không được đọc như danh sách. {words}",
            f"Sheet “{sheet.name}” was not read as a list. " + " ".join(fault.en for fault in faults),
        ))  # fmt: skip
        _leave_out(sheet, reading)
    if not reading.headers:
        raise refuse_without_header(
            sheets, [map_table(without_header(one), one, []) for one in unread if _is_filled(one)]
        )
    for sheet in unread:
        _note_unread(sheet, reading)
    if not reading.rows:
        raise RefusedFileError(
            "roster.empty", vi="Có dòng tiêu đề nhưng không có người nào bên dưới.",
            en="There is a header row, and nobody under it.",
        )  # fmt: skip


def _is_filled(sheet: Sheet) -> bool:
    return any(text_of(cell) for row in sheet.rows for cell in row)


def _note_unread(sheet: Sheet, reading: RosterReading) -> None:
    filled = sum(any(text_of(cell) for cell in row) for row in sheet.rows)
    if not filled:
        reading.notes.append((f"Trang “{sheet.name}” trống.", f"Sheet “{sheet.name}” is empty."))
        return
    _leave_out(sheet, reading)
    if has_contacts(sheet):
        vi = (
            f"KHÔNG ĐỌC ĐƯỢC trang “{sheet.name}” ({filled} dòng, có số điện thoại hoặc email): không thấy tiêu đề."
            " Người trong trang đó chưa được nhận; không ai bị coi là vắng mặt trong danh sách lần này."
        )
        en = (
            f"Sheet “{sheet.name}” ({amount(filled, 'row')}, with phones or addresses) could NOT be read: no header."
            " Its people are not taken in; nobody counts as missing this time."
        )
        reading.notes.append((vi, en))
        reading.is_whole = False
    else:
        reading.notes.append((
            f"Trang “{sheet.name}” không có danh sách ({filled} dòng).",
            f"Sheet “{sheet.name}” has no list ({amount(filled, 'row')}).",
        ))  # fmt: skip


def _note_hidden_sheet(sheet: Sheet, reading: RosterReading) -> None:
    shown, _ = show(sheet, include_hidden=True)
    headers = find_headers(shown)
    count = sum(len(TableReader(shown, header).read()) for header in headers)
    what = (f"{count} người", amount(count, "person")) if headers else ("không phải danh sách", "not a list")
    reading.notes.append((
        f"Trang “{sheet.name}” bị ẩn ({what[0]}): không đọc. Nếu cần, gửi lại với include_hidden = true.",
        f"Sheet “{sheet.name}” is hidden ({what[1]}): left out. If it is meant, send again with include_hidden = true.",
    ))  # fmt: skip
    _leave_out(sheet, reading)


def _remember_hidden(sheet: Sheet, reading: RosterReading, *, include_hidden: bool) -> None:
    if not include_hidden:
        for number in sheet.appearance.hidden_rows:
            if number < len(sheet.rows):
                reading.spoken_of |= {search_key(text_of(cell)) for cell in sheet.rows[number] if isinstance(cell, str)}


def _leave_out(sheet: Sheet, reading: RosterReading) -> None:
    """Whoever is named in a sheet that was not read is not missing."""
    for row in sheet.rows:
        texts = [text_of(cell) for cell in row if isinstance(cell, str)]
        reading.spoken_of |= {search_key(text) for text in texts}
        reading.spoken_of |= {search_key(f"{left} {right}") for left, right in pairwise(texts)}


def _find_duplicates(rows: list[RosterRow]) -> None:
    """The same code, phone or e-mail in two rows: an error on the later row that names the earlier."""
    seen: dict[Kind, dict[str, RosterRow]] = {Kind.REFERENCE: {}, Kind.PHONE: {}, Kind.EMAIL: {}}
    words = {
        Kind.REFERENCE: ("Mã số", "code"),
        Kind.PHONE: ("Số điện thoại", "phone number"),
        Kind.EMAIL: ("Email", "e-mail address"),
    }
    for row in rows:
        if row.person is None:
            continue
        values = {
            Kind.REFERENCE: row.person.external_ref, Kind.PHONE: row.person.phone, Kind.EMAIL: row.person.email
        }  # fmt: skip
        for kind, value in values.items():
            if value is None:
                continue
            folded = value.casefold()
            first = seen[kind].setdefault(value if folded == value else folded, row)  # no copy is held of most
            if first is not row and kind is Kind.EMAIL and _are_two_people(first, row):
                row.findings.append(_at(kind, shared_mailbox(value, first), row, value))
            elif first is not row and not row.has_errors:
                finding = duplicate_finding(*words[kind], first=first, code=f"duplicate.{kind.value}")
                row.findings.append(_at(kind, finding, row, value))
        if row.has_errors:
            row.withheld, row.person = row.person, None


def _are_two_people(first: RosterRow, second: RosterRow) -> bool:
    """Other names and other phones: an address of both is a mailbox that they share."""
    if first.person is None or second.person is None:
        return False
    have_one_name = search_key(first.person.full_name) == search_key(second.person.full_name)
    return not have_one_name and first.person.phone != second.person.phone


def _at(kind: Kind, finding: Finding, row: RosterRow, found: str) -> CellFinding:
    header, cell = row.place(kind)
    return CellFinding(finding, column=header, cell=cell, written=found)
