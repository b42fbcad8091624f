"""Reminders: who has not answered what they are told may be asked once more, and no oftener."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from commune_schemas.amounts import amount
from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.answers.models import Reminded, Reminder
from roster_api.answers.repository import narrow_to_answer, select_answers
from roster_api.answers.schemas import AnswerFilter, RemindedPerson, ReminderOut
from roster_api.errors import ConflictError
from roster_api.outbox import service as outbox
from roster_api.plans import repository as plans
from roster_api.plans.models import Placement, Plan, PlanStatus
from roster_api.plans.scope import RowScope, row_scope

log = structlog.get_logger(__name__)


async def remind_silent(session: AsyncSession, principal: Principal, plan: Plan, *, filters: RowScope) -> ReminderOut:
    """Everyone within the filters who has not answered and was not reminded of these words is told once more.

    Names who was reminded before. 409 when the plan is not in force, or nobody is left to remind; then nothing happens.
    """
    await plans.lock_campaign_for_reading(session, plan.campaign_id)
    await session.refresh(plan)
    if plan.status != PlanStatus.PUBLISHED:
        raise ConflictError(
            "reminder.not_in_force",
            vi="Phương án này không còn hiệu lực; hãy nhắc theo phương án đang có hiệu lực.",
            en="This plan is not in force; remind by the plan that is.",
        )
    silent = narrow_to_answer(select_answers(plan, row_scope(principal), filters), AnswerFilter.NONE)
    placements: list[Placement] = [row[0] for row in (await session.execute(silent)).all()]
    reminder = Reminder(id=uuid4(), plan_id=plan.id, reminded_by=principal.label)
    session.add(reminder)
    await session.flush()
    new = await _mark(session, plan, reminder, placements)
    already = await _list_already(session, plan, [one for one in placements if one.volunteer_id not in new])
    if not new:
        raise ConflictError(
            "reminder.nobody",
            vi=f"Không còn ai để nhắc: {len(already)} người chưa trả lời đều đã được nhắc một lần.",
            en=f"Nobody is left to remind: {amount(len(already), 'person was', 'people were')} reminded already, and"
            " did not answer.",
            facts={"already": [one.model_dump(mode="json") for one in already]},
        )
    await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.REMINDER.value, "source_id": str(reminder.id)},
        id_argument="outbox_id",
    )
    log.info("answers.reminded", plan_id=str(plan.id), people=len(new), already=len(already))
    return ReminderOut(id=reminder.id, reminded=sorted(new), already=already)


async def _mark(session: AsyncSession, plan: Plan, reminder: Reminder, placements: Sequence[Placement]) -> set[UUID]:
    """Those of them who were not reminded of these words before; two requests at once share them out."""
    if not placements:
        return set()
    rows = [
        {
            "campaign_id": plan.campaign_id,
            "volunteer_id": one.volunteer_id,
            "told_sha256": one.told_sha256,
            "reminder_id": reminder.id,
        }
        for one in placements
    ]
    statement = insert(Reminded).values(rows).on_conflict_do_nothing().returning(Reminded.volunteer_id)
    return set(await session.scalars(statement))


async def _list_already(session: AsyncSession, plan: Plan, placements: Sequence[Placement]) -> list[RemindedPerson]:
    query = (
        sa.select(Reminded.volunteer_id, Reminder.reminded_at, Reminder.reminded_by, Reminder.reminded_by_id)
        .join(Reminder, Reminder.id == Reminded.reminder_id)
        .where(Reminded.campaign_id == plan.campaign_id)
        .where(
            sa.tuple_(Reminded.volunteer_id, Reminded.told_sha256).in_(
                [(one.volunteer_id, one.told_sha256) for one in placements]
            )
        )
        .order_by(Reminded.volunteer_id)
    )
    return [RemindedPerson.model_validate(row, from_attributes=True) for row in await session.execute(query)]
