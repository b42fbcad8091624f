"""Asking: who may ask what about a run, whether it can be answered at all, and asking the same again."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from commune_schemas.advice import (
    AdviceQuestion,
    AdviceStatus,
    CurveQuestion,
    ExplainQuestion,
    ReplacementsQuestion,
)
from commune_schemas.jobs import ANSWER_ADVICE
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.advice import repository
from roster_api.advice.models import Advice
from roster_api.errors import ConflictError, NotFoundError, invalid_field
from roster_api.matching_runs.models import MatchingRun
from roster_api.matching_runs.repository import find_document
from roster_api.outbox import service as outbox
from roster_api.plans.models import Placement, Plan
from roster_api.plans.repository import find_plan_of_run
from roster_api.plans.visibility import IN_FORCE
from roster_api.schools.models import School
from roster_api.work.handing_out import now_and_later

log = structlog.get_logger(__name__)

WAITING_ALLOWED = timedelta(hours=2)
STAGE_A = ""


@dataclass(frozen=True)
class Target:
    """What a question is about: the run's document, and for a person their school."""

    document: str
    school_id: UUID | None = None


async def ask(session: AsyncSession, principal: Principal, run: MatchingRun, question: AdviceQuestion) -> Advice:
    """The question's row: a new one with its job, or the one that is there; a failed one is tried once more.

    404 for what the principal may not ask about, 409 for a run without a plan, 422 for what the run does not know.
    """
    target = await _find_target(session, principal, run, question)
    asked = question.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    await repository.lock_question(session, run.id, digest=digest)
    row = await repository.find_question(session, run.id, digest=digest)
    if row is not None and row.status != AdviceStatus.FAILED:
        return row
    if row is None:
        row = Advice(id=uuid4(), run_id=run.id, question=asked, question_sha256=digest)
        row.document, row.school_id = target.document, target.school_id
    await _queue(session, row, by=principal.label)
    return row


async def _queue(session: AsyncSession, row: Advice, *, by: str) -> None:
    row.requested_at, row.deadline_at = await now_and_later(session, WAITING_ALLOWED)
    row.outbox_id = await outbox.append(session, topic=ANSWER_ADVICE, args={"advice_id": str(row.id)})
    row.status, row.requested_by, row.attempts = AdviceStatus.QUEUED, by, 0
    row.held_until = row.finished_at = row.failure_kind = row.failure_vi = row.failure_en = None
    session.add(row)
    await session.flush()
    log.info("advice.requested", advice_id=str(row.id), run_id=str(row.run_id), kind=row.question["kind"])


async def _find_target(
    session: AsyncSession, principal: Principal, run: MatchingRun, question: AdviceQuestion
) -> Target:
    plan = await find_plan_of_run(session, run.id)
    if principal.role is Role.SCHOOL_COORDINATOR:
        is_open = plan is not None and plan.status in IN_FORCE and isinstance(question, ReplacementsQuestion)
        if not is_open:
            raise NotFoundError
    if plan is None:
        raise ConflictError("run.no_plan", vi="Lần ghép này không có phương án.", en="This run has no plan.")
    match question:
        case ExplainQuestion():
            _refuse_unknown(question, await _get_problem(session, run, document=STAGE_A))
            return Target(STAGE_A)
        case ReplacementsQuestion():
            return await _find_vacancy(session, principal, plan, question.volunteer_id)
        case CurveQuestion():
            document = question.school_code or STAGE_A
            problem = await _get_problem(session, run, document=document)
            people = any(person.get("previous_commune") for person in problem.get("volunteers", []))
            _refuse_without_previous(people if question.stage == "B" else bool(problem.get("previous")))
            return Target(document)


def _refuse_unknown(question: ExplainQuestion, problem: dict[str, Any]) -> None:
    """422 for a commune or school that took no part in the run."""
    for name, code, members in (
        ("commune_code", question.commune_code, problem["communes"]),
        ("school_code", question.school_code, problem["schools"]),
    ):
        if code is not None and all(member["id"] != code for member in members):
            raise invalid_field(
                f"/{name}",
                code="advice.took_no_part",
                vi="Mã này không có trong lần ghép.",
                en="This code took no part in the run.",
            )


async def _find_vacancy(session: AsyncSession, principal: Principal, plan: Plan, volunteer_id: UUID) -> Target:
    """The school whose person this is. To its coordinator everyone else's people are unknown."""
    query = (
        sa.select(School.id, School.code)
        .join(Placement, Placement.school_id == School.id)
        .where(Placement.plan_id == plan.id, Placement.volunteer_id == volunteer_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None or principal.school_id not in (None, found[0]):
        raise invalid_field(
            "/volunteer_id",
            code="advice.not_placed",
            vi="Người này không được phân công trong phương án.",
            en="This person has no place in the plan.",
        )
    return Target(document=found[1], school_id=found[0])


async def _get_problem(session: AsyncSession, run: MatchingRun, *, document: str) -> dict[str, Any]:
    found = await find_document(session, run.id, school_code=document)
    if found is None:
        raise invalid_field(
            "/school_code",
            code="advice.no_document",
            vi="Lần ghép này không xếp người cho trường đó.",
            en="This run placed nobody of that school.",
        )
    return found.problem


def _refuse_without_previous(has_previous: bool) -> None:
    if not has_previous:
        raise ConflictError(
            "advice.no_previous",
            vi="Lần ghép này không điều chỉnh phương án nào đã ban hành, nên không có thay đổi để đếm.",
            en="This run revises no published plan, so there are no changes to count.",
        )
