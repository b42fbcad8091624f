"""The layout of official papers, as Appendix I of Decree 30/2020/NĐ-CP lays it down.

A4; margins 20 mm above and below, 30 left, 20 right (the appendix: 20-25, 20-25, 30-35, 15-20). Times New Roman, 12 to
14. Pages are numbered in the middle of the upper margin, but for the first; each annex counts its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import docx
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from roster_api.papers.packing import pack
from roster_api.papers.tables import Column, Row, make_table
from roster_api.papers.text_runs import (
    CENTER,
    JUSTIFIED,
    Style,
    add_line_below,
    add_page_number,
    add_run,
    write,
)
from roster_api.papers.wording import break_lines

FONT = "Times New Roman"
SHORT, LONG = Mm(210), Mm(297)
TOP = BOTTOM = RIGHT = Mm(20)
LEFT = Mm(30)
STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
ISSUER_WIDTH, MOTTO_WIDTH = 65, 95
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
AFTER = 4
"""Points between paragraphs: a usual decision ends on its first page."""
BODY = Style(align=JUSTIFIED, after=AFTER, indent=12.7)
FIRST_OF_ITS_PAGE = 1


@dataclass(frozen=True)
class Heading:
    """Who issues the paper, its number, where and when. Without a day or number their places stay open."""

    parent: str | None
    issuer: Sequence[str]
    """Names, in capitals; long ones are broken into lines."""
    number: str
    place: str
    signed_on: date | None


@dataclass(frozen=True)
class Signature:
    """`lines`: authority and title, in capitals ('TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH')."""

    lines: Sequence[str]
    name: str


def day_in_words(day: date | None) -> str:
    """'ngày 05 tháng 02 năm 2026': days below 10 and the months 1 and 2 with a nought, as the decree has it."""
    if day is None:
        return "ngày      tháng      năm        "
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


class OfficialPaper:
    """Put together from above to below; `to_bytes` gives the same bytes for the same content."""

    def __init__(self, *, title: str, author: str, made_at: datetime, footer: str) -> None:
        """`made_at` and `footer` are of what the paper is made from, not of its making."""
        self._document = docx.Document()
        self._annexes = 0
        facts = self._document.core_properties
        facts.title, facts.author, facts.last_modified_by = title, author, author
        facts.comments, facts.language = "", "vi-VN"
        facts.created = facts.modified = made_at.replace(tzinfo=None)
        self._set_font()
        self._lay_out(self._document.sections[0])
        self._write_margins(self._document.sections[0], footer)

    def to_bytes(self) -> bytes:
        return pack(self._document)

    def add_heading(self, heading: Heading) -> None:
        """Motto at the right, issuer at the left, number and day below them."""
        table = self._add_grid(ISSUER_WIDTH, MOTTO_WIDTH, rows=2)
        left, right = table.rows[0].cells
        names = [(heading.parent, False)] if heading.parent else []
        names += [(name, True) for name in heading.issuer]
        _fill(left, [(line, Style(size=12, bold=bold, align=CENTER)) for name, bold in names
                     for line in break_lines(name)], rule=22)  # fmt: skip
        _fill(
            right,
            [(STATE, Style(size=12, bold=True, align=CENTER)), (MOTTO, Style(size=13, bold=True, align=CENTER))],
            rule=18.5,
        )
        left, right = table.rows[1].cells
        _fill(left, [(heading.number, Style(size=13, align=CENTER, before=6))])
        when = f"{heading.place}, {day_in_words(heading.signed_on)}"
        _fill(right, [(when, Style(size=13, italic=True, align=CENTER, before=6))])

    def add_title(self, kind: str, subject: str, *, authority: str | None = None) -> None:
        """`kind`: 'QUYẾT ĐỊNH', 'BÁO CÁO'; `authority`: who decides, in capitals, below."""
        centred = Style(bold=True, align=CENTER, keep_with_next=True)
        self._add(kind, Style(bold=True, align=CENTER, before=12, keep_with_next=True))
        self._add(subject, centred)
        add_line_below(self._document.add_paragraph(), side=55)
        if authority:
            self._add(authority, Style(bold=True, align=CENTER, before=8, after=AFTER))

    def add_bases(self, bases: Sequence[str]) -> None:
        """Legal bases in italics, each on a line of its own; a semicolon after each, a full stop after the last."""
        for number, basis in enumerate(bases, start=1):
            end = "." if number == len(bases) else ";"
            self._add(basis.rstrip(" ;.,") + end, Style(italic=True, align=JUSTIFIED, after=AFTER, indent=12.7))

    def add_command(self, words: str) -> None:
        """'QUYẾT ĐỊNH:'."""
        self._add(words, Style(bold=True, align=CENTER, before=4, after=AFTER, keep_with_next=True))

    def add_article(self, number: int, text: str) -> None:
        """'Điều 1.' in bold, then its words; further lines are paragraphs of the same article."""
        first, *others = text.split("\n")
        paragraph = self._add(f"Điều {number}. ", Style(bold=True, align=JUSTIFIED, after=AFTER, indent=12.7))
        add_run(paragraph, first, BODY)
        for line in others:
            self.add_paragraph(line)

    def add_paragraph(self, text: str, *, bold: bool = False) -> None:
        self._add(text, Style(bold=bold, align=JUSTIFIED, after=AFTER, indent=12.7, keep_with_next=bold))

    def add_table(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self._document.element.body.insert_element_before(make_table(columns, rows), "w:sectPr")
        self._add("", Style(size=6))

    def add_ending(self, recipients: Sequence[str], signature: Signature) -> None:
        """Recipients at the left, signature at the right, with room to sign; on one page, with the words before."""
        if self._document.paragraphs:
            self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        left, right = self._add_grid(80, 80).rows[0].cells
        small = [("Nơi nhận:", Style(size=12, bold=True, italic=True, before=12))]
        for number, recipient in enumerate(recipients, start=1):
            end = "." if number == len(recipients) else ";"
            small.append((f"- {recipient.rstrip(' ;.')}{end}", Style(size=11)))
        _fill(left, small)
        lines = [(line, Style(size=14, bold=True, align=CENTER, before=12 if number == 0 else 0))
                 for number, line in enumerate(signature.lines)]  # fmt: skip
        _fill(right, [*lines, (signature.name, Style(bold=True, align=CENTER, before=72))])

    def add_signatures(self, left: Signature | None, right: Signature) -> None:
        """Two who sign side by side; None leaves the left side empty."""
        for cell, signature in zip(self._add_grid(80, 80).rows[0].cells, (left, right), strict=True):
            if signature is not None:
                lines = [(line, Style(size=13, bold=True, align=CENTER, before=12 if number == 0 else 0))
                         for number, line in enumerate(signature.lines)]  # fmt: skip
                _fill(cell, [*lines, (signature.name, Style(bold=True, align=CENTER, before=72))])

    def add_annex(
        self, title: str, reference: str, columns: Sequence[Column], rows: Sequence[Row], *, landscape: bool = False
    ) -> None:
        """A new page: 'Phụ lục I', the title, '(Kèm theo Quyết định số ...)', the table."""
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        self._lay_out(section, landscape=landscape)
        self._annexes += 1
        self._add(f"Phụ lục {ROMAN[self._annexes - 1]}", Style(bold=True, align=CENTER))
        self._add(title, Style(bold=True, align=CENTER))
        self._add(f"({reference})", Style(italic=True, align=CENTER, after=6))
        self.add_table(columns, rows)

    def _add(self, text: str, style: Style) -> Paragraph:
        paragraph = self._document.add_paragraph()
        write(paragraph, text, style)
        return paragraph

    def _add_grid(self, *widths: int, rows: int = 1) -> Table:
        """A table without lines, to set things side by side."""
        table: Table = self._document.add_table(rows=rows, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - the library has none
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        return table

    def _set_font(self) -> None:
        style = self._document.styles["Normal"]
        style.element.get_or_add_rPr().get_or_add_rFonts()
        for fonts in self._document.styles.element.iter(qn("w:rFonts")):
            fonts.attrib.clear()  # the theme's fonts would come first
            for name in ("ascii", "hAnsi", "eastAsia", "cs"):
                fonts.set(qn(f"w:{name}"), FONT)
        style.font.size = Style().size * 12_700

    def _lay_out(self, section: Section, *, landscape: bool = False) -> None:
        section.orientation = WD_ORIENTATION.LANDSCAPE if landscape else WD_ORIENTATION.PORTRAIT
        section.page_width, section.page_height = (LONG, SHORT) if landscape else (SHORT, LONG)
        section.top_margin, section.bottom_margin, section.right_margin, section.left_margin = TOP, BOTTOM, RIGHT, LEFT
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        numbers = section._sectPr.find(qn("w:pgNumType"))  # noqa: SLF001 - the library has no page numbers
        if numbers is None:
            numbers = OxmlElement("w:pgNumType")
            section._sectPr.insert_element_before(numbers, "w:cols", "w:titlePg", "w:docGrid")  # noqa: SLF001
        numbers.set(qn("w:start"), str(FIRST_OF_ITS_PAGE))

    def _write_margins(self, section: Section, footer: str) -> None:
        """Page numbers above, what the paper was made from below; annexes take both over."""
        add_page_number(section.header.paragraphs[0])
        for place in (section.footer, section.first_page_footer):
            write(place.paragraphs[0], footer, Style(size=8))


def _fill(cell: _Cell, lines: Sequence[tuple[str, Style]], *, rule: float | None = None) -> None:
    """The lines of a cell, one below the other, and a thin rule below them."""
    for number, (text, style) in enumerate(lines):
        write(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), text, style)
    if rule is not None:
        add_line_below(cell.add_paragraph(), side=rule)
