"""Advice as the routes show it: ids of people become names, for those who may read it."""

import json
import re
from uuid import UUID

from commune_schemas.advice import AdviceStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.advice import repository
from roster_api.advice.models import Advice
from roster_api.advice.schemas import AdviceOut
from roster_api.errors import NotFoundError
from roster_api.matching_runs.presentation import get_visible_run
from roster_api.matching_runs.schemas import FailureOut

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def get_visible_advice(session: AsyncSession, principal: Principal, advice_id: UUID) -> Advice:
    """The advice, if its run is in the principal's province, and for a coordinator about the own school's people."""
    row = await repository.find_advice(session, advice_id)
    if row is None:
        raise NotFoundError
    await get_visible_run(session, principal, row.run_id)
    if principal.role is Role.SCHOOL_COORDINATOR and row.school_id != principal.school_id:
        raise NotFoundError
    return row


async def describe_advice(session: AsyncSession, row: Advice) -> AdviceOut:
    answer = row.answer if row.status == AdviceStatus.READY and row.answer else {}
    mentioned = {UUID(found) for found in ID.findall(json.dumps(answer))}
    names = await repository.list_names(session, mentioned) if mentioned else {}
    failure = None
    if row.failure_kind:
        failure = FailureOut(kind=row.failure_kind, vi=row.failure_vi or "", en=row.failure_en or "")
    return AdviceOut.model_validate(
        {
            **{name: getattr(row, name) for name in AdviceOut.model_fields if hasattr(row, name)},
            "seconds": answer.get("seconds"),
            "data": answer.get("data"),
            "text_vi": _with_names(answer.get("text_vi"), names),
            "text_en": _with_names(answer.get("text_en"), names),
            "people": names,
            "failure": failure,
        }
    )


def _with_names(text: str | None, names: dict[UUID, str]) -> str | None:
    if text is None:
        return None
    return ID.sub(lambda found: names.get(UUID(found[0]), found[0]), text)
