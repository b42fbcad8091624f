"""Turns a worker's result into a draft plan: the next draft of its campaign."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.matching import MatchingResult, ResultPlacement, ResultResponsibility, ResultShortfall
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.communes.models import Commune
from roster_api.database import Base
from roster_api.errors import InvalidError, pointer_error
from roster_api.plans import repository
from roster_api.plans.models import Placement, Plan, Responsibility, Shortfall
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer


class PlanContent(Protocol):
    """What a plan says, as the worker's result has it."""

    @property
    def responsibilities(self) -> Sequence[ResultResponsibility]: ...
    @property
    def placements(self) -> Sequence[ResultPlacement]: ...
    @property
    def shortfalls(self) -> Sequence[ResultShortfall]: ...


async def create_draft(
    session: AsyncSession, *, campaign_id: UUID, run_id: UUID, result: MatchingResult, archived: Sequence[Any] = ()
) -> Plan:
    """A draft holding exactly what the result says. 422 when it names something the roster does not know.

    `archived`: communes that the run never saw, as LeftOut.
    """
    schools = await _list_school_ids(session, {row.school_code for row in result.responsibilities})
    people = await _list_school_of_people(session, {row.volunteer_id for row in result.placements})
    await _check_known(session, result, schools=schools, people=people)
    await repository.lock_campaign(session, campaign_id)
    plan = Plan(
        campaign_id=campaign_id,
        run_id=run_id,
        draft_number=await repository.get_next_draft_number(session, campaign_id),
        content_sha256=hash_content(result),
        is_verified=_is_verified(result),
        unkept_pins=[pin.model_dump(mode="json") for pin in result.unkept_pins],
        left_out=[*archived, *(one.model_dump(mode="json") for one in result.left_out)],
        remarks=[one.model_dump(mode="json") for one in result.remarks],
    )
    session.add(plan)
    await session.flush()
    for table, rows in _list_rows(plan.id, result, schools=schools, people=people):
        if rows:
            await session.execute(sa.insert(table), rows)
    return plan


def _list_rows(
    plan_id: UUID, result: MatchingResult, *, schools: dict[str, UUID], people: dict[UUID, UUID]
) -> list[tuple[type[Base], list[dict[str, Any]]]]:
    """(table, its rows) for all that the result says."""
    responsibilities = [
        {
            "plan_id": plan_id,
            "school_id": schools[row.school_code],
            **row.model_dump(exclude={"school_code"}),
            **_reason(row, result),
        }
        for row in result.responsibilities
    ]
    placements = [
        {
            "plan_id": plan_id,
            "school_id": people[row.volunteer_id],
            **row.model_dump(),
            "lost": [loss.model_dump(mode="json") for loss in row.lost],
        }
        for row in result.placements
    ]
    shortfalls = [
        {"plan_id": plan_id, "field_code": row.field, **row.model_dump(exclude={"field"})} for row in result.shortfalls
    ]
    return [(Responsibility, responsibilities), (Placement, placements), (Shortfall, shortfalls)]


def _reason(row: ResultResponsibility, result: MatchingResult) -> dict[str, str | None]:
    told = result.explanations.get(row.commune_code) if row.is_lead else None
    said = {} if told is None else told.data
    return {"reason_vi": said.get("vi"), "reason_en": said.get("en")}


def hash_content(result: PlanContent) -> str:
    """SHA-256 over responsibilities, placements and shortfalls as canonical JSON, whatever order they came in."""
    content = {
        "responsibilities": _ordered(result.responsibilities),
        "placements": _ordered(result.placements),
        "shortfalls": _ordered(result.shortfalls),
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _ordered(rows: Iterable[Any]) -> list[Any]:
    return sorted((row.model_dump(mode="json") for row in rows), key=_canonical)


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


async def _list_school_ids(session: AsyncSession, codes: set[str]) -> dict[str, UUID]:
    query = sa.select(School.code, School.id).where(School.code.in_(codes))
    return dict((await session.execute(query)).all())


async def _list_school_of_people(session: AsyncSession, ids: set[UUID]) -> dict[UUID, UUID]:
    query = sa.select(Volunteer.id, Volunteer.school_id).where(Volunteer.id.in_(ids))
    return dict((await session.execute(query)).all())


async def _check_known(
    session: AsyncSession, result: MatchingResult, *, schools: dict[str, UUID], people: dict[UUID, UUID]
) -> None:
    named = {row.commune_code for row in result.responsibilities}
    named |= {row.commune_code for row in result.placements} | {row.commune_code for row in result.shortfalls}
    communes = set(await session.scalars(sa.select(Commune.code).where(Commune.code.in_(named))))
    unknown = [
        *(f"/responsibilities/{row.school_code}" for row in result.responsibilities if row.school_code not in schools),
        *(f"/placements/{row.volunteer_id}" for row in result.placements if row.volunteer_id not in people),
        *(f"/communes/{code}" for code in sorted(named - communes)),
    ]
    if unknown:
        raise InvalidError(
            "result.unknown_reference",
            vi="Kết quả nhắc đến trường, xã hoặc người không có trong danh sách.",
            en="The result names schools, communes or people that the roster does not know.",
            errors=[
                pointer_error(pointer, code="unknown", vi="Không biết.", en="Not known.") for pointer in unknown[:20]
            ],
        )


def _is_verified(result: MatchingResult) -> bool:
    stages = result.certificate.stages if result.certificate else []
    return bool(stages) and all(stage.verified for stage in stages)
