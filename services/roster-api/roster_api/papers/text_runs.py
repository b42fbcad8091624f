"""Paragraphs and runs of a paper as its layout wants them."""

import re
from dataclasses import dataclass

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LEFT, CENTER, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def clean(text: str) -> str:
    """What XML cannot hold becomes U+FFFD: seen by the reader, and no cause to refuse the paper."""
    return NOT_XML.sub("\ufffd", text)


@dataclass(frozen=True)
class Style:
    """How one paragraph looks. Sizes in points, the first line's indent in millimetres."""

    size: float = 14
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = LEFT
    before: float = 0
    after: float = 0
    indent: float = 0
    keep_with_next: bool = False


def write(paragraph: Paragraph, text: str, style: Style) -> Run:
    """The text of a paragraph that was empty."""
    shape = paragraph.paragraph_format
    paragraph.alignment = style.align
    shape.space_before, shape.space_after = Pt(style.before), Pt(style.after)
    shape.first_line_indent = Mm(style.indent)
    shape.keep_with_next = style.keep_with_next or None
    return add_run(paragraph, text, style)


def add_run(paragraph: Paragraph, text: str, style: Style) -> Run:
    """A piece of a paragraph that looks otherwise than the rest of it."""
    run = paragraph.add_run(clean(text))
    run.font.size = Pt(style.size)
    run.bold, run.italic = style.bold or None, style.italic or None
    return run


def add_line_below(paragraph: Paragraph, *, side: float) -> None:
    """Makes of an empty paragraph a thin rule, `side` millimetres in from both ends of its column."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(side)
    shape.line_spacing = Pt(3)
    shape.space_before, shape.space_after = Pt(2), Pt(0)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - the library has no borders
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def add_page_number(paragraph: Paragraph) -> None:
    """The number of the page, filled in by who shows or prints the paper."""
    write(paragraph, "", Style(align=CENTER))
    for kind, code in (("begin", None), (None, "PAGE"), ("end", None)):
        run = add_run(paragraph, "", Style())
        tag = "w:fldChar" if kind else "w:instrText"
        part = OxmlElement(tag)
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)  # noqa: SLF001 - the library has no fields
