"""All SQL of matching runs. A run is locked before it is changed, so lease, result and cancel never cross."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from roster_api.campaigns.models import Campaign
from roster_api.matching_runs.models import MatchingRun, RunDocument, RunEvent, RunExplanation
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer
from roster_api.work.handing_out import LIVE, is_overdue


def select_runs(campaign_id: UUID) -> sa.Select[MatchingRun]:
    """Runs of a campaign, newest first."""
    return (
        sa.select(MatchingRun)
        .where(MatchingRun.campaign_id == campaign_id)
        .order_by(MatchingRun.requested_at.desc(), MatchingRun.id)
    )


async def find_run(session: AsyncSession, run_id: UUID) -> MatchingRun | None:
    return await session.get(MatchingRun, run_id)


async def look_at_run(session: AsyncSession, run_id: UUID) -> tuple[str | None, int]:
    """(status, number of the last event), nothing else of the row; (None, 0) when it is gone."""
    query = sa.select(MatchingRun.status, MatchingRun.last_event).where(MatchingRun.id == run_id)
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else (None, 0)


async def count_live_runs(session: AsyncSession, campaign_id: UUID) -> int:
    """Waiting or running. Who asks has locked the campaign, so that two requests at once see one another."""
    await session.execute(sa.select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(key_share=True))
    query = sa.select(sa.func.count()).where(MatchingRun.campaign_id == campaign_id, MatchingRun.status.in_(LIVE))
    return await session.scalar(query) or 0


async def get_problem(session: AsyncSession, run_id: UUID) -> dict[str, Any]:
    query = sa.select(MatchingRun).where(MatchingRun.id == run_id).options(undefer(MatchingRun.problem))
    return (await session.scalars(query.execution_options(populate_existing=True))).one().problem


async def get_set_aside(session: AsyncSession, run_id: UUID) -> list[dict[str, Any]]:
    query = sa.select(MatchingRun).where(MatchingRun.id == run_id).options(undefer(MatchingRun.set_aside))
    return (await session.scalars(query.execution_options(populate_existing=True))).one().set_aside


async def list_names(session: AsyncSession, volunteer_ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    """(full name, school code) by volunteer."""
    query = (
        sa.select(Volunteer.id, Volunteer.full_name, School.code)
        .join(School, School.id == Volunteer.school_id)
        .where(Volunteer.id.in_(volunteer_ids))
    )
    return {person: (name, school) for person, name, school in await session.execute(query)}


async def add_event(session: AsyncSession, run: MatchingRun, *, kind: str, data: dict[str, Any]) -> None:
    """The run must be locked: its counter numbers the events."""
    run.last_event += 1
    session.add(RunEvent(run_id=run.id, number=run.last_event, kind=kind, data=data))
    await session.flush()


async def list_events(session: AsyncSession, run_id: UUID, *, after: int) -> Sequence[RunEvent]:
    query = sa.select(RunEvent).where(RunEvent.run_id == run_id, RunEvent.number > after).order_by(RunEvent.number)
    return (await session.scalars(query)).all()


async def find_document(session: AsyncSession, run_id: UUID, *, school_code: str) -> RunDocument | None:
    return await session.get(RunDocument, (run_id, school_code))


async def list_explanations(
    session: AsyncSession, run_id: UUID, *, commune_code: str | None
) -> dict[str, dict[str, Any]]:
    """By commune code; of one commune where one is named."""
    query = sa.select(RunExplanation).where(RunExplanation.run_id == run_id).order_by(RunExplanation.commune_code)
    if commune_code is not None:
        query = query.where(RunExplanation.commune_code == commune_code)
    return {row.commune_code: row.explanation for row in await session.scalars(query)}


def _is_overdue() -> sa.ColumnElement[bool]:
    """A cancelled run is given up: it ends as soon as no worker holds it."""
    return is_overdue(MatchingRun, is_given_up=MatchingRun.cancel_requested_at.is_not(None))


async def list_overdue_ids(session: AsyncSession) -> Sequence[UUID]:
    return (await session.scalars(sa.select(MatchingRun.id).where(_is_overdue()))).all()


async def find_overdue_for_update(session: AsyncSession, run_id: UUID) -> MatchingRun | None:
    """The run, locked, if it is still overdue; None too when someone is just changing it."""
    query = sa.select(MatchingRun).where(MatchingRun.id == run_id, _is_overdue())
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).one_or_none()
