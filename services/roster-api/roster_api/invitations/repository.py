"""All SQL of invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from roster_api.access.principal import Principal
from roster_api.invitations.models import Invitation, InvitationAnswer, InvitationRound, Outcome
from roster_api.invitations.schemas import InvitationState
from roster_api.schools.models import School
from roster_api.schools.repository import school_scope
from roster_api.volunteers.models import Volunteer, VolunteerStatus


@dataclass(frozen=True)
class Asked:
    """A person of the school, and how far their newest invitation is. `has_contact`: a phone or an e-mail."""

    id: UUID
    full_name: str
    is_incomplete: bool
    has_contact: bool
    state: InvitationState
    invitation_id: UUID | None


def _newest() -> Any:
    """Each person's newest invitation, with its last answer and its reminder, for a lateral join."""
    reminder = aliased(InvitationRound)
    answer = (
        sa.select(InvitationAnswer.outcome, InvitationAnswer.answered_at, InvitationAnswer.answered_by)
        .where(InvitationAnswer.invitation_id == Invitation.id)
        .order_by(InvitationAnswer.answered_at.desc(), InvitationAnswer.id.desc())
        .limit(1)
        .lateral()
    )
    return (
        sa.select(
            Invitation, answer.c.outcome, answer.c.answered_at, answer.c.answered_by,
            reminder.asked_at.label("reminded_at"),
        )
        .select_from(Invitation)
        .outerjoin(answer, sa.true())
        .outerjoin(reminder, reminder.id == Invitation.reminder_id)
        .where(Invitation.volunteer_id == Volunteer.id)
        .order_by(Invitation.revoked_at.is_(None).desc(), Invitation.created_at.desc(), Invitation.id.desc())
        .limit(1)
        .correlate(Volunteer)
        .lateral("newest")
    )  # fmt: skip


def _state(newest: Any) -> sa.Case[str]:
    columns = newest.c
    return sa.case(
        (columns.outcome == Outcome.GIVEN.value, InvitationState.ANSWERED.value),
        (columns.outcome == Outcome.DECLINED.value, InvitationState.DECLINED.value),
        (columns.id.is_(None), InvitationState.NOT_INVITED.value),
        (columns.revoked_at.is_not(None), InvitationState.REVOKED.value),
        (columns.expires_at <= sa.func.now(), InvitationState.EXPIRED.value),
        (columns.reminder_id.is_not(None), InvitationState.REMINDED.value),
        else_=InvitationState.INVITED.value,
    )


def select_people(school_id: UUID) -> tuple[sa.Select[Any], sa.Label[str]]:
    """(Volunteer, state, the newest invitation's columns) of active people who are incomplete or were invited."""
    newest = _newest()
    state = _state(newest).label("state")
    columns = newest.c
    query = (
        sa.select(
            Volunteer, state, columns.id.label("invitation_id"), columns.created_at.label("invited_at"),
            columns.expires_at, columns.reminded_at, columns.answered_at, columns.answered_by,
        )
        .select_from(Volunteer)
        .outerjoin(newest, sa.true())
        .where(
            Volunteer.school_id == school_id, Volunteer.status == VolunteerStatus.ACTIVE.value,
            sa.or_(Volunteer.is_incomplete, columns.id.is_not(None)),
        )
    )  # fmt: skip
    return query, state


async def list_people(
    session: AsyncSession, *, school_id: UUID, state: InvitationState | None, limit: int, offset: int
) -> tuple[Sequence[Any], int, dict[InvitationState, int]]:
    """(rows by given name, how many of this state, how many of each)."""
    query, label = select_people(school_id)
    states = query.with_only_columns(label, maintain_column_froms=True).subquery()
    counted = await session.execute(sa.select(states.c.state, sa.func.count()).group_by(states.c.state))
    counts = {InvitationState(one): people for one, people in counted}
    if state is not None:
        query = query.where(label.element == state.value)
    rows = (await session.execute(query.order_by(Volunteer.sort_key, Volunteer.id).limit(limit).offset(offset))).all()
    return rows, counts.get(state, 0) if state else sum(counts.values()), counts


