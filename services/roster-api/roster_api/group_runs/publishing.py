"""Publishing a grouping: overseers are bound to their groups and told, once. One transaction."""

from uuid import UUID

import sqlalchemy as sa
import structlog
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.boundaries.service import list_communes
from roster_api.campaigns.models import Campaign
from roster_api.errors import ConflictError, ForbiddenError
from roster_api.etags import check_version
from roster_api.group_runs import repository
from roster_api.group_runs.editing import get_grouping, wrong_status
from roster_api.groups.models import Grouping, GroupingStatus, GroupRun
from roster_api.groups.scope import find_published
from roster_api.outbox import service as outbox
from roster_api.provinces.models import Province

log = structlog.get_logger(__name__)


async def publish(
    session: AsyncSession, grouping_id: UUID, *, principal: Principal, if_match: str
) -> tuple[Grouping, list[str]]:
    """draft -> published, as the campaign's next version; the one in force is superseded. (It, whose role was bound.)

    From the next request on an overseer named here sees the own group alone. Publishing again changes nothing.
    """
    found = await get_grouping(session, grouping_id, principal=principal)
    campaign = (
        await session.scalars(sa.select(Campaign).where(Campaign.id == found.campaign_id).with_for_update())
    ).one()
    row = await get_grouping(session, grouping_id, principal=principal, for_update=True)
    if row.status == GroupingStatus.PUBLISHED.value:
        return row, []
    if row.status != GroupingStatus.DRAFT.value:
        raise wrong_status(row)
    check_version(row, if_match)
    await _refuse_same_eyes(session, row, campaign, principal)
    await _refuse_other_communes(session, row, campaign)
    now = await ask_now(session)
    previous = await find_published(session, campaign.id)
    if previous is not None:
        previous.status, previous.superseded_at = GroupingStatus.SUPERSEDED.value, now
        await session.flush()  # before the other becomes published: only one may be at a time
    row.version = await repository.get_next_version(session, campaign.id)
    row.status, row.published_at, row.published_by = GroupingStatus.PUBLISHED.value, now, principal.label
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.GROUPING.value, "source_id": str(row.id)},
        id_argument="outbox_id",
    )
    narrowed = await _bind_overseers(session, row, campaign)
    await session.flush()
    log.info("groups.published", grouping_id=str(row.id), version=row.version, bound=len(narrowed))
    return row, narrowed


async def _bind_overseers(session: AsyncSession, row: Grouping, campaign: Campaign) -> list[str]:
    """Whose role was the whole province's has it for the group from now on. Who holds both was given both."""
    accounts = {one.account_id for one in (await repository.list_seats(session, row.id)).values()} - {None}
    named = {one for one in accounts if one is not None}
    roles = await repository.list_overseer_roles(session, province_code=campaign.province_code, account_ids=named)
    bound = {role.account_id for role in roles if role.is_of_group}
    names = await repository.name_accounts(session, named)
    narrowed = []
    for role in roles:
        if role.account_id not in bound:
            role.is_of_group = True
            narrowed.append(names[role.account_id])
    return sorted(narrowed)


async def _refuse_same_eyes(session: AsyncSession, row: Grouping, campaign: Campaign, principal: Principal) -> None:
    """Where the province wants four eyes: no key, and not who asked for the run or changed it last."""
    province = await session.get_one(Province, campaign.province_code)
    if not province.four_eyes:
        return
    run = await session.get_one(GroupRun, row.run_id)
    edits = await repository.list_edits(session, row.id)
    made_by = edits[-1].edited_by_id if edits else run.requested_by_id
    if principal.account_id is None or made_by == principal.account_id:
        raise ForbiddenError(
            "grouping.four_eyes",
            vi="Tỉnh này quy định hai người: người khác, đã đăng nhập, phải ban hành bản chia nhóm này.",
            en="This province wants four eyes: somebody else, signed in, has to publish this grouping.",
        )


async def _refuse_other_communes(session: AsyncSession, row: Grouping, campaign: Campaign) -> None:
    active = {commune.code for commune in await list_communes(session, campaign.province_code)}
    grouped = set(await repository.list_owner(session, row.id))
    if active != grouped:
        raise ConflictError(
            "grouping.communes_changed",
            vi="Danh sách xã của tỉnh đã thay đổi từ lần chia nhóm này; hãy chạy lại.",
            en="The province's communes have changed since this run; ask for a new one.",
            facts={"more": sorted(active - grouped), "gone": sorted(grouped - active)},
        )
