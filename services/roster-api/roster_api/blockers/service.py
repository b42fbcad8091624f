"""Decisions about blockers: raised, solved, confirmed or reopened; each tells whoever is concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.blockers import repository
from roster_api.blockers.models import Blocker, BlockerState, Level, StepKind
from roster_api.blockers.owners import name_owners
from roster_api.blockers.schemas import BlockerDetails, BlockerOut, RaiseBlocker, StepOut
from roster_api.blockers.steps import make_clock, reckon_due, take_step
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import Span
from roster_api.errors import ConflictError, NotFoundError, invalid_field
from roster_api.fields.models import ExpertiseField
from roster_api.paging import Page, Paging


@dataclass(frozen=True)
class Office:
    """The hours and the day by which time limits are counted."""

    spans: Sequence[Span]
    working_day: timedelta


async def raise_blocker(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, office: Office, body: RaiseBlocker
) -> BlockerDetails:
    """422 for a commune that is not the raiser's to speak for."""
    commune = await _check_place(session, principal, campaign, body.commune_code)
    if body.field_code is not None and await session.get(ExpertiseField, body.field_code) is None:
        raise invalid_field("/field_code", code="field.unknown", vi="Không có lĩnh vực này.", en="No such field.")
    now = await _now(session)
    blocker = Blocker(
        id=uuid4(),
        campaign_id=campaign.id,
        commune_code=commune,
        school_id=principal.school_id if principal.role is Role.SCHOOL_COORDINATOR else None,
        field_code=body.field_code,
        words=body.words,
        urgency=body.urgency.value,
        level_since=now,
        due_at=_due(campaign, office, Level.OVERSEER, now),
        raised_at=now,
        raised_by=principal.label,
    )
    session.add(blocker)
    await session.flush()
    await take_step(session, blocker, StepKind.RAISED, words=body.words, by=principal.label, now=now)
    return await describe(session, principal=principal, campaign=campaign, blocker_id=blocker.id)


async def solve(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, blocker_id: UUID, words: str
) -> BlockerDetails:
    """open -> solved; the clock stops, and the raiser is asked to confirm."""
    blocker = await _lock(session, principal, campaign, blocker_id, wanted=BlockerState.OPEN)
    now = await _now(session)
    blocker.state, blocker.due_at = BlockerState.SOLVED.value, None
    blocker.solved_at, blocker.solution = now, words
    return await _step(session, principal, campaign, blocker, StepKind.SOLVED, words=words, now=now)


async def confirm(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, blocker_id: UUID
) -> BlockerDetails:
    """solved -> closed, by whose blocker it is."""
    blocker = await _lock(session, principal, campaign, blocker_id, wanted=BlockerState.SOLVED)
    _refuse_other_raiser(principal, blocker)
    now = await _now(session)
    blocker.state, blocker.closed_at = BlockerState.CLOSED.value, now
    return await _step(session, principal, campaign, blocker, StepKind.CONFIRMED, words="", now=now)


async def reopen(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, office: Office, blocker_id: UUID, words: str
) -> BlockerDetails:
    """solved -> open, where it was; its owner has another working day."""
    blocker = await _lock(session, principal, campaign, blocker_id, wanted=BlockerState.SOLVED)
    _refuse_other_raiser(principal, blocker)
    now = await _now(session)
    blocker.state, blocker.solved_at, blocker.solution = BlockerState.OPEN.value, None, None
    blocker.times_reopened += 1
    blocker.level_since, blocker.due_at = now, _due(campaign, office, Level(blocker.level), now)
    return await _step(session, principal, campaign, blocker, StepKind.REOPENED, words=words, now=now)


async def note(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, blocker_id: UUID, words: str
) -> BlockerDetails:
    """Whoever sees it may add a word; nothing else changes."""
    blocker = await _lock(session, principal, campaign, blocker_id, wanted=None)
    now = await _now(session)
    return await _step(session, principal, campaign, blocker, StepKind.NOTED, words=words, now=now)


