"""A form that says what the columns of a sheet are: the body of PUT .../mapping made of it."""

from collections.abc import Iterable
from typing import Any


def mapping_of(form: Any, upload: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Fields are called `<sheet number>:<letters>`, `header:<sheet number>` and `all:<meaning>` of `names`.

    What was chosen before stands until something else is: a mapping is sent as a whole. Where no header was found,
    it is said that there is none.
    """
    before = {one["sheet"]: one for one in upload["chosen"]["sheets"]}
    sheets = [_sheet(form, number, table, before) for number, table in enumerate(upload["mapping"])]
    given = {name: str(form.get(f"all:{name}") or "").strip() for name in names}
    return {"sheets": sheets, "values": {name: text for name, text in given.items() if text}}


def _sheet(form: Any, number: int, table: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    known = before.get(table["sheet"]) or {"columns": {}, "header_row": None}
    columns = dict(known["columns"])
    for column in [*table["columns"], *table["unmapped"]]:
        chosen = form.get(f"{number}:{column['letters']}") or ""
        if chosen and chosen != (column["meaning"] or "left_out"):
            columns[column["letters"]] = chosen
    sheet: dict[str, Any] = {"sheet": table["sheet"], "columns": columns, "header_row": known["header_row"]}
    row = str(form.get(f"header:{number}") or "")
    if row.isdecimal() and (int(row) != table["header_row"] or not table["header_row"]):
        sheet["header_row"] = int(row)
    return sheet
