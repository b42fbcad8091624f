"""Decisions about needs between commune and province: submitting, reviewing, reminding; totals against offers."""

from uuid import UUID, uuid4

from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.service import get_changeable_campaign
from roster_api.errors import ConflictError, NotFoundError
from roster_api.etags import Seen, check_version
from roster_api.need_reviews import repository
from roster_api.need_reviews.models import NeedReminder, RemindedCommune
from roster_api.need_reviews.schemas import (
    FieldTotal,
    NeedTotalsOut,
    ReminderOut,
    ReminderRequest,
    ReviewRequest,
    RunNeed,
    SilentCommune,
)
from roster_api.needs.models import NeedDeclaration, NeedState
from roster_api.needs.repository import list_versions, lock_needs
from roster_api.needs.schemas import NeedRead
from roster_api.needs.service import declare_need, get_need
from roster_api.needs.states import keep_versions, put_state
from roster_api.outbox import service as outbox
from roster_api.paging import Page, Paging


async def submit(session: AsyncSession, *, principal: Principal, campaign_id: UUID, commune_code: str) -> NeedRead:
    """draft -> submitted. Submitting again changes nothing. 404 without a draft, or for another commune's."""
    row = await _get_locked(session, principal, campaign_id, commune_code)
    if row.state == NeedState.DRAFT:
        put_state(row, NeedState.SUBMITTED, by=None, reason=None)
        await session.flush()
        keep_versions(session, [row], by=principal.label)
        await session.flush()
    return await get_need(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)


async def review(
    session: AsyncSession,
    *,
    principal: Principal,
    campaign_id: UUID,
    commune_code: str,
    if_match: str,
    request: ReviewRequest,
) -> NeedRead:
    """submitted -> accepted, as it is or changed with a reason. 409 for a draft: it is the commune's."""
    row = await _get_locked(session, principal, campaign_id, commune_code)
    check_version(row, if_match)
    if row.state == NeedState.DRAFT:
        raise ConflictError(
            "need.not_submitted",
            vi="Xã chưa gửi nhu cầu này. Hãy nhắc xã, hoặc khai thay.",
            en="The commune has not submitted this need. Remind it, or declare in its place.",
        )
    if request.need is not None:
        await declare_need(
            session,
            principal=principal,
            campaign_id=campaign_id,
            commune_code=commune_code,
            seen=Seen(),
            body=request.need,
        )
    put_state(row, NeedState.ACCEPTED, by=principal.label, reason=request.reason or None)
    await session.flush()
    keep_versions(session, [row], by=principal.label)
    await session.flush()
    return await get_need(session, principal=principal, campaign_id=campaign_id, commune_code=commune_code)


async def list_silent(session: AsyncSession, campaign: Campaign, *, paging: Paging) -> Page[SilentCommune]:
    query = repository.select_silent(campaign.id, campaign.province_code)
    rows, total = await repository.fetch_silent(session, query, limit=paging.limit, offset=paging.offset)
    items = [
        SilentCommune(
            commune_code=commune.code,
            commune_name=commune.full_name,
            is_draft=state is not None,
            is_reachable=bool(commune.contact_email),
            last_reminded_at=reminded,
        )
        for commune, state, reminded in rows
    ]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def remind(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, request: ReminderRequest
) -> ReminderOut:
    """An e-mail to each silent commune's contact, once a day at most. 409 when nobody is left to remind."""
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    silent, _ = await repository.fetch_silent(session, repository.select_silent(campaign.id, campaign.province_code))
    wanted = [row for row in silent if request.commune_codes is None or row[0].code in request.commune_codes]
    since = clock.now() - repository.REMINDED_FOR
    already = [commune.code for commune, _, reminded in wanted if reminded is not None and reminded > since]
    unreachable = [commune.code for commune, *_ in wanted if not commune.contact_email]
    new = [commune.code for commune, *_ in wanted if commune.code not in {*already, *unreachable}]
    if not new:
        raise ConflictError(
            "need_reminder.nobody",
            vi="Không còn xã nào để nhắc: đã gửi nhu cầu, đã được nhắc trong ngày, hoặc không có email liên hệ.",
            en="No commune is left to remind: all have submitted, were reminded within a day, or have no e-mail.",
            facts={"already": already, "without_email": unreachable},
        )
    reminder = NeedReminder(id=uuid4(), campaign_id=campaign.id, reminded_by=principal.label, reminded_at=clock.now())
    session.add(reminder)
    await session.flush()
    session.add_all(RemindedCommune(reminder_id=reminder.id, commune_code=code) for code in new)
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.NEED_REMINDER.value, "source_id": str(reminder.id)},
        id_argument="outbox_id",
    )
    return ReminderOut(id=reminder.id, reminded=new, already=already, without_email=unreachable)


async def describe_totals(session: AsyncSession, campaign: Campaign) -> NeedTotalsOut:
    asked = await repository.sum_asked(session, campaign.id)
    offers = await repository.list_offers(session, campaign.province_code)
    states = await repository.count_states(session, campaign.id)
    silent = repository.select_silent(campaign.id, campaign.province_code)
    fields = []
    for field in await repository.list_fields(session):
        communes, people, days = asked.get(field.code, (0, 0, 0))
        able = [offered for skills, offered in offers if field.code in skills and offered > 0]
        fields.append(
            FieldTotal(
                field_code=field.code,
                name_vi=field.name_vi,
                communes=communes,
                people=people,
                days=days,
                people_offered=len(able),
                days_offered=sum(able),
                days_short=max(0, days - sum(able)),
            )
        )
    return NeedTotalsOut(
        communes=sum(number for state, number in states.items() if state != NeedState.DRAFT),
        communes_lacking_it_staff=await repository.count_lacking(session, campaign.id),
        communes_by_state={state: states.get(state, 0) for state in NeedState},
        communes_silent=(await repository.fetch_silent(session, silent, limit=1))[1],
        days=sum(field.days for field in fields),
        people_offered=sum(1 for skills, days in offers if skills and days > 0),
        days_offered=sum(days for skills, days in offers if skills),
        fields=fields,
    )


async def list_needs_of_run(
    session: AsyncSession, *, campaign_id: UUID, versions: dict[str, int], paging: Paging
) -> Page[RunNeed]:
    """Which version of each commune's need was frozen, with what it said."""
    names = await repository.list_names(session, versions)
    now = await list_versions(session, campaign_id, versions)
    page = [*names][paging.offset : paging.offset + paging.limit]
    kept = await repository.list_kept(session, campaign_id, {code: versions[code] for code in page})
    items = [
        RunNeed(
            commune_code=code,
            commune_name=names[code],
            version=versions[code],
            version_now=now.get(code),
            is_current=now.get(code) == versions[code],
            content=kept[code].content if code in kept else None,
        )
        for code in page
    ]
    return Page(items=items, total=len(names), limit=paging.limit, offset=paging.offset)


async def _get_locked(
    session: AsyncSession, principal: Principal, campaign_id: UUID, commune_code: str
) -> NeedDeclaration:
    if principal.role is Role.COMMUNE_OFFICER and principal.commune_code != commune_code:
        raise NotFoundError
    campaign = await get_changeable_campaign(session, principal=principal, campaign_id=campaign_id)
    rows = await lock_needs(session, campaign_id=campaign.id, commune_codes=[commune_code])
    if commune_code not in rows:
        raise NotFoundError
    return rows[commune_code]