async def list_blockers(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign: Campaign,
    state: BlockerState | None,
    level: Level | None,
    commune: str | None,
    paging: Paging,
) -> Page[BlockerOut]:
    query = repository.select_blockers(campaign.id, principal, state=state, level=level, commune=commune)
    total = await session.scalar(query.with_only_columns(sa.func.count()).order_by(None))
    rows = (await session.execute(query.limit(paging.limit).offset(paging.offset))).all()
    items = [BlockerOut.model_validate(_facts(*row)) for row in rows]
    return Page(items=items, total=total or 0, limit=paging.limit, offset=paging.offset)


async def describe(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, blocker_id: UUID
) -> BlockerDetails:
    query = repository.select_blockers(campaign.id, principal, state=None, level=None, commune=None)
    row = (await session.execute(query.where(Blocker.id == blocker_id))).one_or_none()
    if row is None:
        raise NotFoundError
    steps = [StepOut.model_validate(step) for step in await repository.list_steps(session, blocker_id)]
    held_by = await name_owners(session, row[0], campaign)
    return BlockerDetails.model_validate(_facts(*row) | {"steps": steps, "held_by": held_by})


def _facts(blocker: Blocker, commune: Any, school_name: str | None) -> dict[str, Any]:
    facts = {name: getattr(blocker, name) for name in BlockerOut.model_fields if hasattr(blocker, name)}
    return facts | {"commune_name": commune.full_name, "school_name": school_name}


async def _check_place(session: AsyncSession, principal: Principal, campaign: Campaign, code: str | None) -> str:
    own = principal.commune_code if principal.role is Role.COMMUNE_OFFICER else None
    wanted = code or own
    commune = await repository.find_commune(session, province_code=campaign.province_code, code=wanted or "")
    is_theirs = own in (None, wanted)
    if principal.role is Role.SCHOOL_COORDINATOR and principal.school_id is not None and commune is not None:
        is_theirs = await repository.school_answers_for(
            session, campaign_id=campaign.id, school_id=principal.school_id, commune=commune.code
        )
    if commune is None or not is_theirs:
        raise invalid_field(
            "/commune_code",
            code="blocker.place",
            vi="Hãy nêu xã mà bạn phụ trách trong đợt này.",
            en="Name a commune that you answer for in this campaign.",
        )
    return commune.code


async def _lock(
    session: AsyncSession, principal: Principal, campaign: Campaign, blocker_id: UUID, *, wanted: BlockerState | None
) -> Blocker:
    """404 for one that the principal does not see; 409 in another state."""
    await describe(session, principal=principal, campaign=campaign, blocker_id=blocker_id)
    blocker = await repository.lock_blocker(session, campaign_id=campaign.id, blocker_id=blocker_id)
    if blocker is None:
        raise NotFoundError
    await session.refresh(blocker)
    if wanted is not None and blocker.state != wanted:
        raise ConflictError(
            "blocker.state",
            vi="Vướng mắc này đang ở trạng thái khác; hãy xem lại.",
            en=f"The blocker is {blocker.state}, not {wanted.value}. Read it again.",
            facts={"state": blocker.state},
        )
    return blocker


async def _step(
    session: AsyncSession,
    principal: Principal,
    campaign: Campaign,
    blocker: Blocker,
    kind: StepKind,
    *,
    words: str,
    now: datetime,
) -> BlockerDetails:
    await session.flush()
    await take_step(session, blocker, kind, words=words, by=principal.label, now=now)
    return await describe(session, principal=principal, campaign=campaign, blocker_id=blocker.id)


def _refuse_other_raiser(principal: Principal, blocker: Blocker) -> None:
    """Whose it is says whether it is solved; Home Affairs may say so for them. 404 to a school that only sees it."""
    if principal.role.is_of_school and blocker.school_id != principal.school_id:
        raise NotFoundError


def _due(campaign: Campaign, office: Office, level: Level, now: datetime) -> datetime | None:
    return reckon_due(level, now=now, clock=make_clock(campaign, office.spans), working_day=office.working_day)


async def _now(session: AsyncSession) -> datetime:
    return await ask_now(session)
