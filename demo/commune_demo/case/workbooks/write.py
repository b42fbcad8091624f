"""Writes the workbooks. Bytes are the same on every run: no clock, no random number, a fixed creation date."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from commune_demo.case.institutions import School, schools
from commune_demo.case.people import Person, people_of
from commune_demo.case.workbooks.cells import Value
from commune_demo.case.workbooks.layouts import LAYOUTS, Layout

CREATED_AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
_ROLES = {"lecturer": "Giảng viên, giáo viên", "student": "Sinh viên"}


@dataclass(frozen=True, slots=True)
class SchoolWorkbook:
    """One school's list as a file. `has_errors`: it is to be refused, and its corrected version sent after it."""

    school_code: str
    path: Path
    people: int
    has_errors: bool


def write_workbooks(folder: Path) -> list[SchoolWorkbook]:
    """The twelve lists as first sent, `<code>.xlsx` each; two of them carry errors."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(school, folder / f"{school.code}.xlsx", with_mistakes=True) for school in schools()]


def write_corrected_workbooks(folder: Path) -> list[SchoolWorkbook]:
    """The two faulty lists put right, `<code>-sua.xlsx` each."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(school, folder / f"{school.code}-sua.xlsx", with_mistakes=False)
        for school in schools()
        if LAYOUTS[school.code].mistakes
    ]


def _write(school: School, path: Path, *, with_mistakes: bool) -> SchoolWorkbook:
    layout, people = LAYOUTS[school.code], people_of(school.code)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "Danh sách tham gia hỗ trợ cấp xã", "created": CREATED_AT.replace(tzinfo=None)})
    if layout.is_split_by_role:
        staff = [person for person in people if person.role != "student"]
        students = [person for person in people if person.role == "student"]
        SheetWriter(book, "Giảng viên", school, layout, with_mistakes=with_mistakes).write(staff)
        SheetWriter(book, "Sinh viên", school, layout, with_mistakes=with_mistakes).write(students)
    else:
        SheetWriter(book, layout.sheet_name, school, layout, with_mistakes=with_mistakes).write(list(people))
    book.close()
    return SchoolWorkbook(school.code, path, len(people), has_errors=with_mistakes and layout.mistakes is not None)


class SheetWriter:
    """One sheet, from the letterhead down to the signatures."""

    def __init__(
        self, book: xlsxwriter.Workbook, name: str, school: School, layout: Layout, *, with_mistakes: bool
    ) -> None:
        self.sheet = book.add_worksheet(name)
        self.title = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True})
        self.head = book.add_format(
            {"bold": True, "align": "center", "border": 1, "text_wrap": True, "bg_color": "#DDEBF7"}
        )
        self.cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self.school, self.layout = school, layout
        self.mistakes = layout.mistakes if with_mistakes else None
        self.first = 0 if layout.numbering is None else 1
        self.width = self.first + len(layout.columns)
        self.row = 0

    def write(self, people: list[Person]) -> None:
        self._write_titles()
        self._write_header()
        previous = None
        for place, person in enumerate(people, start=1):
            if self.layout.has_sections and (person.role == "student") != (previous == "student"):
                self._write_merged(f"{'II' if previous else 'I'}. {_ROLES.get(person.role, 'Giảng viên')}".upper())
            previous = person.role
            self._write_person(place, person)
            for after, copied in self.mistakes.repeated if self.mistakes else ():
                if after == place:
                    self._write_person(copied, people[copied - 1])
            self.row += place in self.layout.blank_after
        self._write_footer(len(people))

    def _write_titles(self) -> None:
        letterhead = ["UBND TỈNH KHÁNH HÒA", self.school.name.upper()]
        motto = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
        title = ["DANH SÁCH GIẢNG VIÊN, SINH VIÊN THAM GIA HỖ TRỢ CHUYỂN ĐỔI SỐ CẤP XÃ"]
        date = ["(Kèm theo Công văn ngày 20/11/2026)"]
        lines = {
            1: title,
            2: title + date,
            3: letterhead[1:] + title + date,
            4: letterhead + title + date,
            5: [*letterhead, "", *title, *date],
            6: letterhead + motto + title + date,
        }[self.layout.title_rows]
        for line in [*lines, *self.layout.notes]:
            self._write_merged(line)

    def _write_merged(self, text: str) -> None:
        self.sheet.merge_range(self.row, 0, self.row, self.width - 1, text, self.title)
        self.row += 1

    def _write_header(self) -> None:
        columns = self.layout.columns
        depth = 2 if any(column.group for column in columns) else 1
        bottom = self.row + depth - 1
        if self.layout.numbering is not None:
            self._write_tall(0, self.layout.numbering, bottom)
        start = 0
        for place, column in enumerate(columns):
            at = self.first + place
            self.sheet.set_column(at, at, max(10, min(34, len(column.header) + 6)))
            if column.group is None:
                self._write_tall(at, column.header, bottom)
                continue
            self.sheet.write_string(bottom, at, column.header, self.head)
            if place == 0 or columns[place - 1].group != column.group:
                start = at
            if place + 1 == len(columns) or columns[place + 1].group != column.group:
                self.sheet.merge_range(self.row, start, self.row, at, column.group, self.head)
        self.row = bottom + 1

    def _write_tall(self, at: int, text: str, bottom: int) -> None:
        if bottom == self.row:
            self.sheet.write_string(self.row, at, text, self.head)
        else:
            self.sheet.merge_range(self.row, at, bottom, at, text, self.head)

    def _write_person(self, place: int, person: Person) -> None:
        if self.layout.numbering is not None:
            self.sheet.write_number(self.row, 0, place, self.cell)
        for at, column in enumerate(self.layout.columns, start=self.first):
            value: Value = column.write(person)
            if self.mistakes:
                value = self.mistakes.cells.get((place, column.header), value)
            if isinstance(value, int):
                self.sheet.write_number(self.row, at, value, self.cell)
            elif value is None:
                self.sheet.write_blank(self.row, at, None, self.cell)
            else:
                self.sheet.write_string(self.row, at, value, self.cell)
        self.row += 1

    def _write_footer(self, count: int) -> None:
        if self.layout.has_total:
            self._write_merged(f"Tổng cộng: {count} người")
        if not self.layout.signatures:
            return
        self.row += 1
        middle = self.width // 2
        for line in ("Khánh Hòa, ngày 20 tháng 11 năm 2026", *self.layout.signatures):
            self.sheet.merge_range(self.row, middle, self.row, self.width - 1, line, self.title)
            self.row += 1
