"""Decisions a person makes and the solver keeps, and relations from before the campaign."""

from collections.abc import Sequence
from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.service import get_campaign, get_changeable_campaign
from roster_api.communes.repository import find_communes_by_code
from roster_api.decisions import repository
from roster_api.decisions.models import Decision, ExistingRelation
from roster_api.decisions.schemas import (
    DecisionCreate,
    DecisionFilter,
    DecisionRead,
    RelationCreate,
    RelationRead,
    UnkeptOut,
)
from roster_api.errors import NotFoundError, invalid_field
from roster_api.paging import Page, Paging
from roster_api.schools.repository import find_active_school
from roster_api.volunteers.naming import list_names, name_in_words
from roster_api.volunteers.repository import find_volunteer


async def list_decisions(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, filters: DecisionFilter, paging: Paging
) -> Page[DecisionRead]:
    await get_campaign(session, principal=principal, campaign_id=campaign_id)
    rows, total = await repository.list_decisions(session, campaign_id=campaign_id, filters=filters, paging=paging)
    items = await read_decisions(session, rows)
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def read_decisions(session: AsyncSession, rows: Sequence[Decision]) -> list[DecisionRead]:
    """As they are shown: people by name in what a run says of their pins."""
    names = await list_names(session, [row.unkept for row in rows])
    return [
        DecisionRead.model_validate(row).model_copy(
            update={"unkept": row.unkept and UnkeptOut.model_validate(name_in_words(row.unkept, names))}
        )
        for row in rows
    ]


async def get_decision(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, decision_id: UUID, for_update: bool = False
) -> Decision:
    await get_campaign(session, principal=principal, campaign_id=campaign_id)
    row = await repository.find_decision(
        session, campaign_id=campaign_id, decision_id=decision_id, for_update=for_update
    )
    if row is None:
        raise NotFoundError
    return row


async def _refuse_unknown_commune(session: AsyncSession, campaign: Campaign, commune_code: str) -> None:
    if not await find_communes_by_code(session, codes={commune_code}, province_code=campaign.province_code):
        raise invalid_field(
            "/commune_code",
            code="commune.unknown",
            vi="Không có xã này trong tỉnh của chiến dịch.",
            en="No such commune in the campaign's province.",
        )


async def _refuse_unknown_school(session: AsyncSession, campaign: Campaign, school_id: UUID) -> None:
    if await find_active_school(session, school_id=school_id, province_code=campaign.province_code) is None:
        raise invalid_field(
            "/school_id",
            code="school.unknown",
            vi="Không có trường này trong tỉnh của chiến dịch.",
            en="No such school in the campaign's province.",
        )


async def create_decision(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, body: DecisionCreate
) -> Decision:
    """Another decision about the same pair, or a second pin of the same commune or person, is 409."""
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    await _refuse_unknown_commune(session, campaign, body.commune_code)
    if body.school_id is not None:
        await _refuse_unknown_school(session, campaign, body.school_id)
    if body.volunteer_id is not None:
        volunteer = await find_volunteer(session, principal=principal, volunteer_id=body.volunteer_id)
        school = volunteer and await find_active_school(
            session, school_id=volunteer.school_id, province_code=campaign.province_code
        )
        if school is None:
            raise invalid_field(
                "/volunteer_id",
                code="volunteer.unknown",
                vi="Không có người này trong các trường của tỉnh.",
                en="No such volunteer in the province's schools.",
            )
    values = body.model_dump() | {"kind": body.kind.value}
    row = Decision(campaign_id=campaign.id, decided_by=principal.label, **values)
    session.add(row)
    await session.flush()
    return row


async def withdraw_decision(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, decision_id: UUID
) -> Decision:
    """It no longer holds; it stays on record with who withdrew it. Withdrawing again changes nothing."""
    await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    row = await get_decision(
        session, principal=principal, campaign_id=campaign_id, decision_id=decision_id, for_update=True
    )
    if row.withdrawn_at is None:
        row.withdrawn_at = clock.now()
        row.withdrawn_by = principal.label
        await session.flush()
    return row


async def list_relations(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, q: str | None, paging: Paging
) -> Page[RelationRead]:
    await get_campaign(session, principal=principal, campaign_id=campaign_id)
    rows, total = await repository.list_relations(
        session, principal=principal, campaign_id=campaign_id, q=q, paging=paging
    )
    items = [RelationRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def create_relation(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, body: RelationCreate
) -> ExistingRelation:
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    await _refuse_unknown_commune(session, campaign, body.commune_code)
    await _refuse_unknown_school(session, campaign, body.school_id)
    row = ExistingRelation(campaign_id=campaign.id, recorded_by=principal.label, **body.model_dump())
    session.add(row)
    await session.flush()
    return row


async def delete_relation(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, commune_code: str, school_id: UUID
) -> None:
    await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    row = await repository.find_relation(
        session, campaign_id=campaign_id, commune_code=commune_code, school_id=school_id
    )
    if row is None:
        raise NotFoundError
    await session.delete(row)
    await session.flush()
