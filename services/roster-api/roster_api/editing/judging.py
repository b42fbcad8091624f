"""A board judged: stage A's and B's documents made of it, given to the judges of finished plans. Pure."""

from dataclasses import dataclass

from commune_schemas.documents import (
    InstanceDocument,
    InstanceSolution,
    PlacementCommune,
    PlacementDocument,
    PlacementSolution,
    PlacementVolunteer,
)
from commune_verify import placement, responsibility

from roster_api.editing.board import Board
from roster_api.editing.facts import Facts, Forbidden, Pair
from roster_api.editing.work import list_heads

NOBODY_WANTED = [0, 0, 0, 0, 0]
WEIGHT_OF_CONFIRMED = 3

Levels = dict[tuple[str, str], int]
"""(stage, level) -> value, in the objective's order."""


@dataclass(frozen=True)
class Judgement:
    """`violations` as the judges word them: a rule's number first."""

    levels: Levels
    violations: tuple[str, ...]


def judge(board: Board, facts: Facts, forbidden: Forbidden) -> Judgement:
    """Every rule but pins (an edit is the later word) and caps on changes (they bound the solver alone)."""
    heads = list_heads(board, facts)
    verdict = responsibility.verify(make_instance(facts, forbidden), _solution_a(board, heads))
    levels: Levels = {("A", level): value for level, value in verdict.objective.items()}
    violations = list(verdict.violations)
    for school in sorted(facts.schools):
        document = make_placement(board, facts, forbidden, school, heads)
        if document is None:
            continue
        judged = placement.verify(document, _solution_b(board, facts, school))
        violations += judged.violations
        for level, value in judged.objective.items():
            levels["B", level] = levels.get(("B", level), 0) + value
    return Judgement(levels, tuple(violations))


def make_instance(facts: Facts, forbidden: Forbidden) -> InstanceDocument:
    """Stage A's document with everybody's own days: what was cut from them was the solver's means."""
    volunteers = [
        volunteer.model_copy(update={"max_days": facts.people[volunteer.id].max_days})
        for volunteer in facts.stage_a.volunteers
    ]
    policy = facts.stage_a.policy.model_copy(update={"max_changes": None})
    return facts.stage_a.model_copy(
        update={"volunteers": volunteers, "policy": policy, "pins": [], "forbid": sorted(forbidden.schools)}
    )


def _solution_a(board: Board, heads: dict[Pair, int]) -> InstanceSolution:
    related = {*board.leads.items(), *board.supports}
    return InstanceSolution(
        lead=board.leads,
        support=sorted(board.supports),
        flow=[
            (commune, school, field, days)
            for (commune, school), promised in sorted(board.promised.items())
            if (commune, school) in related
            for field, days in sorted(promised.items())
            if days
        ],
        heads=[(commune, school, people) for (commune, school), people in sorted(heads.items())],
    )


def make_placement(
    board: Board, facts: Facts, forbidden: Forbidden, school: str, heads: dict[Pair, int]
) -> PlacementDocument | None:
    """Stage B's document of a school; None where it has nothing to do, or nobody to send."""
    communes = [
        PlacementCommune(
            id=code,
            name=facts.communes[code].name,
            need=board.promised.get((code, school), {}),
            presence=facts.communes[code].presence if board.leads.get(code) == school else NOBODY_WANTED,
            priority=facts.communes[code].priority,
            min_people=_asked_of(board, facts, heads, (code, school)),
        )
        for code in board.list_communes(school)
    ]
    if not communes or not facts.people_of[school]:
        return None
    reach = {commune.id: facts.distance[commune.id, school] for commune in communes}
    return PlacementDocument(
        schema_="mw-placement/1",
        id=school,
        fields=facts.problem.fields,
        communes=communes,
        volunteers=[_volunteer(facts, forbidden, person) for person in facts.people_of[school]],
        dist_m=dict.fromkeys(facts.people_of[school], reach),
        policy=facts.placement_policy,
    )


def _asked_of(board: Board, facts: Facts, heads: dict[Pair, int], pair: Pair) -> int:
    """People asked of this school there: as its document had it, as long as it promises as many.

    Else the lead is asked for whoever no support promises.
    """
    commune, school = pair
    promised = heads.get(pair, 0)
    if pair in facts.asked_of and promised == facts.promised_heads.get(pair, 0):
        return facts.asked_of[pair]
    if board.leads.get(commune) != school:
        return promised
    others = sum(n for (code, other), n in heads.items() if code == commune and other != school)
    return max(0, facts.min_people[commune] - others)


def _volunteer(facts: Facts, forbidden: Forbidden, person: str) -> PlacementVolunteer:
    known, before = facts.people[person], facts.previous.get(person)
    return PlacementVolunteer(
        id=person,
        school=known.school_code,
        role=known.role.value,
        skills=known.skills,
        days=facts.free[person],
        max_days=known.max_days,
        max_m=known.max_distance_m,
        team=known.team,
        forbidden_communes=sorted(commune for name, commune in forbidden.people if name == person),
        previous_commune=before.commune_code if before else None,
        previous_days=before.weekdays if before else [],
        previous_fields=sorted(field for field, days in before.work_days.items() if days) if before else None,
        change_weight=WEIGHT_OF_CONFIRMED if before and before.is_confirmed else 1,
    )


def _solution_b(board: Board, facts: Facts, school: str) -> PlacementSolution:
    own = [person for person in facts.people_of[school] if person in board.places]
    return PlacementSolution(
        place=[(person, board.places[person].commune, list(board.places[person].weekdays)) for person in own],
        work=[
            (person, board.places[person].commune, field, days)
            for person in own
            for field, days in sorted(board.places[person].work.items())
            if days
        ],
    )
