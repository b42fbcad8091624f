"""What the columns of a list's table were taken for, and how surely."""

from roster_api.rosters.reading.cells import Sheet, column_letters, without_hidden_characters
from roster_api.rosters.reading.choices import meaning_of
from roster_api.rosters.reading.header_labels import labels_of
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.people import RosterRow
from roster_api.rosters.reading.table_mappings import ColumnMapping, TableMapping, find_hint, take_samples

BY_RANK = (1.0, 0.8)
LEAST = 0.6


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
        samples, hint = take_samples(data, index), find_hint(sheet, index, header.first_data_row - 1)
        meaning = meaning_of(column) if column else None
        if column is None or meaning is None:
            if label or samples:
                unmapped.append(ColumnMapping(letters, without_hidden_characters(label), None, 0.0, samples, hint))
            continue
        plain = BY_RANK[max(column.rank, 0)] if column.rank < len(BY_RANK) else LEAST
        bad = sum(letters in cells for cells in faulty)
        confidence = round(plain * (1 - bad / len(rows)), 2) if rows else plain
        mapped.append(ColumnMapping(letters, without_hidden_characters(label), meaning, confidence, samples, hint))
    values = {kind.value: value for kind, value in header.for_all.items()}
    return TableMapping(sheet.name, header.row, mapped, unmapped, values)
