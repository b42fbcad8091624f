"""Bytes to sheets: xlsx, xls and ods through calamine, csv by its encoding. Formulas are never computed.

Runs inside the limited child process; what it raises is a RefusedFileError with words for the sender.
"""

import csv
import datetime as dt
import unicodedata
from io import BytesIO, StringIO
from typing import Any

from roster_api.rosters.reading.archives import check_archive
from roster_api.rosters.reading.cells import MAXIMUM_CELL_LENGTH, Cell, Sheet
from roster_api.rosters.reading.refusals import RefusedFileError

MAXIMUM_ROWS = 20_000
MAXIMUM_COLUMNS = 200
MAXIMUM_SHEETS = 30
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def find_format(content: bytes) -> str:
    """'xlsx', 'xls', 'ods' or 'csv', by what the bytes are and not by the file's name."""
    if content.startswith(b"PK"):
        names = check_archive(content)
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        if "content.xml" in names and b"opendocument.spreadsheet" in content[:200]:
            return "ods"
        raise _not_a_list()
    if content.startswith(OLE):
        return "xls"
    head = content[:1000].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    is_other = head.startswith(
        (b"%pdf", b"<!doctype", b"<html", b"<?xml", b"<table", b"{\\rtf", b"\x89png", b"\xff\xd8")
    )
    if is_other or not content.strip():
        raise _not_a_list()
    return "csv"


def open_sheets(content: bytes) -> tuple[str, list[Sheet]]:
    """(format, sheets) of a file; no row or column is left out before the last filled one."""
    kind = find_format(content)
    return kind, [_open_csv(content)] if kind == "csv" else _open_workbook(content)


def _open_workbook(content: bytes) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum  # noqa: PLC0415 - after the limits are set

    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            sheets = []
            for metadata in workbook.sheets_metadata[:MAXIMUM_SHEETS]:
                if metadata.typ is not SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(metadata.name)
                if sheet.total_height > MAXIMUM_ROWS:
                    raise _too_many_rows()
                rows = sheet.to_python(skip_empty_area=False)
                sheets.append(Sheet(metadata.name.replace("\0", ""), [_cells(row) for row in rows]))
            return sheets
    except (CalamineError, OSError, ValueError) as unreadable:
        is_locked = "password" in str(unreadable).lower() or "encrypt" in str(unreadable).lower()
        raise RefusedFileError(
            "file.encrypted" if is_locked else "file.broken",
            vi="Không mở được tệp: tệp hỏng hoặc có mật khẩu. Hãy mở bằng Excel và lưu lại thành .xlsx.",
            en="The file cannot be opened: it is damaged or has a password. Open it in Excel and save it as .xlsx.",
        ) from unreadable


def _cells(row: list[Any]) -> list[Cell]:
    return [_cell(value) for value in row[:MAXIMUM_COLUMNS]]


def _cell(value: Any) -> Cell:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value)[:MAXIMUM_CELL_LENGTH]
    return text or None


def _open_csv(content: bytes) -> Sheet:
    text = _decode(content)
    if "\0" in text:
        raise _not_a_list()
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):
        separator, text = first.strip()[4:5] or ",", rest
    else:
        separator = max(";,\t", key=text[:20_000].count)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error as broken:
        raise _not_a_list() from broken
    if len(rows) > MAXIMUM_ROWS:
        raise _too_many_rows()
    return Sheet("CSV", [_cells(row) for row in rows])


def _decode(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, then UTF-8 if it is valid, then Windows-1258 (Vietnamese)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:200:2].count(0) > 50:
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return unicodedata.normalize("NFC", content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise _not_a_list()


def _not_a_list() -> RefusedFileError:
    return RefusedFileError(
        "file.not_a_workbook", vi="Tệp không phải bảng tính. Hãy gửi .xlsx, .xls, .ods hoặc .csv (UTF-8).",
        en="The file is not a workbook. Send .xlsx, .xls, .ods or .csv (UTF-8).",
    )  # fmt: skip


def _too_many_rows() -> RefusedFileError:
    return RefusedFileError(
        "roster.too_many_rows", vi=f"Trang tính có hơn {MAXIMUM_ROWS} dòng; hãy xóa dòng thừa hoặc chia nhỏ tệp.",
        en=f"A sheet has more than {MAXIMUM_ROWS} rows; delete what is not needed, or split the file.",
    )  # fmt: skip
