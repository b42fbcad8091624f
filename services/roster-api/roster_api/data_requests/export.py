"""Everything that is kept about a person, section by section: the same for a program, for print, and for the page."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.links import list_links
from roster_api.answers.models import PlacementAnswer
from roster_api.attendance.models import AttendanceTick, DutyCount
from roster_api.audit.models import AuditEntry
from roster_api.campaigns.models import Campaign
from roster_api.consents.repository import list_said
from roster_api.data_requests.models import SubjectKind
from roster_api.data_requests.person_papers import list_papers_about
from roster_api.data_requests.repository import Whose, list_of
from roster_api.data_requests.schemas import DataSection, PersonData
from roster_api.data_requests.stays import OF_KIND
from roster_api.data_requests.words import FIELDS, SECTIONS
from roster_api.decisions.models import Decision
from roster_api.invitations.repository import list_answers, list_invitations
from roster_api.plans.frozen import read_told_of
from roster_api.plans.models import Placement, Plan, PlanReserve, PlanWithdrawal
from roster_api.rosters.models import RosterUpload, RosterUploadRow
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

AUDIT_ENTRIES = 1000
OF_PERSON = (
    "id", "full_name", "external_ref", "role", "email", "phone", "skills", "free_weekdays", "max_days",
    "max_distance_m", "team", "absences", "home_commune_code", "transport", "preferred_channel",
    "preferred_language", "own_words", "status", "withdrawn_at",
    "withdrawn_by", "withdrawal_reason", "created_at", "updated_at",
)  # fmt: skip
Items = list[dict[str, Any]]


async def collect(session: AsyncSession, person: Volunteer, *, messages: Items) -> PersonData:
    """`messages`: what the notifier has of them."""
    found = {
        "person": [(await describe_person(session, person)).items[0]],
        "placements": await _list_placements(session, person.id),
        "reserves": await _list_of_plans(session, PlanReserve, person.id, {"as_published": "told"}),
        "withdrawals": await _list_of_plans(session, PlanWithdrawal, person.id, {"cause": "cause"}),
        "answers": await _list_answers(session, person.id),
        "attendance": await _list_attendance(session, person.id),
        "duty_counts": await _list_duty_counts(session, person.id),
        "decisions": await _list_decisions(session, person.id),
        "consents": pick_all(
            await list_said(session, person.id),
            ("purpose", "is_given", "text_version", "channel", "proof", "said_at"),
        ),
        "links": pick_all(
            await list_links(session, volunteer_id=person.id), ("created_at", "expires_at", "revoked_at")
        ),
        "invitations": pick_all(
            await list_invitations(session, volunteer_id=person.id), ("created_at", "expires_at", "revoked_at")
        ),
        "own_answers": pick_all(
            await list_answers(session, volunteer_id=person.id), ("outcome", "channel", "answered_at", "answered_by")
        ),
        "lists": await _list_lists(session, person.id),
        **await list_papers_about(session, person),
        "requests": await list_requests_of(session, Whose.of_volunteer(person.id)),
        "messages": messages,
        "audit": await list_audit(session, str(person.id)),
    }
    return PersonData(
        subject_kind=SubjectKind.VOLUNTEER,
        subject_id=str(person.id),
        volunteer_id=person.id,
        collected_at=clock.now(),
        sections=[make_section(code, items) for code, items in found.items()],
        stays=list(OF_KIND[SubjectKind.VOLUNTEER]),
    )


async def describe_person(session: AsyncSession, person: Volunteer) -> DataSection:
    """The person's own row: what their school, or they themselves, said of them."""
    school = await session.get_one(School, person.school_id)
    return make_section("person", [pick(person, OF_PERSON) | {"school": school.name}])


def make_section(code: str, items: Sequence[Mapping[str, Any]]) -> DataSection:
    vi, en = SECTIONS[code]
    names = {name for item in items for name in item}
    words = {name: FIELDS[name] for name in sorted(names)}
    return DataSection(code=code, vi=vi, en=en, items=[dict(item) for item in items], words=words)


