"""Of a person's data what stands in papers, payments, evaluations and changes by hand."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import RecipientKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.allowances.models import AllowanceLine, AllowanceStatement
from roster_api.answers.models import FirstDay, Reminded, Reminder, Vacancy
from roster_api.attendance.models import AttendanceTick, ServiceDay
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.data_requests.training_export import list_sessions_given
from roster_api.deliveries.models import PhoneCall
from roster_api.editing.models import PlanEdit
from roster_api.evaluations.models import Evaluation, Rated
from roster_api.notices.models import Unsubscription
from roster_api.papers.models import DecisionPaper
from roster_api.plans.models import Placement, Plan
from roster_api.schools.models import School
from roster_api.service_papers.models import ServicePaper
from roster_api.volunteers.models import Volunteer

Items = list[dict[str, Any]]


async def list_papers_about(session: AsyncSession, person: Volunteer) -> dict[str, Items]:
    """By section."""
    return {
        "service_papers": await _list_service_papers(session, person.id),
        "decision_papers": await _list_decision_papers(session, person),
        "allowances": await _list_allowances(session, person.id),
        "evaluations": await _list_evaluations(session, person.id),
        "service_days": await _list_days(session, person.id),
        "stood_in_for": await _list_ticks_as_stand_in(session, person.id),
        "stand_ins": await _list_vacancies(session, person),
        "reminders": await _list_reminders(session, person.id),
        "sessions_given": await list_sessions_given(session, person.id),
        "edits": await _list_edits(session, person.id),
    }


async def _list_service_papers(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = sa.select(ServicePaper, Campaign.name).join(Campaign, Campaign.id == ServicePaper.campaign_id)
    query = query.where(ServicePaper.volunteer_id == volunteer_id).order_by(ServicePaper.issued_at, ServicePaper.id)
    names = ("kind", "code", "content", "issued_by", "issued_at", "revoked_at")
    return [
        {"campaign": campaign} | {name: getattr(paper, name) for name in names}
        for paper, campaign in (await session.execute(query)).all()
    ]


async def _list_decision_papers(session: AsyncSession, person: Volunteer) -> Items:
    """The rows of decisions in which they are listed: by name, for a paper knows no id."""
    query = (
        sa.select(DecisionPaper, Plan.version, Campaign.name, School.name, Commune.full_name)
        .join(Plan, Plan.id == DecisionPaper.plan_id)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .join(Placement, sa.and_(Placement.plan_id == Plan.id, Placement.volunteer_id == person.id))
        .join(School, School.id == Placement.school_id)
        .join(Commune, Commune.code == Placement.commune_code)
        .order_by(DecisionPaper.written_at)
    )
    items: Items = []
    for paper, version, campaign, school, commune in (await session.execute(query)).all():
        listed = [
            row
            for row in paper.listed["people"]
            if row["full_name"] == person.full_name and row["school_name"] == school and row["commune_name"] == commune
        ]
        facts = paper.facts
        items.append(
            {
                "campaign": campaign,
                "version": version,
                "number": f"{facts.get('number') or '...'}/{facts['symbol']}",
                "as_listed": listed,
                "written_at": paper.written_at,
            }
        )
    return items


async def _list_allowances(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = (
        sa.select(AllowanceLine, AllowanceStatement, Campaign.name)
        .join(AllowanceStatement, AllowanceStatement.id == AllowanceLine.statement_id)
        .join(Campaign, Campaign.id == AllowanceStatement.campaign_id)
        .where(AllowanceLine.volunteer_id == volunteer_id)
        .order_by(AllowanceStatement.month, AllowanceStatement.number, AllowanceLine.number)
    )
    return [
        {"campaign": campaign, "month": statement.month, "state": statement.state}
        | {"component": line.component, "days": line.days, "amount_vnd": line.amount_vnd}
        for line, statement, campaign in (await session.execute(query)).all()
    ]


async def _list_evaluations(session: AsyncSession, volunteer_id: UUID) -> Items:
    """What they said, and what was said of them."""
    query = sa.select(Evaluation, Campaign.name, Commune.full_name).where(Evaluation.volunteer_id == volunteer_id)
    query = query.join(Campaign, Campaign.id == Evaluation.campaign_id)
    query = query.join(Commune, Commune.code == Evaluation.commune_code).order_by(Evaluation.rated_at, Evaluation.id)
    return [
        {"campaign": campaign, "commune_name": commune, "rater": row.rater, "marks": row.marks, "words": row.words}
        | {"is_about_you": row.rated == Rated.PERSON.value, "rated_at": row.rated_at, "released_at": row.released_at}
        for row, campaign, commune in (await session.execute(query)).all()
    ]


async def _list_days(session: AsyncSession, volunteer_id: UUID) -> Items:
    """What counts of each day: their own, and those on which they came for somebody else."""
    mine = sa.or_(ServiceDay.volunteer_id == volunteer_id, ServiceDay.served_by_volunteer_id == volunteer_id)
    rows = await session.scalars(sa.select(ServiceDay).where(mine).order_by(ServiceDay.serves_on))
    names = ("serves_on", "commune_code", "outcome", "is_disputed", "confirmed_at")
    return [
        {name: getattr(row, name) for name in names} | {"instead_of_another": row.volunteer_id != volunteer_id}
        for row in rows
    ]


async def _list_ticks_as_stand_in(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = sa.select(AttendanceTick).where(AttendanceTick.replaced_by_volunteer_id == volunteer_id)
    rows = await session.scalars(query.order_by(AttendanceTick.serves_on, AttendanceTick.number))
    return [{name: getattr(row, name) for name in ("serves_on", "side", "ticked_at")} for row in rows]


async def _list_vacancies(session: AsyncSession, person: Volunteer) -> Items:
    """Vacancies they left, and those for which their name was given as one who could step in."""
    names = sa.cast(Vacancy.stand_ins, sa.Text).contains(person.full_name, autoescape=True)
    query = sa.select(Vacancy).where(sa.or_(Vacancy.volunteer_id == person.id, names)).order_by(Vacancy.opened_at)
    return [
        {"created_at": row.opened_at, "kind": "left" if row.volunteer_id == person.id else "could step in"}
        for row in await session.scalars(query)
    ]


async def _list_reminders(session: AsyncSession, volunteer_id: UUID) -> Items:
    """To answer, that the first day is near, and when they were telephoned because no message reached them.

    `declined`: when they wanted no more reminders by mail.
    """
    found: list[Any] = []
    for table in (Reminded, FirstDay):
        query = (
            sa.select(Reminder.kind, Reminder.reminded_at, Campaign.name)
            .join(table, table.reminder_id == Reminder.id)
            .join(Campaign, Campaign.id == table.campaign_id)
            .where(table.volunteer_id == volunteer_id)
        )
        found += (await session.execute(query)).all()
    calls = sa.select(PhoneCall.called_at).where(
        PhoneCall.recipient_kind == RecipientKind.VOLUNTEER.value, PhoneCall.recipient_id == str(volunteer_id)
    )
    found += [("phone_call", at, None) for at in await session.scalars(calls)]
    declined = sa.select(Unsubscription.unsubscribed_at).where(
        Unsubscription.recipient_kind == RecipientKind.VOLUNTEER.value,
        Unsubscription.recipient_id == str(volunteer_id),
    )
    found += [("declined", at, None) for at in await session.scalars(declined)]
    found.sort(key=lambda row: row[1])
    return [{"kind": kind, "campaign": campaign, "created_at": at} for kind, at, campaign in found]


async def _list_edits(session: AsyncSession, volunteer_id: UUID) -> Items:
    """Changes of drafts by hand that name them."""
    names_them = sa.cast(PlanEdit.edits, sa.Text).contains(str(volunteer_id))
    rows = await session.scalars(sa.select(PlanEdit).where(names_them).order_by(PlanEdit.made_at))
    return [{name: getattr(row, name) for name in ("state", "reason", "made_by", "made_at")} for row in rows]