async def list_asked(session: AsyncSession, *, school_id: UUID, ids: Collection[UUID] | None) -> list[Asked]:
    """Active people of the school: those of `ids`, whoever they are; None: the incomplete and the invited."""
    newest = _newest()
    query = (
        sa.select(
            Volunteer.id, Volunteer.full_name, Volunteer.is_incomplete,
            sa.or_(Volunteer.email_sealed.is_not(None), Volunteer.phone_sealed.is_not(None)),
            _state(newest), newest.c.id,
        )
        .select_from(Volunteer)
        .outerjoin(newest, sa.true())
        .where(Volunteer.school_id == school_id, Volunteer.status == VolunteerStatus.ACTIVE.value)
        .order_by(Volunteer.sort_key, Volunteer.id)
    )  # fmt: skip
    if ids is None:
        query = query.where(sa.or_(Volunteer.is_incomplete, newest.c.id.is_not(None)))
    else:
        query = query.where(Volunteer.id.in_(ids))
    rows = await session.execute(query)
    return [
        Asked(one, name, is_incomplete, has_contact, InvitationState(state), invitation_id)
        for one, name, is_incomplete, has_contact, state, invitation_id in rows
    ]


async def lock_school(session: AsyncSession, *, principal: Principal, school_id: UUID) -> School | None:
    """The school, while nobody else invites or reminds its people."""
    query = sa.select(School).where(School.id == school_id, School.archived_at.is_(None), *school_scope(principal))
    return (await session.scalars(query.with_for_update())).one_or_none()


async def add_invitations(
    session: AsyncSession, *, school_id: UUID, round_id: UUID, ids: Sequence[UUID], days: int
) -> list[UUID]:
    """The people who have a new link now; what link they had before opens nothing any more."""
    if not ids:
        return []
    expires_at = (await session.execute(sa.select(sa.func.now()))).scalar_one() + timedelta(days=days)
    await session.execute(
        sa.update(Invitation)
        .where(Invitation.volunteer_id.in_(ids), Invitation.revoked_at.is_(None))
        .values(revoked_at=sa.func.now())
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"id": uuid4(), "school_id": school_id, "volunteer_id": one, "round_id": round_id, "expires_at": expires_at}
        for one in ids
    ]
    await session.execute(sa.insert(Invitation), rows)
    return list(ids)


async def mark_reminded(
    session: AsyncSession, *, reminder_id: UUID, invitation_ids: Sequence[UUID], days: int
) -> list[UUID]:
    """The people reminded: of each invitation once, and its link is open as long as a new one."""
    query = (
        sa.update(Invitation)
        .where(Invitation.id.in_(invitation_ids), Invitation.reminder_id.is_(None), Invitation.revoked_at.is_(None))
        .values(reminder_id=reminder_id, expires_at=sa.func.now() + timedelta(days=days))
        .returning(Invitation.volunteer_id)
        .execution_options(synchronize_session=False)
    )
    return list(await session.scalars(query))


async def find_invitation(
    session: AsyncSession, *, principal: Principal, invitation_id: UUID, for_update: bool = False
) -> Invitation | None:
    query = (
        sa.select(Invitation)
        .join(School, School.id == Invitation.school_id)
        .where(Invitation.id == invitation_id, *school_scope(principal))
    )
    query = query.with_for_update(of=Invitation) if for_update else query
    return (await session.scalars(query)).one_or_none()


async def find_newest(session: AsyncSession, volunteer_id: UUID) -> Invitation | None:
    """The person's open one, else the last."""
    query = (
        sa.select(Invitation)
        .where(Invitation.volunteer_id == volunteer_id)
        .order_by(Invitation.revoked_at.is_(None).desc(), Invitation.created_at.desc(), Invitation.id.desc())
    )
    return (await session.scalars(query.limit(1))).one_or_none()


async def find_state(session: AsyncSession, invitation: Invitation) -> InvitationState:
    """Of this invitation, whether or not a newer one stands in its place."""
    query = (
        sa.select(InvitationAnswer.outcome)
        .where(InvitationAnswer.invitation_id == invitation.id)
        .order_by(InvitationAnswer.answered_at.desc(), InvitationAnswer.id.desc())
        .limit(1)
    )
    outcome = await session.scalar(query)
    if outcome is not None:
        return InvitationState.ANSWERED if outcome == Outcome.GIVEN else InvitationState.DECLINED
    if invitation.revoked_at is not None:
        return InvitationState.REVOKED
    if invitation.expires_at <= (await session.scalar(sa.select(sa.func.now())) or invitation.expires_at):
        return InvitationState.EXPIRED
    return InvitationState.REMINDED if invitation.reminder_id else InvitationState.INVITED


