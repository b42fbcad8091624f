"""The Khánh Hòa case with its plan, ready to be changed by hand: 65 communes, 12 schools, 243 people."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from commune_demo import case
from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument
from commune_schemas.matching import (
    MatchingProblem,
    ProblemCommune,
    ProblemSchool,
    ProblemVolunteer,
    ResultPlacement,
    ResultResponsibility,
    ResultShortfall,
    SolveOptions,
    VolunteerRole,
)
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.campaign.results import list_placements, list_responsibilities, list_shortfalls
from matching_worker.child.process import ChildTerms
from matching_worker.roster.news import RunNews
from roster_api.editing.board import Board, read_board
from roster_api.editing.facts import Facts, read_facts

FIELD_OF_DUTY = {duty.code: duty.code for duty in case.DUTIES}


@dataclass(frozen=True)
class Content:
    responsibilities: list[ResultResponsibility]
    placements: list[ResultPlacement]
    shortfalls: list[ResultShortfall]


@dataclass(frozen=True)
class PlannedCase:
    facts: Facts
    board: Board
    plan: JointPlan


def khanh_hoa_problem(*, seconds: float = 10) -> MatchingProblem:
    campaign = case.campaign()
    needs = {need.commune_code: need for need in case.needs()}
    return MatchingProblem(
        run_id=UUID(int=1),
        campaign_id=UUID(int=1),
        province_code=case.PROVINCE_CODE,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        options=SolveOptions(time_limit_seconds=seconds, workers=2),
        fields=[duty.code for duty in case.DUTIES],
        schools=[
            ProblemSchool(
                code=school.code,
                name=school.name,
                latitude=school.latitude,
                longitude=school.longitude,
                is_remote_capable=school.is_remote_capable,
            )
            for school in sorted(case.schools(), key=lambda school: school.code)
        ],
        communes=[make_commune(commune, needs[commune.code]) for commune in case.communes() if commune.code in needs],
        volunteers=[
            ProblemVolunteer(
                id=UUID(int=1000 + person.number),
                school_code=person.school_code,
                role=VolunteerRole(person.role),
                skills=dict.fromkeys(person.fields, 2),
                free_weekdays=list(person.free_weekdays),
                max_days=person.max_days,
                max_distance_m=person.max_distance_km * 1000,
                team=person.team,
            )
            for person in case.people()
        ],
    )


def make_commune(commune: case.Commune, need: case.Need) -> ProblemCommune:
    days: Counter[str] = Counter()
    for item in need.items:
        days[item.duty_code] += item.people * item.days_per_week
    return ProblemCommune(
        code=commune.code,
        name=commune.full_name,
        latitude=commune.latitude,
        longitude=commune.longitude,
        is_remote=commune.is_remote,
        lacks_it_staff=need.lacks_it_staff,
        priority=3 if need.lacks_it_staff else 1,
        need_days=dict(days),
        presence=list(need.presence),
    )


def plan_case(problem: MatchingProblem) -> PlannedCase:
    """Solved by the matching worker's own planner; its plan as roster-api keeps it."""
    planner = Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms())
    plan = asyncio.run(planner.plan())
    leads = plan.lead_plan
    solved = plan.responsibility
    assert leads is not None
    assert isinstance(solved.problem, InstanceDocument)
    assert isinstance(solved.outcome.solution, InstanceSolution)
    content = Content(
        list_responsibilities(planner.translation, leads),
        list_placements(planner.translation, plan.placements),
        list_shortfalls(planner.translation, plan.placements),
    )
    documents = {name: one.problem for name, one in plan.placed.items() if isinstance(one.problem, PlacementDocument)}
    facts = read_facts(problem, stage_a=(solved.problem, solved.outcome.solution), stage_b=documents)
    return PlannedCase(facts, read_board(content), plan)
