"""Hostile and broken files are refused quickly, with words, by a child process that may die without harm."""

import contextlib
import io
import resource
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError

from tests.roster_api.rosters.workbooks import HEADER, person, roster, xlsx

SHEET = "xl/worksheets/sheet1.xml"
START = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def with_part(name: str, content: bytes, *, base: bytes | None = None) -> bytes:
    """A good workbook with one part put in place of another, or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or roster(person(1)))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in good.namelist():
            if entry != name:
                new.writestr(entry, good.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def sheet_with(cells: str) -> bytes:
    return with_part(SHEET, f"{START}{cells}</sheetData></worksheet>".encode())


def zip_bomb() -> bytes:
    return with_part("xl/media/zeros.bin", bytes(140_000_000))


def bomb_that_lies() -> bytes:
    """The central directory says 1 kB; the stream inflates to 140 MB."""
    content = bytearray(zip_bomb())
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 1000)
    return bytes(content)


def far_cell() -> bytes:
    return sheet_with('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def many_rows() -> bytes:
    return sheet_with("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 150_000)))


def entity() -> bytes:
    return with_part(
        SHEET, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + f"{START}</sheetData></worksheet>".encode()
    )


def entity_in_utf16() -> bytes:
    return with_part(SHEET, '<?xml version="1.0"?><!DOCTYPE x>'.encode("utf-16"))


def deep() -> bytes:
    return with_part(SHEET, (START + "<a>" * 200_000).encode())


def path_outside() -> bytes:
    return with_part("../../etc/passwd", b"x")


def macros() -> bytes:
    return with_part("xl/vbaProject.bin", b"x")


def many_entries() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1500):
            archive.writestr(f"xl/{number}.xml", b"")
    return out.getvalue()


def docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def many_styles() -> bytes:
    return with_part("xl/styles.xml", b"<styleSheet><cellXfs>" + b"<xf/>" * 1_200_000 + b"</cellXfs></styleSheet>")


def csv_of_many_rows() -> bytes:
    return "Họ và tên,Vai trò,SĐT,Ngày rảnh,Lĩnh vực\n".encode() + b"a,b,c,d,e\n" * 400_000


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("file.inflates_too_much", zip_bomb),
    "zip bomb that lies": ("file.broken", bomb_that_lies),
    "one cell in the last corner": ("roster.no_header", far_cell),
    "150,000 rows": ("roster.too_many_rows", many_rows),
    "entity": ("file.entities", entity),
    "entity in UTF-16": ("file.entities", entity_in_utf16),
    "200,000 levels deep": ("file.broken", deep),
    "path outside": ("file.strange_archive", path_outside),
    "macros": ("file.macros", macros),
    "1,500 entries": ("file.strange_archive", many_entries),
    "a Word file": ("file.not_a_workbook", docx),
    "cut in half": ("file.broken", lambda: roster(person(1))[:2000]),
    "only a signature": ("file.broken", lambda: b"PK\x03\x04"),
    "old Office, garbage": ("file.broken", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5000)),
    "PDF": ("file.not_a_workbook", lambda: b"%PDF-1.7\n%"),
    "web page called xls": ("file.web_page", lambda: b"<html><table><tr><td>STT</td></tr></table></html>"),
    "picture": ("file.not_a_workbook", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "NUL bytes": ("file.not_a_workbook", lambda: b"Ho ten,SDT\nA\x00n,1\n"),
    "nothing": ("file.empty", lambda: b""),
    "blank": ("file.empty", lambda: b"  \n \n"),
    "no list": ("roster.no_header", lambda: xlsx([["xin chào"]])),
    "only a header": ("roster.empty", lambda: xlsx([HEADER])),
    "an .xls that calamine gives up in a panic": ("file.broken", (Path(__file__).parent / "panic.xls").read_bytes),
    "1,200,000 styles": ("file.too_heavy", many_styles),
    "csv of 400,000 rows": ("roster.too_many_rows", csv_of_many_rows),
    "csv of 1,000,000 columns": ("roster.no_header", lambda: b",".join([b"x"] * 1_000_000)),
    "random bytes": ("file.not_a_workbook", lambda: bytes(range(256)) * 20),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_file_is_refused_with_words_in_two_languages(what: str) -> None:
    code, make = HOSTILE[what]
    with pytest.raises(RefusedFileError) as refused:
        await Opener().read(make())
    assert refused.value.code == code
    assert refused.value.vi
    assert refused.value.en


async def test_a_file_that_takes_too_long_is_given_up_and_its_process_killed() -> None:
    with pytest.raises(RefusedFileError, match=r"file\.too_heavy"):
        await Opener(timeout_seconds=0.01).read(roster(person(1)))


async def test_the_reader_itself_never_grows_with_a_hostile_file() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for make in (zip_bomb, far_cell):
        content = make()
        made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with contextlib.suppress(RefusedFileError):
            await Opener().read(content)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(made, before) < 50_000  # kB


async def test_text_that_turns_round_or_hides_is_an_error_at_its_cell() -> None:
    _, reading = await Opener().read(roster(person(1, **{"Họ và tên": "Nguyễn \u202eAn"})))
    (row,) = reading.rows
    assert [(item.cell, item.finding.code) for item in row.findings] == [("C2", "text.reversed")]
    assert "\u202e" not in row.shown_name
