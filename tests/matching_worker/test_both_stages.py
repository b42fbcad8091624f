"""Both stages together on problems so small that every placement can be counted: no promise leaves anybody idle."""

from collections.abc import Iterator
from itertools import product
from random import Random
from uuid import UUID

import pytest
from commune_schemas.documents import InstanceSolution, PlacementSolution
from commune_schemas.matching import MatchingProblem, ProblemCommune, ProblemVolunteer, VolunteerRole
from matching_worker.campaign.cut import joint_short, joint_unmet
from matching_worker.campaign.heads import spread_heads
from matching_worker.campaign.translate import Translation
from matching_worker.model.outcome import Limits
from matching_worker.model.placement.solve import solve as place
from matching_worker.model.responsibility.solve import solve as lead

from tests.matching_worker.problems import FIELDS, make_problem

NO_PRESENCE = [0, 0, 0, 0, 0]
Undone = tuple[int, int]
"""People missing, days unmet: by priority, in this order."""


def make_tiny(seed: int, *, schools: int = 1, people: int = 3) -> MatchingProblem:
    """Road communes that ask for one or two people and more days than these can work; some people know one field."""
    random = Random(seed)
    problem = make_problem(schools=schools, communes=3, people=people, seed=seed)
    communes = [
        commune.model_copy(
            update={
                "need_days": {field: random.randint(0, 5) for field in FIELDS},
                "presence": NO_PRESENCE,
                "priority": random.choice([1, 3]),
                "min_people": random.choice([0, 1, 1, 2]),
            }
        )
        for commune in problem.communes
        if not commune.is_remote
    ]
    volunteers = [
        person.model_copy(
            update={
                "skills": dict.fromkeys(random.choice([FIELDS, FIELDS[:1], FIELDS[1:]]), 2),
                "max_days": random.randint(1, 3),
                "role": random.choice([VolunteerRole.LECTURER, VolunteerRole.LECTURER, VolunteerRole.STUDENT]),
            }
        )
        for person in problem.volunteers
    ]
    options = problem.options.model_copy(update={"supervision": random.choice(["commune", "none"])})
    return problem.model_copy(update={"communes": communes, "volunteers": volunteers, "options": options})


def plan_both(problem: MatchingProblem) -> tuple[InstanceSolution, dict[str, PlacementSolution]]:
    translation = Translation(problem)
    led = lead(translation.instance(), limits=Limits()).solution
    assert isinstance(led, InstanceSolution)
    relations = spread_heads(translation, led)
    placements = {}
    for school, document in translation.placements(relations).items():
        placed = place(document, limits=Limits()).solution
        assert isinstance(placed, PlacementSolution)
        placements[school] = placed
    return relations, placements


def undone_by(problem: MatchingProblem, placements: dict[str, PlacementSolution]) -> Undone:
    unmet = joint_unmet(Translation(problem).instance(), problem.communes, placements)
    return joint_short(problem.communes, placements), unmet


def list_ways(problem: MatchingProblem, relations: InstanceSolution) -> Iterator[list[list[ProblemVolunteer]]]:
    """The people of each commune, in every way there is to send them where their school serves."""
    serving = {*relations.lead.items(), *relations.support}
    codes = [commune.code for commune in problem.communes]
    reach = [
        [None, *(k for k, code in enumerate(codes) if (code, person.school_code) in serving)]
        for person in problem.volunteers
    ]
    for where in product(*reach):
        there = [
            [p for p, k in zip(problem.volunteers, where, strict=True) if k == place] for place in range(len(codes))
        ]
        roles = [{person.role for person in people} for people in there]
        alone = problem.options.supervision == "commune" and {VolunteerRole.STUDENT} in roles
        if not alone:
            yield there


def left_in(commune: ProblemCommune, people: list[ProblemVolunteer]) -> int:
    """Days of the two fields that nobody works: those who know one field first, then those who know both."""
    only = [sum(p.max_days for p in people if set(p.skills) == {field}) for field in FIELDS]
    both = sum(p.max_days for p in people if len(p.skills) == len(FIELDS))
    left = [max(0, commune.need_days[field] - days) for field, days in zip(FIELDS, only, strict=True)]
    return max(0, sum(left) - both)


def least_undone(problem: MatchingProblem, relations: InstanceSolution) -> Undone:
    """Of every placement that these leads and supports allow."""
    return min(
        (
            sum(
                c.priority * max(0, c.min_people - len(people))
                for c, people in zip(problem.communes, there, strict=True)
            ),
            sum(c.priority * left_in(c, people) for c, people in zip(problem.communes, there, strict=True)),
        )
        for there in list_ways(problem, relations)
    )


@pytest.mark.parametrize("first", range(0, 150, 25))
def test_where_no_school_supports_both_stages_leave_as_little_undone_as_can_be(first: int) -> None:
    for seed in range(first, first + 25):
        problem = make_tiny(seed, schools=1 + seed % 2)
        relations, placements = plan_both(problem)
        found, least = undone_by(problem, placements), least_undone(problem, relations)
        assert found >= least, seed
        if not relations.support:
            assert found == least, seed


def test_two_people_sent_to_two_communes_work_in_both() -> None:
    """Stage A promises all six days to the first; heads send one person to each."""
    problem = make_problem(schools=1, communes=3, people=2)
    communes = [
        commune.model_copy(
            update={"need_days": {"software": 8}, "presence": NO_PRESENCE, "priority": 1, "min_people": 1}
        )
        for commune in problem.communes
        if not commune.is_remote
    ]
    one = problem.volunteers[0]
    volunteers = [one.model_copy(update={"id": UUID(int=n + 1), "max_days": 3}) for n in range(2)]
    problem = problem.model_copy(update={"communes": communes, "volunteers": volunteers})
    _, placements = plan_both(problem)
    assert undone_by(problem, placements) == (0, 10)


def test_people_who_come_as_a_support_for_want_of_supervisors_have_work_there() -> None:
    """S0's one lecturer is bound to the first commune; S1's comes to the second and takes over days promised there."""
    problem = make_problem(schools=2, communes=3, people=2)
    communes = [c.model_copy(update={"min_people": 1}) for c in problem.communes if not c.is_remote]
    problem = problem.model_copy(update={"communes": communes})
    codes = [commune.code for commune in communes]
    led = InstanceSolution(
        lead=dict.fromkeys(codes, "S0"),
        heads=[(code, "S0", 1) for code in codes],
        flow=[(code, "S0", "software", 1) for code in codes],
    )
    made = spread_heads(Translation(problem), led)
    (brought,) = made.support
    assert brought[1] == "S1"
    assert (*brought, "software", 1) in made.flow
    assert sum(days for *_, days in made.flow) <= sum(sum(c.need_days.values()) for c in communes)
