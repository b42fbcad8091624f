"""Which sheets of an .xlsx are known by their bytes to hold plain values alone, and are not read tag by tag."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from roster_api.rosters.reading.xlsx_plain import is_plain

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="x"><dimension ref="A1:B2"/><sheetData>'
TAIL = b"</sheetData></worksheet>"
CELL = b'<c r="A1" s="1" t="s"><v>0</v></c>'


def judge(content: bytes) -> bool:
    return is_plain(content, maximum_rows=1000, maximum_columns=50)


def sheet_of(cells: bytes, *, tail: bytes = TAIL) -> bytes:
    return HEAD + b'<row r="1" spans="1:2" x14ac:dyDescent="0.25">' + cells + b"</row>" + tail


def first_sheet(book: BytesIO) -> bytes:
    with ZipFile(book) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_what_programs_write_is_plain() -> None:
    written, saved = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["Họ và tên", 3, True, "a < b & c"])
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Họ và tên", 3, True, None, "một\nhai"])
    workbook.save(saved)
    assert judge(first_sheet(written))
    assert judge(first_sheet(saved))
    assert judge(sheet_of(CELL * 3))


@pytest.mark.parametrize(
    "cells",
    [
        b'<c r="A1" t="e"><v>#N/A</v></c>',
        b"<c r='A1'><v>1</v></c>",
        b"<c><v>1</v></c>",
        b'<c r="A1"><f>B1</f><v>1</v></c>',
        b'<c r="A1"><f>B1</f></c>',
        b'<c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>An</t></r></is></c>',
        b'<c r="A1" t="&#101;"><v>#N/A</v></c>',
        b'<c r="A1"><v>1</v><!-- An --></c>',
        b'<x:c r="A1"><x:v>1</x:v></x:c>',
        b'<c r="A100001"><v>1</v></c>',
        b'<c r="ZZ1"><v>1</v></c>',
    ],
)
def test_a_sheet_with_anything_to_tell_is_read_tag_by_tag(cells: bytes) -> None:
    assert not judge(sheet_of(cells))
    assert not judge(sheet_of(CELL + cells + CELL))


def test_what_stands_beside_the_rows_is_looked_at() -> None:
    assert judge(sheet_of(CELL, tail=b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'))
    assert not judge(sheet_of(CELL, tail=b"</sheetData><mergeCells><mergeCell ref='A1:B1'/></mergeCells></worksheet>"))
    assert not judge(sheet_of(CELL, tail=b"</sheetData><sheetData><row/></sheetData></worksheet>"))
    assert not judge(sheet_of(CELL).replace(b"<dimension", b'<sheetViews><sheetView showZeros="0"/></sheetViews><dim'))
