"""Read needs against those declared: what each row means for its commune, and what it would change.

A row whose cells are all empty says nothing, and its commune's need stays. What has no column stays as declared.
"""

from collections.abc import Mapping
from typing import Any

from commune_schemas.amounts import amount

from roster_api.needs.models import NeedState
from roster_api.registers.comparing import Kept, Names, add_finding, find_commune, preview_of, refuse_twice
from roster_api.registers.declarations import DAYS, DUTY
from roster_api.rosters.reading.declared import DeclaredReading, DeclaredRow
from roster_api.rosters.reading.declared_rows import END
from roster_api.rosters.reading.findings import error, warning
from roster_api.rosters.reading.words import word_key

NOT_DECLARED: dict[str, Any] = {
    "lacks_it_staff": False, "presence": [0] * 5, "min_people": None, "note": "", "items": [],
}  # fmt: skip
NAMING = ("commune", "commune_again")
MOST_PEOPLE, MOST_DAYS, MOST_DUTIES = 1000, 5, 50


def compare_needs(reading: DeclaredReading, names: Names, kept: Mapping[str, Kept]) -> list[dict[str, Any]]:
    """The preview's rows, in the file's order. `kept`: by commune's code, what was declared and its state."""
    first_row: dict[str, int] = {}
    rows = []
    for row in reading.rows:
        named = [row.values[meaning] for meaning in NAMING if row.values.get(meaning)]
        if named:  # the other column of the two may be empty
            row.findings = [item for item in row.findings if item[0].code != "commune.missing"]
        if any(END.search(word_key(name)) for name in named) and not any(_is_commune(name, names) for name in named):
            vi, en = "Dòng tổng: không ghi.", "A row of totals: not recorded."
            add_finding(row, "commune", warning("need.total_row", vi=vi, en=en))
            rows.append(preview_of(row, status="same", code="", name=named[0]))
            continue
        code = _commune(row, names)
        if code:
            refuse_twice(row, code, first_row, meaning="commune")
        rows.append(_preview(row, code, kept.get(code), names))
    return rows


def _is_commune(name: str, names: Names) -> bool:
    """There is one of this name, today or before the merger: 'Cộng Hòa' is no total."""
    return word_key(name) in names.communes or word_key(name) in names.old_communes


def _commune(row: DeclaredRow, names: Names) -> str:
    """Its code; empty where it is not known, or where a second column names another."""
    codes = {
        find_commune(row, meaning, row.values[meaning], names)
        for meaning in NAMING if row.values.get(meaning)
    }  # fmt: skip
    if len(codes) > 1 and None not in codes:
        vi, en = "Mã xã và tên xã là của hai xã khác nhau.", "The code and the name are of two communes."
        mend = {"mend_vi": "Sửa một trong hai.", "mend_en": "Correct either."}
        add_finding(row, "commune_again", error("commune.disagree", vi=vi, en=en, **mend))
    return codes.pop() or "" if len(codes) == 1 else ""


def _preview(row: DeclaredRow, code: str, known: Kept | None, names: Names) -> dict[str, Any]:
    before = known.values if known else NOT_DECLARED
    told = {name for name, value in row.values.items() if value is not None} - set(NAMING)
    if not told and not any(finding.is_error for finding, *_ in row.findings):
        vi, en = "Các ô nhu cầu để trống: giữ nguyên.", "The cells of the need are empty: it is left as it is."
        add_finding(row, "commune", warning("need.nothing_told", vi=vi, en=en))
        return preview_of(row, status="same", code=code, name=names.of_communes.get(code, ""))
    after = _need(row, before)
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if known and known.values["state"] != NeedState.ACCEPTED.value:
        changes["state"] = [known.values["state"], NeedState.ACCEPTED.value]
    status = "new" if known is None else "changed" if changes else "same"
    return preview_of(
        row, status=status, code=code, name=names.of_communes.get(code, ""), values=after,
        changes=changes if known else {}, seen_version=known.row_version if known else None,
    )  # fmt: skip


