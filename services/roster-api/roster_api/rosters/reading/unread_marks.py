"""What a sheet says beside its values and nobody reads: colours of rows, comments at rows of no person, text boxes."""

from collections.abc import Sequence

from commune_schemas.amounts import amount

from roster_api.rosters.reading.cells import Sheet, address, without_hidden_characters
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.people import RosterRow

Note = tuple[str, str]
NAMED = 20
FEWEST_OF_A_BAND = 2


def note_marks(sheet: Sheet, headers: Sequence[Header], rows: Sequence[RosterRow]) -> list[Note]:
    """By count and place; `rows`: the people that were read from the sheet."""
    people = [row.row - 1 for row in rows]
    notes = _note_colours(sheet, people) + _note_boxes(sheet)
    begins = min((header.first_data_row - 1 for header in headers), default=0)
    read = set(people)
    places = sorted(place for place in sheet.appearance.comments if place[0] >= begins and place[0] not in read)
    if places:
        told = "; ".join(f"{address(*place)} “{_short(sheet.appearance.comments[place])}”" for place in places[:NAMED])
        notes.append((
            f"Trang “{sheet.name}”: {len(places)} chú thích ở dòng không có người, không đọc: {told}.",
            f"Sheet “{sheet.name}”: {len(places)} comments at rows with nobody in them, not read: {told}.",
        ))  # fmt: skip
    return notes


def _note_boxes(sheet: Sheet) -> list[Note]:
    told = "; ".join(f"“{_short(text)}”" for text in sheet.appearance.boxes[:NAMED])
    if not told:
        return []
    return [(
        f"Trang “{sheet.name}”: hộp chữ nằm trên trang, không đọc: {told}.",
        f"Sheet “{sheet.name}”: text boxes over the sheet, not read: {told}.",
    )]  # fmt: skip


def _short(text: str) -> str:
    return without_hidden_characters(" ".join(text.split()))[:80]


def _note_colours(sheet: Sheet, people: Sequence[int]) -> list[Note]:
    """Rows that stand out by a colour. All rows, or every other one: that is decoration."""
    coloured = [row for row in people if row in sheet.appearance.coloured]
    if not coloured or len(coloured) == len(people) or _are_bands(coloured, people):
        return []
    places = ", ".join(str(row + 1) for row in coloured[:NAMED]) + (" ..." if len(coloured) > NAMED else "")
    vi = (
        f"Trang “{sheet.name}”: {len(coloured)} dòng được tô màu (dòng {places}). Màu không được đọc: nếu màu có nghĩa "
        "(xin rút, dự bị, ...), hãy ghi bằng chữ hoặc xóa các dòng đó."
    )
    en = (
        f"Sheet “{sheet.name}”: {amount(len(coloured), 'row is', 'rows are')} coloured ({places}). Colours are not"
        " read: if they mean something (left, in reserve, ...), say it in words or delete those rows."
    )
    return [(vi, en)]


def _are_bands(coloured: Sequence[int], people: Sequence[int]) -> bool:
    every_other = (people[::2], people[1::2])
    return len(coloured) >= FEWEST_OF_A_BAND and any(list(coloured) == list(half) for half in every_other)
