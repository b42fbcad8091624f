"""Publishing: the act of a person that makes a plan binding and asks for everyone to be told. One transaction."""

from uuid import UUID

import structlog
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.links import ensure_links
from roster_api.attendance.planning import keep_service_days
from roster_api.campaigns.models import Campaign
from roster_api.deliveries.refused import NOT_ASKED, Refusals
from roster_api.errors import ConflictError, NotFoundError
from roster_api.notices.plan_offices import tell_offices_of_plan
from roster_api.notices.reach import refuse_if_not_confirmed
from roster_api.notices.withdrawals import keep_withdrawals
from roster_api.outbox import service as outbox
from roster_api.plans import repository
from roster_api.plans.base import refuse_if_base_moved, refuse_unless_open
from roster_api.plans.checks import list_missing
from roster_api.plans.details import Placed, list_placed, list_told
from roster_api.plans.four_eyes import refuse_same_eyes
from roster_api.plans.frozen import freeze_told
from roster_api.plans.models import Plan, PlanStatus
from roster_api.plans.reserve import keep_reserve
from roster_api.plans.schemas import Confirmation
from roster_api.plans.service import wrong_status

log = structlog.get_logger(__name__)


async def publish_plan(
    session: AsyncSession,
    *,
    plan_id: UUID,
    base_plan_id: UUID | None,
    confirm: Confirmation | None,
    refusals: Refusals = NOT_ASKED,
    by: str,
) -> Plan:
    """approved -> published, as the campaign's next version; what was in force is superseded; one outbox row asks for
    the notices.

    Publishing a published plan changes nothing. 409 when another plan than `base_plan_id` is in force, whatever the
    approval was given upon; 409 lists all that is missing; 409 when `confirm` is not what publishing would do by now;
    `refusals`: what the notifier said of contacts just before. Then nothing was changed.
    """
    campaign, plan = await _lock(session, plan_id)
    if plan.status == PlanStatus.PUBLISHED:
        return plan
    if plan.status != PlanStatus.APPROVED:
        raise wrong_status(plan, PlanStatus.APPROVED)
    await refuse_same_eyes(session, plan)
    await refuse_if_base_moved(session, plan, base_plan_id=base_plan_id)
    await repository.lock_seats(session)
    placed = await list_placed(session, plan.id)
    await _refuse_if_unfit(session, plan, campaign, placed)
    await refuse_if_not_confirmed(session, plan, confirm=confirm, refusals=refusals)
    details = await list_told(session, plan=plan, campaign=campaign, placed=placed)
    previous = await repository.find_plan_in_force(session, plan.campaign_id)
    await freeze_told(session, plan, previous=previous, placed=placed, details=details)
    await keep_withdrawals(session, plan=plan, previous=previous)
    await keep_service_days(session, plan=plan, previous=previous)
    await _thank_reserve(session, plan)
    plan.is_notifier_asked = refusals.is_known
    await _put_in_force(session, plan, previous, by=by)
    await tell_offices_of_plan(session, plan=plan, previous=previous, campaign=campaign, placed=placed)
    people = sorted({row.placement.volunteer_id for row in placed})
    await ensure_links(session, campaign_id=campaign.id, volunteer_ids=people, ends_on=campaign.ends_on)
    log.info("plan.published", plan_id=str(plan.id), version=plan.version, people=len(people))
    return plan


async def _lock(session: AsyncSession, plan_id: UUID) -> tuple[Campaign, Plan]:
    """The plan, its campaign locked before it."""
    found = await repository.find_plan(session, plan_id)
    if found is None:
        raise NotFoundError
    campaign = await repository.lock_campaign(session, found.campaign_id)
    plan = await repository.find_plan_for_update(session, plan_id)
    if plan is None:
        raise NotFoundError
    return campaign, plan


async def _refuse_if_unfit(session: AsyncSession, plan: Plan, campaign: Campaign, placed: list[Placed]) -> None:
    refuse_unless_open(campaign)
    missing = await list_missing(session, plan, placed=placed)
    if missing:
        raise ConflictError(
            "plan.not_publishable",
            vi=f"Chưa ban hành được: còn {len(missing)} điều thiếu hoặc không còn đúng; xem danh sách.",
            en=f"Cannot be published yet: {len(missing)} things are missing or no longer true; see errors.",
            errors=missing,
        )


async def _thank_reserve(session: AsyncSession, plan: Plan) -> None:
    """Whoever volunteered, has no place and heard nothing yet is told, by an outbox row of its own."""
    if await keep_reserve(session, plan):
        await outbox.append(
            session,
            topic=PREPARE_NOTICES,
            args={"source_kind": SourceKind.RESERVE.value, "source_id": str(plan.id)},
            id_argument="outbox_id",
        )


async def _put_in_force(session: AsyncSession, plan: Plan, previous: Plan | None, *, by: str) -> None:
    now = await ask_now(session)
    await repository.move_seats(session, plan=plan, previous=previous)
    if previous is not None:
        previous.status, previous.superseded_at = PlanStatus.SUPERSEDED, now
        await session.flush()  # before the other becomes published: only one may be at a time
        plan.previous_plan_id = previous.id
    plan.outbox_id = await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.PLAN.value, "source_id": str(plan.id)},
        id_argument="outbox_id",
    )
    version = await repository.get_next_version(session, plan.campaign_id)
    plan.status, plan.version = PlanStatus.PUBLISHED, version
    plan.published_at, plan.published_by = now, by
    await session.flush()
