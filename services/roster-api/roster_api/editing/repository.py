"""All SQL of changes by hand, the rows of plans aside (row_changes.py)."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.decisions.models import Decision, DecisionKind
from roster_api.editing.models import OptimumRun, PlanEdit
from roster_api.matching_runs.models import MatchingRun, RunDocument
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer, VolunteerStatus


def select_edits(plan_id: UUID) -> sa.Select[PlanEdit]:
    """The newest first."""
    return sa.select(PlanEdit).where(PlanEdit.plan_id == plan_id).order_by(PlanEdit.number.desc())


async def list_edited_people(session: AsyncSession, plan_id: UUID) -> set[UUID]:
    """Everybody whose place was changed by hand, undone or not."""
    people = sa.func.jsonb_object_keys(PlanEdit.row_changes["after"]["placements"])
    return {UUID(person) for person in await session.scalars(sa.select(people).where(PlanEdit.plan_id == plan_id))}


async def list_documents(session: AsyncSession, run_id: UUID) -> Sequence[RunDocument]:
    """Stage A's ('') first, then by school."""
    query = sa.select(RunDocument).where(RunDocument.run_id == run_id).order_by(RunDocument.school_code)
    return (await session.scalars(query)).all()


async def list_school_ids(session: AsyncSession, province_code: str) -> dict[str, UUID]:
    query = sa.select(School.code, School.id).where(School.province_code == province_code)
    return dict((await session.execute(query)).all())


async def list_names(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, str]:
    query = sa.select(Volunteer.id, Volunteer.full_name).where(Volunteer.id.in_(people))
    return dict((await session.execute(query)).all())


async def list_inactive(session: AsyncSession, people: Collection[UUID]) -> set[UUID]:
    query = sa.select(Volunteer.id).where(Volunteer.id.in_(people), Volunteer.status != VolunteerStatus.ACTIVE.value)
    return set(await session.scalars(query))


async def list_forbids(session: AsyncSession, campaign_id: UUID) -> Sequence[Decision]:
    """That hold; those that an edit of a draft made are not the judge's: they bind runs."""
    kinds = (DecisionKind.RESPONSIBILITY_FORBID.value, DecisionKind.PLACEMENT_FORBID.value)
    query = sa.select(Decision).where(
        Decision.campaign_id == campaign_id,
        Decision.withdrawn_at.is_(None),
        Decision.edit_id.is_(None),
        Decision.kind.in_(kinds),
    )
    return (await session.scalars(query)).all()


async def list_standing(
    session: AsyncSession, campaign_id: UUID, *, communes: Collection[str], people: Collection[UUID]
) -> Sequence[Decision]:
    """Decisions that hold about the leads of these communes or the places of these people."""
    query = sa.select(Decision).where(
        Decision.campaign_id == campaign_id,
        Decision.withdrawn_at.is_(None),
        sa.or_(
            sa.and_(Decision.kind == DecisionKind.RESPONSIBILITY_PIN.value, Decision.commune_code.in_(communes)),
            Decision.volunteer_id.in_(people),
        ),
    )
    return (await session.scalars(query.order_by(Decision.decided_at, Decision.id))).all()


async def list_decisions(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Decision]:
    return (await session.scalars(sa.select(Decision).where(Decision.id.in_(ids)))).all()


async def get_next_number(session: AsyncSession, plan_id: UUID) -> int:
    newest = await session.scalar(sa.select(sa.func.max(PlanEdit.number)).where(PlanEdit.plan_id == plan_id))
    return (newest or 0) + 1


async def drop_undone(session: AsyncSession, plan_id: UUID) -> None:
    """What was undone cannot be done again once something else was changed."""
    for edit in await session.scalars(
        sa.select(PlanEdit).where(PlanEdit.plan_id == plan_id, PlanEdit.state == "undone")
    ):
        edit.state = "dropped"


async def find_last_done(session: AsyncSession, plan_id: UUID) -> PlanEdit | None:
    query = select_edits(plan_id).where(PlanEdit.state == "done").limit(1)
    return (await session.scalars(query)).one_or_none()


async def find_first_undone(session: AsyncSession, plan_id: UUID) -> PlanEdit | None:
    query = sa.select(PlanEdit).where(PlanEdit.plan_id == plan_id, PlanEdit.state == "undone")
    return (await session.scalars(query.order_by(PlanEdit.number).limit(1))).one_or_none()


async def find_optimum(session: AsyncSession, plan_id: UUID) -> tuple[OptimumRun, MatchingRun] | None:
    """The newest run for the plan's optimum."""
    query = (
        sa.select(OptimumRun, MatchingRun)
        .join(MatchingRun, MatchingRun.id == OptimumRun.run_id)
        .where(OptimumRun.plan_id == plan_id)
        .order_by(OptimumRun.asked_at.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None