def pick(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def pick_all(rows: Sequence[object], names: Sequence[str]) -> Items:
    return [pick(row, names) for row in rows]


async def _list_placements(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = (
        sa.select(Placement, Plan.version, Campaign.name)
        .join(Plan, Plan.id == Placement.plan_id)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .where(Placement.volunteer_id == volunteer_id, Plan.version.is_not(None))
        .order_by(Campaign.starts_on, Campaign.id, Plan.version)
    )
    items: Items = []
    for placement, version, campaign in (await session.execute(query)).all():
        own = pick(placement, ("commune_code", "weekdays", "work_days", "dates"))
        told = await read_told_of(session, placement) if placement.told is not None else None
        items.append(
            {"campaign": campaign, "version": version} | own | {"as_published": told and told.model_dump(mode="json")}
        )
    return items


async def _list_of_plans(session: AsyncSession, table: Any, volunteer_id: UUID, names: Mapping[str, str]) -> Items:
    """`names`: {field: column}."""
    query = (
        sa.select(table, Plan.version, Campaign.name)
        .join(Plan, Plan.id == table.plan_id)
        .join(Campaign, Campaign.id == Plan.campaign_id)
        .where(table.volunteer_id == volunteer_id, Plan.version.is_not(None))
        .order_by(Campaign.starts_on, Campaign.id, Plan.version)
    )
    rows = (await session.execute(query)).all()
    return [
        {"campaign": campaign, "version": version} | {name: getattr(row, column) for name, column in names.items()}
        for row, version, campaign in rows
    ]


async def _list_answers(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = sa.select(PlacementAnswer, Campaign.name).join(Campaign, Campaign.id == PlacementAnswer.campaign_id)
    query = query.where(PlacementAnswer.volunteer_id == volunteer_id).order_by(PlacementAnswer.answered_at)
    rows = (await session.execute(query)).all()
    return [{"campaign": campaign} | pick(row, ("answer", "reason", "answered_at")) for row, campaign in rows]


async def _list_attendance(session: AsyncSession, volunteer_id: UUID) -> Items:
    """Each side's word of each day; a day nobody has said anything of is in the plan's own list."""
    query = sa.select(AttendanceTick).where(AttendanceTick.volunteer_id == volunteer_id)
    rows = (await session.scalars(query.order_by(AttendanceTick.serves_on, AttendanceTick.number))).all()
    return pick_all(rows, ("serves_on", "side", "outcome", "reason", "ticked_at"))


async def _list_duty_counts(session: AsyncSession, volunteer_id: UUID) -> Items:
    rows = await session.scalars(sa.select(DutyCount).where(DutyCount.volunteer_id == volunteer_id))
    return pick_all(rows.all(), ("week_on", "duty_code", "commune_code", "number"))


async def _list_decisions(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = sa.select(Decision, Campaign.name).join(Campaign, Campaign.id == Decision.campaign_id)
    query = query.where(Decision.volunteer_id == volunteer_id).order_by(Decision.decided_at)
    names = ("kind", "commune_code", "reason", "decided_by", "decided_at", "withdrawn_at")
    return [{"campaign": campaign} | pick(row, names) for row, campaign in (await session.execute(query)).all()]


async def _list_lists(session: AsyncSession, volunteer_id: UUID) -> Items:
    query = (
        sa.select(RosterUpload.file_name, RosterUpload.created_at, RosterUploadRow.status, RosterUploadRow.person)
        .join(RosterUploadRow, RosterUploadRow.upload_id == RosterUpload.id)
        .where(RosterUploadRow.volunteer_id == volunteer_id)
        .order_by(RosterUpload.created_at)
    )
    names = ("file_name", "created_at", "status", "row")
    return [dict(zip(names, row, strict=True)) for row in (await session.execute(query)).all()]


async def list_requests_of(session: AsyncSession, whose: Whose) -> Items:
    names = ("kind", "state", "channel", "filed_at", "filed_by", "due_at", "decided_at", "decided_by", "reason")
    return pick_all(await list_of(session, whose), names)


async def list_audit(session: AsyncSession, subject_id: str) -> Items:
    """Entries about them, the newest first."""
    query = sa.select(AuditEntry).where(AuditEntry.subjects.contains([subject_id]))
    rows = (await session.scalars(query.order_by(AuditEntry.id.desc()).limit(AUDIT_ENTRIES))).all()
    return [
        pick(row, ("created_at", "action", "actor_role", "actor_label")) | {"route": f"{row.method} {row.route}"}
        for row in rows
    ]
