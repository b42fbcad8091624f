"""One table of a sheet read row by row: its people, and everything that was passed over, by row and by what it is."""

import re
from collections.abc import Callable
from dataclasses import replace

from roster_api.rosters.reading.beside import BesideColumns
from roster_api.rosters.reading.cells import Cell, Sheet, address, column_letters, text_of, without_hidden_characters
from roster_api.rosters.reading.column_faults import describe_columns, find_faults, refuse_columns
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.fast_rows import fast_rows
from roster_api.rosters.reading.findings import Finding, error
from roster_api.rosters.reading.groups import (
    is_word_on_group,
    look_at_group,
    look_at_sheet,
    role_of_group,
    with_roles_of_groups,
)
from roster_api.rosters.reading.header_labels import LONGEST_LABEL
from roster_api.rosters.reading.header_rows import is_letterhead
from roster_api.rosters.reading.headers import Header, find_headers, may_be_header
from roster_api.rosters.reading.legends import find_legend_fault, find_title_fault
from roster_api.rosters.reading.people import CellFinding, RosterRow
from roster_api.rosters.reading.refusals import FileFault
from roster_api.rosters.reading.row_kinds import (
    Filled,
    RowKind,
    covered_columns,
    filled_cells,
    has_contact,
    heading_of,
    is_after_end,
    judge_row,
)
from roster_api.rosters.reading.row_reading import read_person
from roster_api.rosters.reading.table_mappings import find_hint
from roster_api.text import search_key

MAXIMUM_PEOPLE = 100_000
ROWS_BETWEEN_WORDS = 1000
ROWS_NAMED = 30
ROWS_OF_A_BANNER = 5
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|\+?[\d .\-()]{9,20}")
_KIND_WORDS = {
    RowKind.HEADING: ("Tiêu đề nhóm", "Group headings"),
    RowKind.PREFILLED: ("Dòng điền sẵn, chưa có người", "Rows made ready, with nobody in them"),
    RowKind.TOTAL: ("Dòng tổng cộng", "Totals"),
    RowKind.NUMBERING: ("Dòng đánh số cột hoặc lặp lại tiêu đề", "Numbering rows or repeated headers"),
    RowKind.REMARK: ("Dòng ghi chú", "Remarks"),
    RowKind.END: ("Phần kết (ký tên, nơi nhận)", "The end (signatures)"),
}


def has_contacts(sheet: Sheet) -> bool:
    """Phone numbers or addresses stand in it: people are meant, whether or not the sheet was understood."""
    return any(_is_contact(cell) for row in sheet.rows for cell in row)


def _is_contact(cell: Cell) -> bool:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return 1e8 <= cell < 1e11
    return isinstance(cell, str) and bool(_CONTACT.fullmatch(cell.strip()))