async def find_live(session: AsyncSession, invitation_id: UUID) -> Invitation | None:
    """Not over, not revoked, of somebody still on the school's list."""
    query = (
        sa.select(Invitation)
        .join(Volunteer, Volunteer.id == Invitation.volunteer_id)
        .join(School, School.id == Invitation.school_id)
        .where(
            Invitation.id == invitation_id, Invitation.revoked_at.is_(None), Invitation.expires_at > sa.func.now(),
            Volunteer.status == VolunteerStatus.ACTIVE.value, Volunteer.school_id == Invitation.school_id,
            School.archived_at.is_(None),
        )
    )  # fmt: skip
    return (await session.scalars(query)).one_or_none()


async def lock_person(session: AsyncSession, volunteer_id: UUID) -> Volunteer:
    """Whoever answers for the same person at the same moment waits."""
    return await session.get_one(Volunteer, volunteer_id, with_for_update=True, populate_existing=True)


async def list_answer_ages(session: AsyncSession, volunteer_id: UUID, *, within: timedelta) -> list[float]:
    """In seconds, by the database's clock, of what came by the person's links."""
    age = sa.func.clock_timestamp() - InvitationAnswer.answered_at
    query = sa.select(sa.extract("epoch", age)).where(
        InvitationAnswer.volunteer_id == volunteer_id, InvitationAnswer.channel == "page", age < within
    )
    return [float(seconds) for seconds in await session.scalars(query)]


async def list_of_round(
    session: AsyncSession, round_id: UUID, *, limit: int, offset: int
) -> tuple[Sequence[tuple[Invitation, Volunteer]], int]:
    """By person, the same each time."""
    query = (
        sa.select(Invitation, Volunteer)
        .join(Volunteer, Volunteer.id == Invitation.volunteer_id)
        .where(sa.or_(Invitation.round_id == round_id, Invitation.reminder_id == round_id))
        .order_by(Invitation.volunteer_id, Invitation.id)
    )
    total = await session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = (await session.execute(query.limit(limit).offset(offset))).all()
    return [(row[0], row[1]) for row in rows], total


async def list_link_ids(
    session: AsyncSession, *, round_ids: Collection[UUID], volunteer_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], UUID]:
    """Open invitation by (round, person)."""
    query = sa.select(Invitation).where(
        sa.or_(Invitation.round_id.in_(round_ids), Invitation.reminder_id.in_(round_ids)),
        Invitation.volunteer_id.in_(volunteer_ids), Invitation.revoked_at.is_(None),
        Invitation.expires_at > sa.func.now(),
    )  # fmt: skip
    links: dict[tuple[UUID, UUID], UUID] = {}
    for row in await session.scalars(query):
        for round_id in filter(None, (row.round_id, row.reminder_id)):
            links[round_id, row.volunteer_id] = row.id
    return links


async def list_invitations(session: AsyncSession, *, volunteer_id: UUID) -> Sequence[Invitation]:
    """The person's, the newest last."""
    query = sa.select(Invitation).where(Invitation.volunteer_id == volunteer_id)
    return (await session.scalars(query.order_by(Invitation.created_at, Invitation.id))).all()


async def list_answers(session: AsyncSession, *, volunteer_id: UUID) -> Sequence[InvitationAnswer]:
    """What came from or for the person, the newest last."""
    query = sa.select(InvitationAnswer).where(InvitationAnswer.volunteer_id == volunteer_id)
    return (await session.scalars(query.order_by(InvitationAnswer.answered_at, InvitationAnswer.id))).all()


async def close_invitations(session: AsyncSession, *, volunteer_id: UUID) -> int:
    """The person's open links open nothing any more; how many they were."""
    query = (
        sa.update(Invitation)
        .where(Invitation.volunteer_id == volunteer_id, Invitation.revoked_at.is_(None))
        .values(revoked_at=sa.func.now())
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.scalars(query)).all())
