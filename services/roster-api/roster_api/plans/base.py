"""What a plan is compared with: the plan in force, which a decision must name, for another may have taken its place."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from commune_schemas.amounts import amount
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.errors import ConflictError
from roster_api.plans import repository
from roster_api.plans.changes import Change, PersonChange, list_changes
from roster_api.plans.models import Plan
from roster_api.plans.schemas import ChangeCounts
from roster_api.plans.visibility import IN_FORCE


async def find_base(session: AsyncSession, plan: Plan) -> Plan | None:
    """What this plan's changes are counted from: what it put out of force; until it is published, what is in force."""
    if plan.status not in IN_FORCE:
        return await repository.find_plan_in_force(session, plan.campaign_id)
    return await repository.find_plan(session, plan.previous_plan_id) if plan.previous_plan_id else None


async def refuse_if_base_moved(session: AsyncSession, plan: Plan, *, base_plan_id: UUID | None) -> None:
    """409 with what publishing this plan would change now, unless `base_plan_id` is the plan in force (None: none is).

    The caller holds a lock of the campaign, so that the answer holds until its commit.
    """
    in_force = await repository.find_plan_in_force(session, plan.campaign_id)
    if base_plan_id == (in_force.id if in_force else None):
        return
    counts = count_changes(await list_changes(session, plan))
    summary_vi = (
        f"{counts.new} người mới, {counts.changed} người thay đổi, {counts.withdrawn} người thôi,"
        f" {counts.unchanged} người giữ nguyên"
    )
    summary_en = (
        f"{amount(counts.new, 'person')} new, {counts.changed} changed, {counts.withdrawn} withdrawn,"
        f" {counts.unchanged} unchanged"
    )
    in_force_vi = f"phương án số {in_force.version}" if in_force else "chưa có phương án nào"
    in_force_en = f"version {in_force.version}" if in_force else "no plan"
    raise ConflictError(
        "plan.base_moved",
        vi=f"Đang có hiệu lực là {in_force_vi}, không phải phương án mà yêu cầu này dựa vào. Nếu ban hành lúc này:"
        f" {summary_vi}. Hãy xem lại các thay đổi, rồi quyết định lại.",
        en=f"In force is {in_force_en}, not the plan this request was made upon. Published now: {summary_en}."
        " Look at the changes again, then decide anew, upon the plan in force (base_plan_id).",
        facts={
            "base_plan_id": str(in_force.id) if in_force else None,
            "base_version": in_force.version if in_force else None,
            "counts": counts.model_dump(),
        },
    )


def refuse_unless_open(campaign: Campaign) -> None:
    if campaign.status != CampaignStatus.OPEN:
        raise ConflictError(
            "campaign.not_open",
            vi="Chiến dịch chưa mở hoặc đã đóng, nên không duyệt và không công bố phương án của nó được."
            " Chiến dịch chưa mở thì mở trước; đã đóng thì lập chiến dịch mới.",
            en="The campaign is not open, so no plan of it can be approved or published."
            " Open it first; where it is closed, begin a new one.",
        )


def count_changes(changes: Sequence[PersonChange]) -> ChangeCounts:
    counts = Counter(change.change for change in changes)
    return ChangeCounts(**{change.value: counts[change] for change in Change})
