"""What the columns of a table were taken for, how surely, and samples of what stands in them: the shape of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Cell, text_of, without_hidden_characters

SAMPLES, LONGEST_SAMPLE = 3, 80


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A column: its meaning (None: not read), how surely (0-1), the first texts in it."""

    letters: str
    header: str
    meaning: str | None
    confidence: float
    samples: list[str]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A table of a sheet. `header_row` counts from 1; 0 when it has none. `values`: set for all rows."""

    sheet: str
    header_row: int
    columns: list[ColumnMapping]
    unmapped: list[ColumnMapping]
    values: dict[str, str] = field(default_factory=dict)


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
