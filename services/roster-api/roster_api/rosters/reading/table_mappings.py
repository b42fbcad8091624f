"""What the columns of a table were taken for, how surely, and samples of what stands in them: the shape of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Cell, Sheet, text_of, without_hidden_characters

SAMPLES, LONGEST_SAMPLE, LONGEST_HINT = 3, 80, 300


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A column: its meaning (None: not read), how surely (0-1), the first texts in it, what its cells ask for."""

    letters: str
    header: str
    meaning: str | None
    confidence: float
    samples: list[str]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A table of a sheet. `header_row` counts from 1; 0 when it has none. `values`: set for all rows."""

    sheet: str
    header_row: int
    columns: list[ColumnMapping]
    unmapped: list[ColumnMapping]
    values: dict[str, str] = field(default_factory=dict)


def find_hint(sheet: Sheet, index: int, first_data: int) -> str:
    """What shows when a cell of the column is entered, below its header (row `first_data`, from 0, and on)."""
    for (_, left, bottom, right), text in sheet.appearance.prompts:
        if left <= index <= right and bottom >= first_data:
            return without_hidden_characters(" ".join(text.split()))[:LONGEST_HINT]
    return ""


def take_samples(rows: Sequence[Sequence[Cell]], index: int) -> list[str]:
    """The first texts of the column."""
    samples: list[str] = []
    for row in rows:
        text = without_hidden_characters(text_of(row[index]))[:LONGEST_SAMPLE] if index < len(row) else ""
        if text and text not in samples:
            samples.append(text)
        if len(samples) == SAMPLES:
            break
    return samples
