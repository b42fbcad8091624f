"""Two runs of one campaign side by side: what differs by level of the objective, commune, school and person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.matching import Certificate
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import ConflictError, NotFoundError
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.schemas import (
    CommuneDifference,
    Comparison,
    LevelDifference,
    PersonDifference,
    SchoolDifference,
    SchoolSide,
)
from roster_api.plans.models import Placement, Plan, Responsibility, Shortfall
from roster_api.plans.repository import find_plan_of_run
from roster_api.schools.models import School

KeyT = TypeVar("KeyT")


@dataclass(frozen=True)
class Side:
    """One run's plan, ready to be compared."""

    run: MatchingRun
    levels: dict[tuple[str, str], int]
    leads: dict[str, tuple[str, int]]
    """commune -> (school, distance_m)."""
    supports: dict[str, list[str]]
    places: dict[UUID, tuple[str, str, list[int]]]
    """volunteer -> (school, commune, weekdays)."""
    unmet: dict[str, int]

    def people(self, commune_code: str) -> int:
        return sum(commune == commune_code for _, commune, _ in self.places.values())

    def school(self, code: str) -> SchoolSide:
        mine = [weekdays for school, _, weekdays in self.places.values() if school == code]
        led = [distance for school, distance in self.leads.values() if school == code]
        return SchoolSide(
            communes=len(led), people=len(mine), person_days=sum(len(days) for days in mine), distance_m=sum(led)
        )


async def compare_runs(session: AsyncSession, left_run: MatchingRun, right_run: MatchingRun) -> Comparison:
    """409 when they are not of one campaign or one of them has no plan."""
    if left_run.campaign_id != right_run.campaign_id:
        raise NotFoundError
    left, right = await _read_side(session, left_run), await _read_side(session, right_run)
    return Comparison(
        left_id=left_run.id,
        right_id=right_run.id,
        left_scenario=left_run.scenario,
        right_scenario=right_run.scenario,
        levels=_compare_levels(left, right),
        communes=_compare_communes(left, right),
        schools=_compare_schools(left, right),
        people=_compare_people(left, right),
    )


async def _read_side(session: AsyncSession, run: MatchingRun) -> Side:
    plan = await find_plan_of_run(session, run.id)
    if plan is None:
        raise ConflictError(
            "run.no_plan", vi="Lần ghép này không có phương án để so sánh.", en="That run has no plan to compare."
        )
    codes = dict((await session.execute(sa.select(School.id, School.code))).all())
    responsibilities = await _list(session, Responsibility, plan)
    supports: dict[str, list[str]] = defaultdict(list)
    for row in responsibilities:
        if not row.is_lead:
            supports[row.commune_code].append(codes[row.school_id])
    unmet: dict[str, int] = defaultdict(int)
    for shortfall in await _list(session, Shortfall, plan):
        unmet[shortfall.commune_code] += shortfall.unmet_days
    return Side(
        run=run,
        levels=_levels(run),
        leads={row.commune_code: (codes[row.school_id], row.distance_m) for row in responsibilities if row.is_lead},
        supports={commune: sorted(schools) for commune, schools in supports.items()},
        places={
            row.volunteer_id: (codes[row.school_id], row.commune_code, sorted(row.weekdays))
            for row in await _list(session, Placement, plan)
        },
        unmet=unmet,
    )


RowT = TypeVar("RowT", Responsibility, Placement, Shortfall)


async def _list(session: AsyncSession, table: type[RowT], plan: Plan) -> Sequence[RowT]:
    return (await session.scalars(sa.select(table).where(table.plan_id == plan.id))).all()


def _levels(run: MatchingRun) -> dict[tuple[str, str], int]:
    """Stage A's levels, and stage B's summed over the schools, in the certificate's order."""
    levels: dict[tuple[str, str], int] = {}
    for stage in Certificate.model_validate(run.certificate).stages if run.certificate else []:
        for level, value in stage.objective.items():
            levels[stage.stage, level] = levels.get((stage.stage, level), 0) + value
    return levels


def _compare_levels(left: Side, right: Side) -> list[LevelDifference]:
    return [
        LevelDifference(
            stage=stage, level=level, left=left.levels.get((stage, level)), right=right.levels.get((stage, level))
        )
        for stage, level in _in_order(left.levels, right.levels)
    ]


def _compare_communes(left: Side, right: Side) -> list[CommuneDifference]:
    named = {*left.leads, *right.leads, *left.supports, *right.supports, *left.unmet, *right.unmet}
    communes = sorted(named | {commune for side in (left, right) for _, commune, _ in side.places.values()})
    found = [
        CommuneDifference(
            commune_code=commune,
            left_lead=left.leads.get(commune, (None,))[0],
            right_lead=right.leads.get(commune, (None,))[0],
            left_supports=left.supports.get(commune, []),
            right_supports=right.supports.get(commune, []),
            left_people=left.people(commune),
            right_people=right.people(commune),
            left_unmet_days=left.unmet.get(commune, 0),
            right_unmet_days=right.unmet.get(commune, 0),
        )
        for commune in communes
    ]
    return [
        row
        for row in found
        if (row.left_lead, row.left_supports, row.left_people, row.left_unmet_days)
        != (row.right_lead, row.right_supports, row.right_people, row.right_unmet_days)
    ]


def _compare_schools(left: Side, right: Side) -> list[SchoolDifference]:
    codes = {school for side in (left, right) for school, _ in side.leads.values()}
    codes |= {school for side in (left, right) for school, _, _ in side.places.values()}
    found = [
        SchoolDifference(school_code=code, left=left.school(code), right=right.school(code)) for code in sorted(codes)
    ]
    return [row for row in found if row.left != row.right]


def _compare_people(left: Side, right: Side) -> list[PersonDifference]:
    return [
        PersonDifference(
            volunteer_id=person,
            school_code=(left.places.get(person) or right.places[person])[0],
            left_commune=left.places[person][1] if person in left.places else None,
            right_commune=right.places[person][1] if person in right.places else None,
            left_weekdays=left.places[person][2] if person in left.places else [],
            right_weekdays=right.places[person][2] if person in right.places else [],
        )
        for person in sorted({*left.places, *right.places})
        if left.places.get(person) != right.places.get(person)
    ]


def _in_order(first: dict[KeyT, int], second: dict[KeyT, int]) -> list[KeyT]:
    return list(dict.fromkeys([*first, *second]))
