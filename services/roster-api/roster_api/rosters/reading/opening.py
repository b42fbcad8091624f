"""Bytes to sheets: xlsx, xls and ods through calamine and their own parts, csv by what makes a table of it.

Formulas are never computed. Runs inside the limited child; raises RefusedFileError with words for the sender.
"""

import ctypes
import datetime as dt
import zipfile
from io import BytesIO
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from commune_schemas.amounts import amount

from roster_api.rosters.reading.archives import check_archive
from roster_api.rosters.reading.cells import ERROR_VALUES, MAXIMUM_CELL_LENGTH, TOO_LONG, Appearance, Cell, Sheet
from roster_api.rosters.reading.delimited import open_delimited
from roster_api.rosters.reading.ods_parts import read_ods
from roster_api.rosters.reading.refusals import RefusedFileError, broken, too_large
from roster_api.rosters.reading.xls_parts import read_xls
from roster_api.rosters.reading.xlsx_parts import SheetPart, read_parts

MAXIMUM_ROWS = 120_000
TEXTS_SHARED = 1000
MAXIMUM_COLUMNS = 200
MAXIMUM_SHEETS = 100
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (
    b"<!doctype",
    b"<html",
    b"<?xml",
    b"<table",
    b"<meta",
    b"<head",
    b"<body",
    b"<div",
    b"<style",
    b"mime-version:",
)
_OTHERS = (b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8", b"gif8", b"rar!", b"7z\xbc\xaf")


def find_format(content: bytes) -> str:
    """'xlsx', 'xls', 'ods' or 'csv', by what the bytes are and not by the file's name."""
    if not content.strip(b"\0 \t\r\n"):
        raise RefusedFileError(
            "file.empty", vi="Tệp rỗng (0 byte). Hãy lưu lại tệp rồi gửi.", en="The file is empty. Save it and send it."
        )
    if content.startswith(b"PK"):
        names = check_archive(content)
        if any(name.lower().startswith("xl/") for name in names):
            return "xlsx"
        if "content.xml" in names and b"opendocument.spreadsheet" in content[:200]:
            return "ods"
        raise _not_a_list()
    if content.startswith(OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise _encrypted()
        return "xls"
    head = content[:1000].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if head.startswith(_MARKUP):
        raise RefusedFileError(
            "file.web_page",
            vi="Tệp là trang web hoặc XML mang tên bảng tính (thường do phần mềm quản lý xuất ra). Hãy mở bằng Excel, "
            "chọn Lưu thành (Save As) .xlsx rồi gửi lại.",
            en="The file is a web page or XML called a workbook. Open it in Excel, save it as .xlsx and send that.",
        )
    if head.startswith(_OTHERS):
        raise _not_a_list()
    return "csv"


def open_sheets(content: bytes, *, cell_length: int = MAXIMUM_CELL_LENGTH) -> tuple[str, list[Sheet]]:
    """(format, sheets) of a file; no row or column is left out before the last filled one.

    A text of more than `cell_length` characters is cut, and its place is among the faults.
    """
    kind = find_format(content)
    if kind == "csv":
        sheet = open_delimited(content, maximum_rows=MAXIMUM_ROWS, maximum_columns=MAXIMUM_COLUMNS)
        return kind, [_with_faults(sheet, cell_length)]
    try:
        parts: dict[str, SheetPart] = {}
        appearances: dict[str, Appearance] = {}
        if kind == "xlsx":
            parts, content = _read_xlsx_parts(content)
            appearances = {name: part.appearance for name, part in parts.items()}
        elif kind == "ods":
            with zipfile.ZipFile(BytesIO(content)) as archive:
                appearances = read_ods(archive.read("content.xml"), maximum_columns=MAXIMUM_COLUMNS)
        in_order = read_xls(content, maximum_columns=MAXIMUM_COLUMNS) if kind == "xls" else []
        held = [content]
        del content  # calamine has its own copy: up to 20 MB are not held twice while it reads
        sheets = _open_workbook(held, appearances, in_order)
        return kind, [_with_faults(sheet, cell_length) for sheet in sheets]
    except (ET.ParseError, expat.ExpatError, KeyError, UnicodeError, zipfile.BadZipFile) as damage:
        raise broken() from damage


def give_back_memory() -> None:
    """What opening a file took and has freed; does nothing where the C library cannot."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _read_xlsx_parts(content: bytes) -> tuple[dict[str, SheetPart], bytes]:
    """The parts, and the file without its far cells: calamine would hold the whole empty area up to them."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = read_parts(archive, maximum_rows=MAXIMUM_ROWS, maximum_columns=MAXIMUM_COLUMNS)
        cuts = {part.path: part.cuts for part in parts.values() if part.cuts}
        if not cuts:
            return parts, content
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for entry in archive.infolist():
                copy.writestr(entry.filename, _without(archive.read(entry), cuts.get(entry.filename, [])))
        return parts, out.getvalue()


def _without(content: bytes, cuts: list[tuple[int, int]]) -> bytes:
    kept, at = [], 0
    for start, end in cuts:
        kept.append(content[at:start])
        at = end
    return b"".join([*kept, content[at:]])


def _open_workbook(held: list[bytes], appearances: dict[str, Appearance], in_order: list[Appearance]) -> list[Sheet]:
    """As _read_workbook; where calamine's own assertions fail, the file is broken."""
    try:
        return _read_workbook(held, appearances, in_order)
    except BaseException as panic:  # a panic is no Exception, and of a class that we cannot name
        if type(panic).__name__ != "PanicException":
            raise
        raise broken() from panic


def _read_workbook(held: list[bytes], appearances: dict[str, Appearance], in_order: list[Appearance]) -> list[Sheet]:
    from python_calamine import (  # noqa: PLC0415 - after the limits are set
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(held.pop()))
        sheets: list[Sheet] = []
        worksheets = [one for one in workbook.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        if len(worksheets) > MAXIMUM_SHEETS:
            raise _too_many_sheets(len(worksheets))
        for metadata, ordered in zip_longest(worksheets, in_order[: len(worksheets)]):
            sheet = workbook.get_sheet_by_name(metadata.name)
            if metadata is worksheets[-1]:
                workbook.close()  # what it holds of texts is as much again as the sheet's rows
                give_back_memory()
            if sheet.total_height > MAXIMUM_ROWS:
                raise too_large(MAXIMUM_ROWS, MAXIMUM_COLUMNS)
            appearance = appearances.get(metadata.name) or ordered or Appearance()
            appearance.is_hidden = appearance.is_hidden or metadata.visible is not SheetVisibleEnum.Visible
            if not appearance.merges:
                appearance.merges = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
            rows: list[list[Any]] = list(sheet.to_python(skip_empty_area=False))
            for number, row in enumerate(rows):  # in place: there is no room for two copies of a long list
                rows[number] = _cells(row)
            _share_texts(rows)
            sheets.append(Sheet(metadata.name.replace("\0", ""), rows, appearance))
    except (CalamineError, OSError, ValueError) as unreadable:
        is_locked = "password" in str(unreadable).lower() or "encrypt" in str(unreadable).lower()
        raise (_encrypted() if is_locked else broken()) from unreadable
    return sheets


def _with_faults(sheet: Sheet, cell_length: int) -> Sheet:
    """Numbers as their formats show them; error values that stand as text (csv, copied values); texts too long, cut."""
    rows, appearance = sheet.rows, sheet.appearance
    for (row, column), text in appearance.shown.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text or None
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            if cell[:1] in "#E" and cell.strip() in ERROR_VALUES:
                appearance.faults.setdefault((number, column), cell.strip())
            elif len(cell) > cell_length:
                cells[column] = cell[:cell_length]
                appearance.faults.setdefault((number, column), TOO_LONG)
    return sheet


def _share_texts(rows: list[list[Cell]]) -> None:
    """A text that comes again and again in its column (a role, days, fields) is one object: a long list is half so."""
    for index in range(max((len(row) for row in rows), default=0)):
        kept: dict[str, str] = {}
        for row in rows:
            cell = row[index] if index < len(row) else None
            if type(cell) is str:
                row[index] = kept.setdefault(cell, cell)
                if len(kept) > TEXTS_SHARED:
                    break


_AS_THEY_ARE = {str, float, int}


def _cells(row: list[Any]) -> list[Cell]:
    return [value if value and type(value) in _AS_THEY_ARE else _cell(value) for value in row[:MAXIMUM_COLUMNS]]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return str(value) or None


def _encrypted() -> RefusedFileError:
    return RefusedFileError(
        "file.encrypted", vi="Tệp có mật khẩu. Hãy bỏ mật khẩu (Tệp > Thông tin > Bảo vệ) rồi gửi lại.",
        en="The file has a password. Remove it (File > Info > Protect) and send it again.",
    )  # fmt: skip


def _not_a_list() -> RefusedFileError:
    return RefusedFileError(
        "file.not_a_workbook", vi="Tệp không phải bảng tính. Hãy gửi .xlsx, .xls, .ods hoặc .csv (UTF-8).",
        en="The file is not a workbook. Send .xlsx, .xls, .ods or .csv (UTF-8).",
    )  # fmt: skip


def _too_many_sheets(count: int) -> RefusedFileError:
    return RefusedFileError(
        "file.too_many_sheets", vi=f"Tệp có {count} trang tính; tối đa {MAXIMUM_SHEETS}. Hãy chia thành nhiều tệp.",
        en=f"The file has {amount(count, 'sheet')}; {MAXIMUM_SHEETS} at most. Split it into several files.",
    )  # fmt: skip
