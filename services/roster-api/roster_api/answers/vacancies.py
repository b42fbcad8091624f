"""Vacancies: a placed person said that they cannot go. The school's contact is told at once, then who could step in."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind, StandIn
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.models import Vacancy
from roster_api.outbox import service as outbox


async def open_vacancy(session: AsyncSession, *, answer_id: UUID, plan_id: UUID, volunteer_id: UUID) -> None:
    """In the answer's own transaction: with it, or not at all."""
    session.add(Vacancy(answer_id=answer_id, plan_id=plan_id, volunteer_id=volunteer_id))
    await session.flush()
    await _ask_for_notice(session, answer_id)


async def list_not_asked_for_update(session: AsyncSession, *, limit: int = 50) -> Sequence[Vacancy]:
    """Vacancies nobody has asked about; those that somebody is changing are left out."""
    query = sa.select(Vacancy).where(Vacancy.asked_at.is_(None)).order_by(Vacancy.opened_at).limit(limit)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def list_waiting_for_update(session: AsyncSession, advice_id: UUID) -> Sequence[Vacancy]:
    """Vacancies that wait for this advice."""
    query = sa.select(Vacancy).where(Vacancy.advice_id == advice_id, Vacancy.stand_ins.is_(None))
    return (await session.scalars(query.with_for_update())).all()


async def keep_stand_ins(session: AsyncSession, vacancies: Sequence[Vacancy], *, stand_ins: Sequence[StandIn]) -> None:
    """Who could step in, best first, or nobody; each school's contact is told."""
    for vacancy in vacancies:
        vacancy.stand_ins = [one.model_dump(mode="json") for one in stand_ins]
        await _ask_for_notice(session, vacancy.answer_id)
    await session.flush()


async def _ask_for_notice(session: AsyncSession, answer_id: UUID) -> None:
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.ANSWER.value, "source_id": str(answer_id)},
        id_argument="outbox_id",
    )
