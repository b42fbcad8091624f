"""A name that stands over two columns: family and middle names, then the given name."""

from dataclasses import replace

from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.header_labels import Labels
from roster_api.rosters.reading.words import word_key

_FAMILY_NAMES = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh doan mai ta chau lam ha luu"
    " truong dao cao to ton thai phung vuong quach tang luong kieu nghiem chu tu la hua giang"
)
_FAMILIES = frozenset(_FAMILY_NAMES.split())


def join_split_names(
    sheet: Sheet, number: int, depth: int, labels: list[Labels], columns: list[Column | None]
) -> list[Column | None]:
    """'Họ và tên' over two columns is family and middle names, then the given name; over three, one for each."""
    joined = list(columns)
    for index, column in enumerate(columns[:-1]):
        if column is None or column.kind is not Kind.FULL_NAME:
            continue
        after = columns[index + 1]
        is_twice = after is not None and after.kind is Kind.FULL_NAME and labels[index] == labels[index + 1]
        is_third = index + 2 < len(labels) and labels[index + 2] == labels[index]
        is_fourth = index + 3 < len(labels) and labels[index + 3] == labels[index]
        if is_twice and is_third and not is_fourth:
            for place, kind in enumerate((Kind.FAMILY, Kind.MIDDLE, Kind.GIVEN), start=index):
                joined[place] = replace(column, index=place, kind=kind)
            break
        if is_twice and not is_third and is_empty_below(sheet, number + depth, index + 1):
            joined[index + 1] = None
        elif is_twice and not is_third and begins_with_given(sheet, number + depth, index):
            continue  # two columns of names: asked, for the order is not clear
        elif (is_twice and not is_third) or (not labels[index + 1] and holds_given_names(sheet, number + depth, index)):
            joined[index] = replace(column, kind=Kind.FAMILY)
            joined[index + 1] = replace(column, index=index + 1, kind=Kind.GIVEN)
    return joined


def is_empty_below(sheet: Sheet, first_data: int, index: int) -> bool:
    """Nothing stands in the column: the header is merged over it for its looks."""
    return not any(index < len(row) and text_of(row[index]) for row in sheet.rows[first_data:])


def begins_with_given(sheet: Sheet, first_data: int, index: int) -> bool:
    """'Duyên | Phan Thị Mỹ': the family's name begins the second column in most rows, and the first one in few."""
    pairs = [
        (word_key(text_of(row[index])).split(), word_key(text_of(row[index + 1])).split())
        for row in sheet.rows[first_data : first_data + 200]
        if index + 1 < len(row) and text_of(row[index]) and text_of(row[index + 1])
    ]
    turned = sum(len(first) == 1 and len(last) > 1 and last[0] in _FAMILIES for first, last in pairs)
    usual = sum(bool(first) and first[0] in _FAMILIES for first, _ in pairs)
    return turned > len(pairs) / 2 and usual < len(pairs) / 2


def holds_given_names(sheet: Sheet, first_data: int, index: int) -> bool:
    """The column right of the names, without a header, has one more word of a name in most rows."""
    names, words = 0, []
    for row in sheet.rows[first_data : first_data + 200]:
        if index < len(row) and isinstance(row[index], str) and text_of(row[index]):
            names += 1
            word = text_of(row[index + 1]) if index + 1 < len(row) else ""
            if word and word.replace(" ", "").isalpha() and len(word.split()) == 1 and len(word) > 1:
                words.append(word_key(word))
    return names > 0 and len(words) > 0.6 * names and not set(words) <= {"nam", "nu", "x", "co", "khong", "gv", "sv"}
