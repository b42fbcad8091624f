"""What the columns of a table were taken for, how surely, and samples of what stands in them."""

from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Cell, Sheet, column_letters, text_of, without_hidden_characters
from roster_api.rosters.reading.choices import meaning_of
from roster_api.rosters.reading.header_labels import labels_of
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.people import RosterRow

SAMPLES, LONGEST_SAMPLE = 3, 80
BY_RANK = (1.0, 0.8)
LEAST = 0.6


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


def map_table(header: Header, sheet: Sheet, rows: list[RosterRow]) -> TableMapping:
    """Confidence is how plainly the header says it, times the share of rows whose cell there could be read."""
    depth = header.first_data_row - header.row if header.row else 0
    labels = labels_of(sheet, header.row - 1, depth) if depth else []
    known = {column.index: column for column in header.columns}
    data = sheet.rows[header.first_data_row - 1 :]
    width = max([len(labels), *(index + 1 for index in known), *(len(row) for row in data[:200])])
    mapped: list[ColumnMapping] = []
    unmapped: list[ColumnMapping] = []
    faulty = [
        {item.cell.rstrip("0123456789") for item in row.findings if item.finding.is_error} for row in rows
    ]  # fmt: skip
    for index in range(header.first_column, min(width, header.last_column + 1)):
        letters, column = column_letters(index), known.get(index)
        label = " / ".join(labels[index]) if index < len(labels) else ""
        samples = _samples(data, index)
        meaning = meaning_of(column) if column else None
        if column is None or meaning is None:
            if label or samples:
                unmapped.append(ColumnMapping(letters, without_hidden_characters(label), None, 0.0, samples))
            continue
        plain = BY_RANK[max(column.rank, 0)] if column.rank < len(BY_RANK) else LEAST
        bad = sum(letters in cells for cells in faulty)
        confidence = round(plain * (1 - bad / len(rows)), 2) if rows else plain
        mapped.append(ColumnMapping(letters, without_hidden_characters(label), meaning, confidence, samples))
    values = {kind.value: value for kind, value in header.for_all.items()}
    return TableMapping(sheet.name, header.row, mapped, unmapped, values)


def _samples(rows: list[list[Cell]], index: int) -> list[str]:
    samples: list[str] = []
    for row in rows:
        text = without_hidden_characters(text_of(row[index]))[:LONGEST_SAMPLE] if index < len(row) else ""
        if text and text not in samples:
            samples.append(text)
        if len(samples) == SAMPLES:
            break
    return samples
