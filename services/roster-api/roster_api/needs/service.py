"""Decisions about needs: who declares what, and what a declaration changes.

A declaration replaces the commune's whole need. The same declaration again changes nothing, not even its version.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.service import get_campaign, get_changeable_campaign
from roster_api.communes.repository import find_communes_by_code
from roster_api.errors import InvalidError, NotFoundError, pointer_error
from roster_api.etags import Seen, check_version, refuse_other
from roster_api.fields.repository import get_fields_of_duties
from roster_api.needs import repository
from roster_api.needs.models import NeedDeclaration, NeedItem, NeedState
from roster_api.needs.repository import NeedFilter, NeedRow
from roster_api.needs.schemas import (
    CommuneNeedWrite,
    NeedItemRead,
    NeedPage,
    NeedRead,
    NeedsAnswer,
    NeedWrite,
)
from roster_api.needs.states import keep_versions, put_state, refuse_draft_of_submitted
from roster_api.paging import Paging

PRIORITY_WITHOUT_IT_STAFF = 3
PRIORITY_OTHERWISE = 1


def priority_of(*, lacks_it_staff: bool) -> int:
    """Weight of one unserved person-day (rule of fair shortfall: communes without IT staff first)."""
    return PRIORITY_WITHOUT_IT_STAFF if lacks_it_staff else PRIORITY_OTHERWISE


def need_days(items: Sequence[NeedItem], fields_of_duties: dict[str, str]) -> dict[str, int]:
    """Person-days a week by field: people x days a week, summed over the duties of the field."""
    days: Counter[str] = Counter()
    for item in items:
        days[fields_of_duties[item.duty_code]] += item.people * item.days_per_week
    return dict(sorted(days.items()))


def people_asked_for(need: NeedDeclaration, *, otherwise: int) -> int:
    """Heads: what the commune says, else what the policy has for a commune that needs anything at all."""
    if need.min_people is not None:
        return need.min_people
    return otherwise if need.items or any(need.presence) else 0


def _read(row: NeedRow, fields_of_duties: dict[str, str]) -> NeedRead:
    declaration, commune_name = row
    return NeedRead(
        campaign_id=declaration.campaign_id,
        commune_code=declaration.commune_code,
        commune_name=commune_name,
        lacks_it_staff=declaration.lacks_it_staff,
        priority=priority_of(lacks_it_staff=declaration.lacks_it_staff),
        presence=declaration.presence,
        min_people=declaration.min_people,
        note=declaration.note,
        items=[
            NeedItemRead(duty_code=item.duty_code, people=item.people, days_per_week=item.days_per_week)
            for item in declaration.items
        ],
        need_days=need_days(declaration.items, fields_of_duties),
        declared_by=declaration.declared_by,
        state=NeedState(declaration.state),
        reviewed_by=declaration.reviewed_by,
        reviewed_by_id=declaration.reviewed_by_id,
        reviewed_at=declaration.reviewed_at,
        review_reason=declaration.review_reason,
        declared_by_id=declaration.declared_by_id,
        updated_at=declaration.updated_at,
        row_version=declaration.row_version,
    )


async def list_needs(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, filters: NeedFilter, paging: Paging
) -> NeedPage:
    await get_campaign(session, principal=principal, campaign_id=campaign_id)
    rows, totals = await repository.list_needs(
        session, principal=principal, campaign_id=campaign_id, filters=filters, paging=paging
    )
    fields_of_duties = await get_fields_of_duties(session)
    items = [_read(row, fields_of_duties) for row in rows]
    return NeedPage(items=items, total=totals.communes, limit=paging.limit, offset=paging.offset, totals=totals)


async def get_need(session: AsyncSession, *, principal: Principal, campaign_id: UUID, commune_code: str) -> NeedRead:
    await get_campaign(session, principal=principal, campaign_id=campaign_id)
    row = await repository.find_need(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)
    if row is None:
        raise NotFoundError
    return _read(row, await get_fields_of_duties(session))


async def declare_need(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign_id: UUID,
    commune_code: str,
    seen: Seen,
    body: NeedWrite,
    is_draft: bool = False,
) -> NeedRead:
    """Declares or replaces one commune's need; 404 for someone else's commune or one of another province."""
    if principal.role is Role.COMMUNE_OFFICER and principal.commune_code != commune_code:
        raise NotFoundError
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    if not await find_communes_by_code(session, codes={commune_code}, province_code=campaign.province_code):
        raise NotFoundError
    item = CommuneNeedWrite(commune_code=commune_code, **body.model_dump())
    state = NeedState.DRAFT if is_draft else None
    await _declare(session, principal=principal, campaign=campaign, items=[item], seen=seen, base="", state=state)
    return await get_need(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)


async def declare_needs(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, items: list[CommuneNeedWrite]
) -> NeedsAnswer:
    """Declares many communes' needs, all or none."""
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    codes = {item.commune_code for item in items}
    known = await find_communes_by_code(session, codes=codes, province_code=campaign.province_code)
    errors = [
        pointer_error(
            f"/items/{index}/commune_code",
            code="commune.unknown",
            vi=f"Không có xã {item.commune_code} trong tỉnh của chiến dịch.",
            en=f"No commune {item.commune_code} in the campaign's province.",
        )
        for index, item in enumerate(items)
        if item.commune_code not in known
    ]
    if errors:
        raise InvalidError(
            "commune.unknown", vi="Có mã xã không đúng.", en="Some commune codes are unknown.", errors=errors
        )
    counts = await _declare(session, principal=principal, campaign=campaign, items=items, seen=Seen(), base="/items")
    return NeedsAnswer(created=counts["created"], updated=counts["updated"], same=counts["same"])


