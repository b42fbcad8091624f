"""How a workbook looks on paper, and how high its rows are: programs other than Excel do not reckon that themselves."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

LINE = 16.5
"""Points, of Times New Roman 12."""
VIETNAMESE_NUMBER = "[$-42A]#,##0_ "
"""1.234.567, whatever language the program that shows it speaks; a space before the next column."""
VIETNAMESE_DECIMALS = "[$-42A]#,##0.##_ "


def height_of(values: Sequence[Any], widths: Sequence[float]) -> float:
    """`widths`: of the columns, in characters."""
    lines = [
        sum(len(wrap(part, max(1, int(width)))) or 1 for part in str(value).split("\n"))
        for value, width in zip(values, widths, strict=False)
    ]
    return LINE * max([1, *lines])


def print_on_a4(sheet: Any, *, header_row: int = 0) -> None:
    """Landscape, as wide as the page, the header (a row from 0) again on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
