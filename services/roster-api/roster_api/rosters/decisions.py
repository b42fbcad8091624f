"""What a school said of rows that may be somebody else: the same as a known person, somebody new, or left out. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from roster_api.rosters.identity import Known
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.findings import error
from roster_api.rosters.reading.people import CellFinding, RosterRow

NEW, LEFT_OUT, SAME_AS = "new", "left_out", "same_as"
Decisions = Mapping[tuple[str, int], str]
"""{(sheet, row of the file): NEW, LEFT_OUT, or the id of the person it is}."""
NO_DECISIONS: Decisions = {}


def as_decisions(kept: Sequence[Mapping[str, Any]]) -> Decisions:
    """From column `decisions`."""
    return {(one["sheet"], one["row"]): str(one["volunteer_id"]) if one["is"] == SAME_AS else one["is"] for one in kept}


def decided_people(
    rows: Sequence[RosterRow], known: Sequence[Known], decisions: Decisions
) -> dict[int, Known | None]:  # fmt: skip
    """{place of a row: the person it is, or None for somebody new}; who is gone since is an error at the row."""
    if not decisions:
        return {}
    by_id = {one.id: one for one in known}
    decided: dict[int, Known | None] = {}
    for place, row in enumerate(rows):
        said = decisions.get((row.sheet, row.row))
        if said is None or said == LEFT_OUT or row.person is None:
            continue
        if said == NEW:
            decided[place] = None
        elif UUID(said) in by_id:
            decided[place] = by_id[UUID(said)]
        else:
            _tell_gone(row)
    return decided


def _tell_gone(row: RosterRow) -> None:
    column, cell = row.place(Kind.FULL_NAME, Kind.GIVEN)
    row.findings.append(CellFinding(error(
        "identity.decision_gone", vi="Người đã chọn cho dòng này không còn trong danh sách của trường.",
        en="The person chosen for this row is no longer on the school's roster.",
        mend_vi="Quyết định lại cho dòng này.", mend_en="Decide about this row again.",
    ), column=column, cell=cell, written=row.shown_name))  # fmt: skip