async def _refuse_unknown_duties(session: AsyncSession, items: list[CommuneNeedWrite], base: str) -> None:
    known = await get_fields_of_duties(session)
    errors = [
        pointer_error(
            f"{base}/{index}/items/{place}/duty_code" if base else f"/items/{place}/duty_code",
            code="duty.unknown",
            vi=f"Không có nhiệm vụ '{need.duty_code}'.",
            en=f"No duty '{need.duty_code}'.",
        )
        for index, item in enumerate(items)
        for place, need in enumerate(item.items)
        if need.duty_code not in known
    ]
    if errors:
        raise InvalidError(
            "duty.unknown", vi="Có mã nhiệm vụ không đúng.", en="Some duty codes are unknown.", errors=errors
        )


async def _declare(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign: Campaign,
    items: list[CommuneNeedWrite],
    seen: Seen,
    base: str,
    state: NeedState | None = None,
) -> Counter[str]:
    by_commune = principal.role is Role.COMMUNE_OFFICER
    state = state or (NeedState.SUBMITTED if by_commune else NeedState.ACCEPTED)
    await _refuse_unknown_duties(session, items, base)
    codes = {item.commune_code for item in items}
    known = await repository.lock_needs(session, campaign_id=campaign.id, commune_codes=codes)
    counts: Counter[str] = Counter()
    written: list[NeedDeclaration] = []
    for item in items:
        row = known.get(item.commune_code)
        if row is None:
            row = NeedDeclaration(campaign_id=campaign.id, commune_code=item.commune_code, items=[])
            session.add(row)
            counts["created"] += 1
        else:
            _refuse_what_changed(row, item, seen)
            refuse_draft_of_submitted(row, state)
            if _is_same(row, item) and row.state in (state, NeedState.ACCEPTED):
                counts["same"] += 1
                continue
            counts["updated"] += 1
            flag_modified(row, "note")  # items alone may change: the declaration's version counts them too
        write_content(row, item, declared_by=principal.label)
        put_state(row, state, by=None if by_commune else principal.label, reason=None)
        written.append(row)
    await session.flush()
    keep_versions(session, written, by=principal.label)
    await session.flush()
    return counts


def _refuse_what_changed(row: NeedDeclaration, item: CommuneNeedWrite, seen: Seen) -> None:
    if seen.if_match is not None:
        check_version(row, seen.if_match)
    if seen.nothing and not _is_same(row, item):
        raise refuse_other()


def _is_same(row: NeedDeclaration, item: CommuneNeedWrite) -> bool:
    before = {(need.duty_code, need.people, need.days_per_week) for need in row.items}
    after = {(need.duty_code, need.people, need.days_per_week) for need in item.items}
    return (
        before == after
        and row.lacks_it_staff == item.lacks_it_staff
        and row.presence == item.presence
        and row.min_people == item.min_people
        and row.note == item.note
    )


def write_content(row: NeedDeclaration, item: NeedWrite, *, declared_by: str) -> None:
    row.lacks_it_staff = item.lacks_it_staff
    row.presence = list(item.presence)
    row.min_people = item.min_people
    row.note = item.note
    row.declared_by = declared_by
    by_duty = {need.duty_code: need for need in row.items}
    wanted = []
    for need in item.items:
        kept = by_duty.get(need.duty_code) or NeedItem(duty_code=need.duty_code)
        kept.people = need.people
        kept.days_per_week = need.days_per_week
        wanted.append(kept)
    row.items = wanted
