"""A problem without schools that withdraw: what hangs on them goes too, and each pin that is lost is named. Pure."""

from collections.abc import Sequence
from typing import Any

from commune_schemas.matching import MatchingProblem, SolveOptions
from commune_schemas.unkept import UnkeptPin

from roster_api.errors import invalid_field


def least_change(options: SolveOptions) -> dict[str, Any]:
    """Where the request does not say how many leads may change beyond those that must: none."""
    return {} if "max_lead_changes" in options.model_fields_set else {"max_lead_changes": 0}


def leave_out_schools(problem: MatchingProblem, codes: Sequence[str]) -> MatchingProblem:
    """422 for a code that is none of the problem's schools."""
    if not codes:
        return problem
    known = {school.code for school in problem.schools}
    for index, code in enumerate(codes):
        if code not in known:
            raise invalid_field(
                f"/without_schools/{index}",
                code="school.unknown",
                vi=f"Không có trường {code} tham gia đợt này.",
                en=f"School {code} takes no part in this campaign.",
            )
    gone = {person.id for person in problem.volunteers if person.school_code in codes}
    lists = ("pins", "forbids", "existing", "previous", "schools", "volunteers")
    of_people = ("placement_pins", "placement_forbids", "previous_placements", "absences")
    kept: dict[str, Any] = {
        name: [row for row in getattr(problem, name) if _school(row) not in codes] for name in lists
    }
    kept |= {name: [row for row in getattr(problem, name) if row.volunteer_id not in gone] for name in of_people}
    rows = [[row for row in human if row not in gone] for human in problem.humans]
    kept["humans"] = [human for human in rows if len(human) > 1]
    kept["left_out_pins"] = [*problem.left_out_pins, *_lost_pins(problem, codes, gone)]
    return problem.model_copy(update=kept)


def _school(row: Any) -> str:
    code: str = row.code if hasattr(row, "code") else row.school_code
    return code


def _lost_pins(problem: MatchingProblem, codes: Sequence[str], gone: set[Any]) -> list[UnkeptPin]:
    lost = [(pin.commune_code, pin.school_code, None) for pin in problem.pins if pin.school_code in codes]
    names = {commune.code: commune.name for commune in problem.communes}
    schools = {person.id: person.school_code for person in problem.volunteers}
    lost += [
        (pin.commune_code, schools[pin.volunteer_id], pin.volunteer_id)  # type: ignore[misc]
        for pin in problem.placement_pins
        if pin.volunteer_id in gone
    ]
    return [
        UnkeptPin(
            commune_code=commune,
            volunteer_id=person,
            school_code=None if person else school,
            rule="P0",
            vi=f"Không giữ được ghim {person or school} vào {names[commune]}: trường {school} rút (P0).",
            en=f"The pin of {person or school} to {names[commune]} is not kept: school {school} withdraws (P0).",
        )
        for commune, school, person in lost
    ]
