"""A csv file to a sheet: by the encoding and separator under which it has a header and even rows, not by counting."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from commune_schemas.amounts import amount

from roster_api.rosters.reading.cells import Appearance, Cell, Sheet, address
from roster_api.rosters.reading.headers import find_header
from roster_api.rosters.reading.legacy_sheets import repair_sheet
from roster_api.rosters.reading.refusals import RefusedFileError

SHEET_NAME = "CSV"
SEPARATORS = (";", ",", "\t", "|", "~")
MOST_LINES = 0.5
_LINES_TRIED, _CHARACTERS_TRIED = 60, 2_000_000
_OUTSIDE_NAMED = 30


@dataclass(frozen=True, slots=True)
class _Way:
    """How cells are kept apart, and what stands around them: `"a", "b"` has blanks before its quotation marks."""

    separator: str
    quote: str = '"'
    skips_blanks: bool = False

    def reader(self, text: str, *, is_strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            StringIO(text, newline=""), delimiter=self.separator, quotechar=self.quote, strict=is_strict,
            skipinitialspace=self.skips_blanks,
        )  # fmt: skip


def open_delimited(content: bytes, *, maximum_rows: int, maximum_columns: int) -> Sheet:
    """The one sheet of a csv file; RefusedFileError when no reading of it is a table, or a quote is not closed."""
    texts = _decodings(content)
    tried = [(_score(text, way), text, way) for text in texts for way in _ways(text)]
    _, text, way = max(tried, key=lambda candidate: candidate[0])
    rows = _parse(_without_hint(text), way, most=maximum_rows + 1)
    if len(rows) > maximum_rows:
        raise RefusedFileError(
            "roster.too_many_rows", vi=f"Tệp có hơn {maximum_rows} dòng; hãy xóa dòng thừa hoặc chia nhỏ tệp.",
            en=f"The file has more than {amount(maximum_rows, 'row')}; delete what is not needed, or split it.",
        )  # fmt: skip
    _check_quotes(rows, way.separator)
    outside = (
        address(number, column)
        for number, row in enumerate(rows) for column, text in enumerate(row[maximum_columns:], maximum_columns)
        if text.strip()
    )  # fmt: skip
    cells = [[_cell(text) for text in row[:maximum_columns]] for row in rows]
    return Sheet(SHEET_NAME, cells, Appearance(outside=list(islice(outside, _OUTSIDE_NAMED)), is_delimited=True))


def _cell(text: str) -> Cell:
    return text or None


def _decodings(content: bytes) -> list[str]:
    """The texts the bytes may be: by their mark, else UTF-8 when valid, else the old Vietnamese and western pages."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:200:2].count(0) > 50:
        encodings = ["utf-16-le"]
    elif content[0:200:2].count(0) > 50:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig"]
    texts = _decode(content, encodings)
    if not texts and encodings == ["utf-8-sig"]:
        _check_nearly_utf8(content)
        texts = _decode(content, ["cp1258", "cp1252", "latin-1"])
    if not texts or any("\0" in text for text in texts):
        raise RefusedFileError(
            "file.not_a_workbook", vi="Tệp không phải bảng tính. Hãy gửi .xlsx, .xls, .ods hoặc .csv (UTF-8).",
            en="The file is not a workbook. Send .xlsx, .xls, .ods or .csv (UTF-8).",
        )  # fmt: skip
    return texts


def _decode(content: bytes, encodings: list[str]) -> list[str]:
    texts = []
    for encoding in encodings:
        try:
            texts.append(unicodedata.normalize("NFC", content.decode(encoding)))
        except UnicodeDecodeError:
            continue
    return texts


def _check_nearly_utf8(content: bytes) -> None:
    """A file of which a part is UTF-8 is not taken for another encoding: every accent of that part would be wrong."""
    shown = content.decode("utf-8", "replace")
    broken = shown.count("\ufffd")
    right = sum(not char.isascii() for char in shown) - broken
    if 3 * right > broken:
        line = shown[: shown.index("\ufffd")].count("\n") + 1
        raise RefusedFileError(
            "file.encoding",
            vi=f"Dòng {line} có ký tự bị hỏng (không phải UTF-8). Hãy sửa ô đó rồi lưu lại dạng UTF-8.",
            en=f"Line {line} has broken characters (not UTF-8). Mend that cell and save the file as UTF-8.",
        )  # fmt: skip


