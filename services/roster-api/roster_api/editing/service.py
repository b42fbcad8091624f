"""Decisions about changes by hand: what is refused, what a draft becomes, undo and redo."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import CampaignStatus
from roster_api.deliveries.refused import Refusals
from roster_api.editing import repository
from roster_api.editing.effects import (
    Effect,
    Names,
    list_broken,
    list_levels,
    list_touched_communes,
    list_touched_people,
    summarise,
    work_out,
)
from roster_api.editing.keeping import describe_replaced, keep, keep_again, list_replaced, take_back
from roster_api.editing.loading import Loaded
from roster_api.editing.models import PlanEdit
from roster_api.editing.moves import EditRefused
from roster_api.editing.row_changes import Side, make_rows, read_rows, write_rows
from roster_api.editing.schemas import Edit, Edited, EditOut, EditRequest, Preview
from roster_api.errors import ConflictError, InvalidError, NotFoundError, PreconditionFailedError, pointer_error
from roster_api.etags import check_version
from roster_api.notices.reach import measure_reach
from roster_api.plans import repository as plans
from roster_api.plans.base import find_base
from roster_api.plans.changes import list_changes
from roster_api.plans.contents import read_content
from roster_api.plans.copies import begin_draft
from roster_api.plans.drafts import hash_content
from roster_api.plans.models import Plan, PlanStatus
from roster_api.plans.service import describe_plan, wrong_status

Step = Callable[..., Awaitable[tuple[Plan, PlanEdit]]]
"""`undo` or `redo`."""


async def compute(loaded: Loaded, edits: Sequence[Edit]) -> Effect:
    """In a thread, without a transaction. 422 with the number of the edit that makes no sense."""
    try:
        return await asyncio.to_thread(work_out, loaded.board, loaded.facts, loaded.forbidden, edits)
    except EditRefused as refused:
        pointer = f"/edits/{refused.__notes__[0]}"
        error = pointer_error(pointer, code=refused.code, vi=refused.vi, en=refused.en)
        raise InvalidError(refused.code, vi=refused.vi, en=refused.en, errors=[error]) from None


async def describe(session: AsyncSession, plan: Plan, loaded: Loaded, effect: Effect, edits: Sequence[Edit]) -> Preview:
    name = Names(loaded.names, loaded.facts).of
    people = list_touched_people(effect, loaded.facts, name)
    levels = list_levels(effect)
    summary_vi, summary_en = summarise(levels, people=len(people))
    broken = list_broken(effect, name)
    replaced = await list_replaced(session, loaded, effect, edits, campaign_id=plan.campaign_id)
    return Preview(
        plan_id=plan.id,
        edit_version=plan.edit_version,
        is_possible=not broken,
        broken=broken,
        levels=levels,
        summary_vi=summary_vi,
        summary_en=summary_en,
        people=people,
        communes=list_touched_communes(effect, loaded.facts),
        replaced_pins=describe_replaced(replaced),
    )


async def refuse_if_broken(session: AsyncSession, loaded: Loaded, effect: Effect) -> None:
    """409 with every rule that the edits break, by number and in words; or who has left the roster since."""
    broken = list_broken(effect, Names(loaded.names, loaded.facts).of)
    if broken:
        raise ConflictError(
            "edit.breaks_rule",
            vi=" ".join(rule.vi for rule in broken),
            en=" ".join(rule.en for rule in broken),
            errors=[pointer_error("/edits", code=f"rule.{rule.rule}", vi=rule.vi, en=rule.en) for rule in broken],
        )
    coming = {UUID(person) for person in effect.named if person in effect.after.places}
    if await repository.list_inactive(session, coming):
        raise ConflictError(
            "volunteer.not_active",
            vi="Có người không còn tham gia nên không xếp được.",
            en="Somebody to be placed is no longer active.",
        )


async def make_edit(
    session: AsyncSession,
    *,
    plan_id: UUID,
    if_match: str,
    loaded: Loaded,
    effect: Effect,
    request: EditRequest,
    by: str,
) -> tuple[Plan, PlanEdit]:
    """All edits or none, on the draft itself; on any other plan, on a draft begun from it.

    412 when somebody changed the draft since it was read.
    """
    plan = await _lock(session, plan_id)
    check_version(plan, if_match)
    if plan.edit_version != loaded.edit_version:
        raise _changed_meanwhile()
    await refuse_if_broken(session, loaded, effect)
    after = make_rows(effect, loaded.facts, loaded.schools)
    if not any(after.values()):
        raise ConflictError("edit.no_change", vi="Phương án đã như vậy rồi.", en="The plan says that already.")
    if plan.status != PlanStatus.DRAFT:
        plan = await begin_draft(session, plan)
    edit = PlanEdit(
        plan_id=plan.id,
        number=await repository.get_next_number(session, plan.id),
        edits=[edit.model_dump(mode="json") for edit in request.edits],
        reason=request.reason,
        made_by=by,
        levels=[level.model_dump() for level in list_levels(effect)],
        row_changes={"before": await read_rows(session, plan.id, after), "after": after},
        decision_changes={},
    )
    await repository.drop_undone(session, plan.id)
    session.add(edit)
    await session.flush()
    await _put(session, plan, edit, side="after")
    await keep(session, plan, edit, loaded, effect, request.edits)
    return plan, edit


async def undo(session: AsyncSession, *, plan_id: UUID, if_match: str, by: str) -> tuple[Plan, PlanEdit]:
    """The newest edit that is done. 409 when there is none, 412 when the draft was changed since it was read."""
    plan = await _get_draft(session, plan_id, if_match=if_match)
    edit = await repository.find_last_done(session, plan.id)
    if edit is None:
        raise ConflictError("edit.nothing", vi="Không có gì để hoàn tác.", en="There is nothing to undo.")
    edit.state, edit.undone_by = "undone", by
    edit.undone_at = await ask_now(session)
    await _put(session, plan, edit, side="before")
    await take_back(session, edit, by=by)
    return plan, edit


async def redo(session: AsyncSession, *, plan_id: UUID, if_match: str, by: str) -> tuple[Plan, PlanEdit]:
    """The oldest edit that is undone."""
    plan = await _get_draft(session, plan_id, if_match=if_match)
    edit = await repository.find_first_undone(session, plan.id)
    if edit is None:
        raise ConflictError("edit.nothing", vi="Không có gì để làm lại.", en="There is nothing to do again.")
    edit.state, edit.undone_by, edit.undone_at = "done", None, None
    await _put(session, plan, edit, side="after")
    await keep_again(session, edit, by=by)
    return plan, edit


async def describe_edited(
    session: AsyncSession, plan: Plan, edit: PlanEdit, preview: Preview | None, *, refusals: Refusals
) -> Edited:
    base = await find_base(session, plan)
    reach = await measure_reach(session, plan, await list_changes(session, plan), refusals=refusals)
    return Edited(
        plan=await describe_plan(session, plan),
        edit=EditOut.model_validate(edit),
        preview=preview,
        base_plan_id=base.id if base else None,
        confirm=reach.confirm,
        is_notifier_asked=reach.is_notifier_asked,
    )


async def _put(session: AsyncSession, plan: Plan, edit: PlanEdit, *, side: Side) -> None:
    await session.flush()
    await write_rows(session, plan.id, edit.row_changes, side)
    plan.edit_version += 1
    plan.hand_changes += 1 if side == "after" else -1
    plan.content_sha256 = hash_content(await read_content(session, plan))
    await session.flush()


async def _lock(session: AsyncSession, plan_id: UUID) -> Plan:
    """The plan, its campaign locked before it: in the order in which publishing locks them."""
    found = await plans.find_plan(session, plan_id)
    if found is None:
        raise NotFoundError
    campaign = await plans.lock_campaign(session, found.campaign_id)
    if campaign.status == CampaignStatus.CLOSED.value or campaign.archived_at is not None:
        raise ConflictError(
            "campaign.closed", vi="Đợt đã đóng hoặc đã lưu trữ.", en="The campaign is closed or archived."
        )
    plan = await plans.find_plan_for_update(session, plan_id)
    if plan is None:
        raise NotFoundError
    return plan


async def _get_draft(session: AsyncSession, plan_id: UUID, *, if_match: str) -> Plan:
    plan = await _lock(session, plan_id)
    if plan.status != PlanStatus.DRAFT:
        raise wrong_status(plan, PlanStatus.DRAFT)
    check_version(plan, if_match)
    return plan


def _changed_meanwhile() -> PreconditionFailedError:
    return PreconditionFailedError(
        "precondition.stale",
        vi="Dự thảo vừa được người khác sửa. Hãy đọc lại rồi sửa tiếp.",
        en="Somebody has just changed the draft. Read it again, then change it.",
    )
