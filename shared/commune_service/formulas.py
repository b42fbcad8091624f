"""Text that a spreadsheet would compute, written so that it shows it instead."""

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Wide ones, too: a spreadsheet of East Asia takes them for the narrow ones."""


def neutral(text: str) -> str:
    """For a cell of CSV, which has no kinds of cells."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
