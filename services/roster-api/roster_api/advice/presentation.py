"""Advice as the routes show it: ids of people become names, for those who may read it."""

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
from roster_api.volunteers.naming import list_names, name_in_text


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
    names = await list_names(session, answer)
    failure = None
    if row.failure_kind:
        failure = FailureOut(kind=row.failure_kind, vi=row.failure_vi or "", en=row.failure_en or "")
    return AdviceOut.model_validate(
        {
            **{name: getattr(row, name) for name in AdviceOut.model_fields if hasattr(row, name)},
            "seconds": answer.get("seconds"),
            "data": answer.get("data"),
            "text_vi": name_in_text(answer["text_vi"], names) if answer else None,
            "text_en": name_in_text(answer["text_en"], names) if answer else None,
            "people": names,
            "failure": failure,
        }
    )