def _ways(text: str) -> list[_Way]:
    first = text.partition("\n")[0].strip()
    separators = (first[4:5] or ",",) if first.lower().startswith("sep=") else SEPARATORS
    lines = [line for line in _without_hint(text[:_CHARACTERS_TRIED]).splitlines()[:_LINES_TRIED] if line.strip()]
    return [_way(lines, separator) for separator in separators]


def _way(lines: list[str], separator: str) -> _Way:
    """By what most lines have: `'a';'b'` as databases write it, `"a"; "b"` as people do."""
    single = sum(line.startswith("'") and f"'{separator}'" in line for line in lines)
    with_blank = sum(f'"{separator} "' in line or f'"{separator}\t"' in line for line in lines)
    is_single = single >= MOST_LINES * len(lines) > 0
    return _Way(separator, "'" if is_single else '"', skips_blanks=with_blank >= MOST_LINES * len(lines))


def _without_hint(text: str) -> str:
    """Without Excel's first line 'sep=;'."""
    first, _, rest = text.partition("\n")
    return rest if first.strip().lower().startswith("sep=") else text


def _score(text: str, way: _Way) -> tuple[int, float, int]:
    """How much of a list a reading is: columns known by its header, evenness of its rows, columns."""
    lines = _without_hint(text[:_CHARACTERS_TRIED]).splitlines(keepends=True)[:_LINES_TRIED]
    try:
        rows = list(way.reader("".join(lines)))
    except csv.Error:
        return 0, 0.0, 0
    header = find_header(repair_sheet(Sheet(SHEET_NAME, [[_cell(text) for text in row[:200]] for row in rows])))
    widths = Counter(len(row) for row in rows if any(row))
    width, often = widths.most_common(1)[0] if widths else (0, 0)
    evenness = often / sum(widths.values()) if width > 1 else 0.0
    return len(header.columns) if header else 0, evenness, width


def _parse(text: str, way: _Way, *, most: int) -> list[list[str]]:
    """At most so many rows: a file of more is refused, and would take twenty times its size."""
    try:
        return list(islice(way.reader(text, is_strict=True), most))
    except csv.Error as fault:
        if "unexpected end" in str(fault):
            raise _unclosed(_line_of_open_quote(text, way)) from fault
    try:
        return list(islice(way.reader(text), most))
    except csv.Error as broken:
        raise _unclosed(1) from broken


def _line_of_open_quote(text: str, way: _Way) -> int:
    reader = csv.reader(StringIO(text, newline=""), delimiter=way.separator, quotechar=way.quote)
    start = 1
    while True:
        try:
            next(reader)
        except (StopIteration, csv.Error):
            return start
        if reader.line_num < text.count("\n") + text.count("\r") + 1:
            start = reader.line_num + 1
        else:
            return start


def _check_quotes(rows: list[list[str]], separator: str) -> None:
    """A cell with whole rows in it is a quote that was not closed, and closed by another row's."""
    widths = Counter(len(row) for row in rows if any(row))
    width = widths.most_common(1)[0][0] if widths else 0
    enough = max(3, (width - 1) // 2)
    for number, row in enumerate(rows, start=1):
        for text in row:
            if "\n" in text or "\r" in text:
                lines = text.splitlines()
                if sum(line.count(separator) for line in lines) >= enough:
                    raise _unclosed(number)


def _unclosed(row: int) -> RefusedFileError:
    return RefusedFileError(
        "file.unclosed_quote",
        vi=f'Ở dòng {row} có dấu ngoặc kép (") mở mà không đóng, nên các dòng sau dính vào một ô. '
        "Hãy xóa dấu ngoặc kép thừa, hoặc lưu thành .xlsx.",
        en=f"In row {row} a quotation mark is opened and not closed, so that later rows fall into one cell. Delete the "
        "stray mark, or save the file as .xlsx.",
    )  # fmt: skip
