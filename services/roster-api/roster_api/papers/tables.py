"""Tables of an annex: a head on each page, rows that stay whole. Written as XML, for a list has thousands of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.table import CT_Tbl

from roster_api.papers.text_runs import clean

TWIPS_A_MM = 1440 / 25.4
HALF_POINTS = 22
"""11 pt: within a table the decree asks for no size."""
PADDING = 68
"""Beside the words of a cell, 1.2 mm: a date and 'STT' stay on one line."""
EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(frozen=True)
class Column:
    """`width` in millimetres. Numbers and short codes are centred, words stand at the left."""

    head: str
    width: float
    centred: bool = False


@dataclass(frozen=True)
class Group:
    """A row of its own over the whole table: the name of what follows."""

    title: str


Row = Group | Sequence[str | int]


def make_table(columns: Sequence[Column], rows: Sequence[Row]) -> CT_Tbl:
    grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in columns)
    head = "".join(_cell(column.head, column.width, centred=True, bold=True) for column in columns)
    body = "".join(_row(columns, row) for row in rows)
    total = _twips(sum(column.width for column in columns))
    table: CT_Tbl = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{PADDING}" '
        f'w:type="dxa"/><w:right w:w="{PADDING}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
    )
    return table


def _row(columns: Sequence[Column], row: Row) -> str:
    if isinstance(row, Group):
        width = sum(column.width for column in columns)
        cells = _cell(row.title, width, centred=False, bold=True, span=len(columns))
    else:
        cells = "".join(
            _cell(str(value), column.width, centred=column.centred) for column, value in zip(columns, row, strict=True)
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(text: str, width: float, *, centred: bool, bold: bool = False, span: int = 1) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    align = '<w:jc w:val="center"/>' if centred else ""
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{spans}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{align}</w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="{HALF_POINTS}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r></w:p></w:tc>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_A_MM)