class TableReader:
    """Reads one table; where its header comes again, or another one, it goes on with that."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self.sheet, self.header, self.headers = sheet, header, [header]
        self.covered = covered_columns(sheet)
        self.rows: list[RosterRow] = []
        self.passed: dict[RowKind, list[tuple[int, str]]] = {}
        self.spoken_of: set[str] = set()
        self.end_row = 0
        self.beside = BesideColumns(header, sheet)
        self.fast = fast_rows(header, sheet)
        self.said_of_all: Finding | None = None
        self.said_of_group: Finding | None = None

    def read(self, say_rows: Callable[[int], None] = lambda _: None) -> list[RosterRow]:
        """The rows that speak of a person, with their findings. `say_rows` hears how far it is, now and then."""
        above = self.sheet.rows[: max(self.header.row - 1, 0)]
        texts = [text for row in above for cell in row if (text := text_of(cell))]
        boxes = self.sheet.appearance.boxes
        headers = [column.header for column in self.header.columns]
        legends = [*self._comments_above(), *boxes, *self._hints_at_days()]
        self._check_legend([*texts, *headers, *self.header.ignored, *legends])
        self._refuse(find_title_fault(self.header, self.sheet, [self.sheet.name, *texts]))
        self.said_of_all = look_at_sheet(self.sheet.name, texts)
        self._check_above()
        number = self.header.first_data_row - 1
        while number < len(self.sheet.rows) and len(self.rows) <= MAXIMUM_PEOPLE:
            number += self._read_row(number)
            if number % ROWS_BETWEEN_WORDS == 0:
                say_rows(number)
        passed = [text for rows in self.passed.values() for _, text in rows]
        self._check_legend([*passed, *sorted(self.beside.without_header)])
        return self.rows

    def _comments_above(self) -> list[str]:
        """Comments at the header and above it: 'x là ngày bận'."""
        comments = self.sheet.appearance.comments
        return [text for (row, _), text in comments.items() if row < self.header.first_data_row - 1]

    def _hints_at_days(self) -> list[str]:
        """What the cells of free days ask for: 'Ghi các ngày KHÔNG đi được'."""
        first = self.header.first_data_row - 1
        days = (*self.header.all(Kind.DAYS), *self.header.all(Kind.DAY_MARK))
        return [hint for column in days if (hint := find_hint(self.sheet, column.index, first))]

    def _read_row(self, number: int) -> int:
        """Reads row `number` (from 0); how many rows that were."""
        cells = self.sheet.rows[number]
        usual = self.fast.read(number, cells) if self.fast and not (self.end_row or self._is_spoken_of()) else None
        if usual is not None:
            self.beside.look(number, usual)
            self.rows.append(usual)
            return 1
        filled = filled_cells(cells, self.header, self.covered.get(number, set()))
        is_contact = bool(filled) and has_contact(cells, self.header)
        if filled and not is_contact and may_be_header(self.sheet, number):
            if self._is_header_again(number):
                self._pass(RowKind.NUMBERING, number, filled)
                return 1
            again = find_headers(self.sheet, first=number, searched=1)
            if again:
                return self._go_on_with(again, number, filled)
        kind = judge_row(filled, self.header, is_contact=is_contact, has_people=bool(self.rows))
        if kind is RowKind.PERSON and not is_contact and self._is_banner(number, filled):
            kind = RowKind.HEADING
        if kind is RowKind.PERSON:
            self._read_person(number, filled, is_contact=is_contact)
        elif kind is not RowKind.BLANK:
            self._pass(RowKind.END if self.end_row and kind is RowKind.HEADING else kind, number, filled)
            self.end_row = self.end_row or (number + 1 if kind is RowKind.END else 0)
        elif self.sheet.appearance.faults:
            self._read_if_faulty(number)
        return 1

    def _is_spoken_of(self) -> bool:
        return self.said_of_all is not None or self.said_of_group is not None

    def _is_banner(self, number: int, filled: Filled) -> bool:
        """A word on the rows below, or the letterhead of a new page, whose header comes within a few rows."""
        if len(filled) == 1 and is_word_on_group(filled[0][1]):
            return True
        if len(filled) > 2 or not all(is_letterhead(text) for _, text in filled):
            return False
        following = range(number + 1, min(number + 1 + ROWS_OF_A_BANNER, len(self.sheet.rows)))
        return any(self._is_header_again(row) for row in following)

    def _is_header_again(self, number: int) -> bool:
        """The very texts of the header's row, whatever was chosen to be read under them."""
        row = self.header.row
        texts = [text_of(cell) for cell in self.sheet.rows[row - 1]] if row else []
        is_one_row = self.header.first_data_row == row + 1
        return is_one_row and bool(texts) and [text_of(cell) for cell in self.sheet.rows[number]] == texts

    def _read_person(self, number: int, filled: Filled, *, is_contact: bool) -> None:
        if self.end_row and not is_contact and is_after_end(filled, self.header):
            self._pass(RowKind.END, number, filled)
            return
        row = read_person(self.header, number, self.sheet)
        self.beside.look(number, row)
        said = self.said_of_group or self.said_of_all
        if said is not None:
            row.person = None if said.is_error else row.person
            row.findings.append(self._at_name(said, row))
        if self.end_row:
            row.person = None
            row.findings.append(self._at_name(_after_end(self.end_row), row))
        self._check_shared_name(number, row)
        self.rows.append(row)

    def _read_if_faulty(self, number: int) -> None:
        """A row in which nothing shows but errors was meant as somebody."""
        read = (column for column in self.header.columns if column.kind not in {Kind.NUMBERING, Kind.OTHERS})
        if any((number, column.index) in self.sheet.appearance.faults for column in read):
            self.rows.append(read_person(self.header, number, self.sheet))

    def _go_on_with(self, again: list[Header], number: int, filled: Filled) -> int:
        """The same header again (a new page), or another table below."""
        mine = {(column.place, column.index) for column in self.header.columns}
        same = next((one for one in again if {(c.place, c.index) for c in one.columns} == mine), None)
        if same is not None:
            self._pass(RowKind.NUMBERING, number, filled)
            self.end_row = 0
            return same.first_data_row - 1 - number
        header = with_roles_of_groups(again[0], self.sheet)
        if len(again) > 1 or self.header.first_column > 0:
            header = replace(header, repeated=[(header.columns[0], header.columns[0])])
        faults: list[FileFault] = find_faults(header, self.sheet)
        if faults:
            raise refuse_columns(faults)
        self.header, self.end_row, self.said_of_group = header, 0, None
        self.beside, self.fast = BesideColumns(header, self.sheet), fast_rows(header, self.sheet)
        self.headers.append(header)
        return header.first_data_row - 1 - number

    def _pass(self, kind: RowKind, number: int, filled: Filled) -> None:
        text = " | ".join(text for _, text in filled[:3])
        if kind is RowKind.HEADING:
            self.said_of_group = look_at_group(heading_of(filled))
            role = role_of_group(heading_of(filled)) if self.header.has_roles_of_groups else ""
            if role:
                self.header = replace(self.header, for_all={**self.header.for_all, Kind.ROLE: role})
        self.passed.setdefault(kind, []).append((number + 1, text[:80]))
        self.spoken_of |= {search_key(text) for _, text in filled}

    def _check_shared_name(self, number: int, row: RosterRow) -> None:
        """One name merged over two filled rows: two people, or one told over two rows; only the sender knows."""
        column = self.header.find(Kind.FULL_NAME) or self.header.find(Kind.GIVEN)
        if column is None or column.index not in self.covered.get(number, set()):
            return
        for top, left, bottom, right in self.sheet.appearance.merges:
            if top <= number <= bottom and left <= column.index <= right and top < number:
                above = [one for one in self.rows if top < one.row <= number]
                for one in (*above, row):
                    one.person = None
                    one.findings.append(self._at_name(error(
                        "name.merged", vi=f"Ô họ tên gộp từ dòng {top + 1}, nhưng mỗi dòng có thông tin riêng.",
                        en=f"The name is merged from row {top + 1} down, but each row has details of its own.",
                        mend_vi="Bỏ gộp ô; ghi mỗi người một dòng.", mend_en="Unmerge; one row for each person.",
                    ), one))  # fmt: skip

    def _at_name(self, finding: Finding, row: RosterRow) -> CellFinding:
        column = self.header.find(Kind.FULL_NAME) or self.header.find(Kind.GIVEN)
        index, header = (column.index, column.header) if column else (0, "")
        return CellFinding(finding, column=header, cell=address(row.row - 1, index), written=row.shown_name)

    def _check_above(self) -> None:
        """Somebody's row above the header would be lost: a number or an address among other cells."""
        for number, cells in enumerate(self.sheet.rows[: max(self.header.row - 1, 0)], start=1):
            inside = cells[self.header.first_column : self.header.last_column + 1]
            if sum(bool(text_of(cell)) for cell in inside) >= 3 and any(_is_contact(cell) for cell in inside):
                raise refuse_columns([FileFault(
                    pointer=f"row:{number}", code="rows.above_header",
                    vi=f"Trang “{self.sheet.name}”: dòng {number} có người nhưng nằm trên dòng tiêu đề (dòng "
                    f"{self.header.row}). Hãy chuyển dòng tiêu đề lên trên cùng.",
                    en=f"Sheet “{self.sheet.name}”: row {number} has somebody in it and stands above the header (row "
                    f"{self.header.row}). Move the header to the top.",
                )])  # fmt: skip

    def _check_legend(self, texts: list[str]) -> None:
        """RefusedFileError where a legend, a title or a text box turns round what the columns would be read as."""
        self._refuse(find_legend_fault(self.header, self.sheet, texts))

    def _refuse(self, fault: FileFault | None) -> None:
        if fault is not None:
            raise refuse_columns([fault])

    def notes(self) -> list[tuple[str, str]]:
        """What was passed over: rows by what they are, columns by their headers."""
        notes = []
        for kind, rows in self.passed.items():
            named = "; ".join(f"dòng {number} “{text}”" for number, text in rows[:ROWS_NAMED])
            more = f"; và {len(rows) - ROWS_NAMED} dòng nữa" if len(rows) > ROWS_NAMED else ""
            notes.append((
                f"Trang “{self.sheet.name}”: {_KIND_WORDS[kind][0]}: {named}{more}.",
                f"Sheet “{self.sheet.name}”: {_KIND_WORDS[kind][1]}: {named}{more}.",
            ))  # fmt: skip
        notes += self.beside.notes(self.sheet.name)
        for text in self._comments_above()[:ROWS_NAMED]:
            shown = without_hidden_characters(" ".join(text.split()))[:200]
            notes.append((f"Chú thích ở tiêu đề, không đọc: “{shown}”.", f"A comment at the header: “{shown}”."))
        for header in self.headers:
            notes.append(describe_columns(header))
            unused = [*header.ignored, *(column.header for column in (*header.second, *header.all(Kind.OTHERS)))]
            unused += self._columns_without_header(header)
            if unused:
                names = ", ".join(f"“{name}”" for name in unused)
                notes.append((f"Cột không dùng đến: {names}.", f"Columns of no use here: {names}."))
        return notes

    def _columns_without_header(self, header: Header) -> list[str]:
        """Letters of columns within the table that have something in them and nothing above."""
        known = {column.index for column in (*header.columns, *header.second)}
        known |= {pair[1].index for pair in header.repeated}
        tops = self.sheet.rows[max(header.row - 1, 0) : header.first_data_row - 1]
        width = max((len(row) for row in tops), default=0)
        named = {index for row in tops for index, cell in enumerate(row) if 0 < len(text_of(cell)) <= LONGEST_LABEL}
        filled: set[int] = set()
        for row in self.sheet.rows[header.first_data_row - 1 : header.first_data_row + 200]:
            filled |= {
                index for index, cell in enumerate(row[: max(width, len(row))]) if cell is not None and text_of(cell)
            }
        inside = {index for index in filled if header.first_column <= index <= header.last_column}
        return [f"cột {column_letters(index)} (không có tiêu đề đọc được)" for index in sorted(inside - known - named)]


def _after_end(end_row: int) -> Finding:
    return error(
        "row.after_footer", vi=f"Dòng này nằm sau phần kết của danh sách (dòng {end_row}).",
        en=f"This row stands below the end of the list (row {end_row}).",
        mend_vi="Chuyển dòng lên trên phần tổng cộng, ký tên; hoặc xóa.",
        mend_en="Move it above the total and the signatures, or delete it.",
    )  # fmt: skip
