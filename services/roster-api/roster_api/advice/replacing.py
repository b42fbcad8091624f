"""Filling a vacancy in one call: one of the ranked replacements is picked, and a new version with them is published."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from commune_schemas.advice import AdviceStatus, ReplacementsQuestion
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.advice import repository as advice
from roster_api.advice.schemas import ReplacementRequest
from roster_api.deliveries.refused import Refusals
from roster_api.editing.loading import FactsCache
from roster_api.editing.repaired import refuse_broken_repair
from roster_api.errors import ConflictError
from roster_api.notices.publication import publish_plan
from roster_api.plans import repository as plans
from roster_api.plans.four_eyes import refuse_key
from roster_api.plans.models import Placement, Plan, PlanStatus
from roster_api.plans.repairs import Repair, create_repaired

log = structlog.get_logger(__name__)


async def fill_vacancy(
    session: AsyncSession,
    cache: FactsCache,
    *,
    plan: Plan,
    request: ReplacementRequest,
    refusals: Refusals,
    by: str,
) -> Plan:
    """The new version, published. 409 in words when the plan is not in force, the person has no place in it, nobody
    asked who could step in, the pick is not among the answers, is placed already, or by any check of publishing.

    What was picked was worked out for the run's plan, which this one may no longer be: so the result is judged again.
    """
    await plans.lock_campaign(session, plan.campaign_id)
    await session.refresh(plan)
    if plan.status != PlanStatus.PUBLISHED:
        raise ConflictError(
            "plan.base_moved",
            vi="Phương án này không còn hiệu lực; hãy chọn người thay theo phương án đang có hiệu lực.",
            en="This plan is not in force; pick a replacement upon the plan that is.",
        )
    placed = {row.volunteer_id: row for row in await plans.list_all_placements(session, plan.id)}
    _refuse_misplaced(placed, request)
    days = _find_offer(await _list_offers(session, plan, request.leaver_id), request.volunteer_ids)
    repair = Repair(leaver_id=request.leaver_id, weekdays=days, reason=request.reason, on=clock.today())
    repaired = await create_repaired(session, base=plan, repair=repair, by=by)
    await refuse_broken_repair(session, cache, base=plan, repaired=repaired, leaver_id=request.leaver_id)
    log.info("vacancy.filled", plan_id=str(repaired.id), base_plan_id=str(plan.id), people=len(days))
    if await refuse_key(session, plan) is not None:
        return repaired  # approved; somebody else publishes it
    return await publish_plan(
        session, plan_id=repaired.id, base_plan_id=plan.id, confirm=request.confirm, refusals=refusals, by=by
    )


def _refuse_misplaced(placed: dict[UUID, Placement], request: ReplacementRequest) -> None:
    if request.leaver_id not in placed:
        raise ConflictError(
            "replacement.not_placed",
            vi="Người thôi tham gia không có phân công trong phương án đang có hiệu lực.",
            en="The person who leaves has no place in the plan in force.",
        )
    if any(person in placed for person in request.volunteer_ids):
        raise ConflictError(
            "replacement.placed",
            vi="Người được chọn đã có phân công trong phương án đang có hiệu lực.",
            en="The person picked has a place in the plan in force already.",
        )


async def _list_offers(session: AsyncSession, plan: Plan, leaver_id: UUID) -> list[dict[str, Any]]:
    asked = ReplacementsQuestion(kind="replacements", volunteer_id=leaver_id).model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    row = await advice.find_question(session, plan.run_id, digest=digest)
    if row is None or row.status != AdviceStatus.READY or row.answer is None:
        raise ConflictError(
            "replacement.not_asked",
            vi="Chưa có danh sách người có thể thay. Hãy hỏi trước (POST /v1/matching-runs/{id}/advice), rồi chọn.",
            en="Who could step in is not known yet. Ask first (POST /v1/matching-runs/{id}/advice), then pick.",
        )
    offers: list[dict[str, Any]] = row.answer["data"].get("replacements", [])
    return offers


def _find_offer(offers: Sequence[dict[str, Any]], people: Sequence[UUID]) -> dict[UUID, list[int]]:
    """Weekdays of each person of the offer that has exactly these people."""
    wanted = {str(person) for person in people}
    for offer in offers:
        if set(offer["people"]) == wanted:
            return {UUID(person): list(offer["days"][person]) for person in offer["people"]}
    raise ConflictError(
        "replacement.not_offered",
        vi="Người được chọn không có trong danh sách có thể thay; mỗi lựa chọn phải lấy trọn (một người hoặc cả tổ).",
        en="The pick is not among who could step in; an offer is taken whole (one person, or the whole team).",
    )