def _need(row: DeclaredRow, before: Mapping[str, Any]) -> dict[str, Any]:
    """As PUT takes it: what the sheet has a column for, and the rest as it was."""
    values = row.values
    presence = [
        _bounded(row, day, values[day] or 0) if day in values else before["presence"][place]
        for place, day in enumerate(DAYS)
    ]  # fmt: skip
    least = values.get("min_people", before["min_people"])
    need: dict[str, Any] = {
        "lacks_it_staff": bool(values["lacks_it_staff"]) if "lacks_it_staff" in values else before["lacks_it_staff"],
        "presence": presence,
        "min_people": least if least is None else _bounded(row, "min_people", least),
        "note": (values["note"] or "") if "note" in values else before["note"],
        "items": _items(row, before["items"]),
    }
    _check_total(row, need["items"])
    if len(need["items"]) > MOST_DUTIES:
        vi, en = f"Nhiều nhất {MOST_DUTIES} nhiệm vụ.", f"At most {MOST_DUTIES} duties."
        wrong = error("need.too_many_duties", vi=vi, en=en, mend_vi="Bớt nhiệm vụ.", mend_en="Take some away.")
        add_finding(row, "commune", wrong)
    return need


def _bounded(row: DeclaredRow, meaning: str, people: int) -> int:
    if people > MOST_PEOPLE:
        vi, en = f"Nhiều nhất {MOST_PEOPLE} người.", f"At most {MOST_PEOPLE} people."
        wrong = error("need.too_many", vi=vi, en=en, mend_vi="Sửa số.", mend_en="Correct it.")
        add_finding(row, meaning, wrong)
    return people


def _items(row: DeclaredRow, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By duty. An empty cell of a duty's column, and 0: nobody for it."""
    wanted = {item["duty_code"]: (item["people"], item["days_per_week"]) for item in before}
    for meaning, value in row.values.items():
        if meaning.startswith(DUTY):
            duty = meaning.removeprefix(DUTY)
            work = _people_and_days(row, meaning, value, wanted.get(duty)) if value else None
            wanted = {each: pair for each, pair in wanted.items() if each != duty} | ({duty: work} if work else {})
    return [
        {"duty_code": duty, "people": people, "days_per_week": days} for duty, (people, days) in sorted(wanted.items())
    ]


def _people_and_days(
    row: DeclaredRow, meaning: str, value: Any, before: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Person-days alone: as declared where that comes to as many, else the fewest people; said either way."""
    if isinstance(value, list):
        return value[0], value[1]
    days = next(days for days in range(MOST_DAYS, 0, -1) if value % days == 0)
    people, days = before if before and before[0] * before[1] == value else (value // days, days)
    if people > MOST_PEOPLE:
        _bounded(row, meaning, people)
        return None
    vi = f"{value} ngày công mỗi tuần được ghi là {people} người x {days} ngày."
    en = f"{amount(value, 'person-day')}: {people} x {amount(days, 'day')}."
    add_finding(row, meaning, warning("need.person_days", vi=vi, en=en))
    return people, days


def _check_total(row: DeclaredRow, items: list[dict[str, Any]]) -> None:
    """A total is compared with what stands beside it: alone it does not say of which duty."""
    total, days = row.values.get("total"), sum(item["people"] * item["days_per_week"] for item in items)
    if total is not None and total != days:
        add_finding(row, "total", error(
            "need.total_differs", vi=f"Tổng là {total}, nhưng các nhiệm vụ cộng lại là {days} ngày công mỗi tuần.",
            en=f"The total is {total}, but the duties come to {amount(days, 'person-day')} a week.",
            mend_vi="Ghi ngày công theo từng nhiệm vụ, hoặc sửa tổng.",
            mend_en="Write the person-days of each duty, or correct the total.",
        ))  # fmt: skip
