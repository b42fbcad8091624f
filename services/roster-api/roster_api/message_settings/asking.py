"""Asking the notifier for an officer: with a key for that alone, and with whose request it is.

What it refuses is refused here in its own words.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
from commune_schemas.jobs import ACTOR_ID_HEADER, ACTOR_ROLE_HEADER, API_KEY_HEADER
from commune_schemas.problem import Problem
from commune_service.authorities import trusted_authorities

from roster_api.access.principal import NOBODY, Principal
from roster_api.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TooManyError, UnavailableError
from roster_api.settings import Settings

TIMEOUT_SECONDS = 10.0
TRIAL_SECONDS = 60.0
"""A mail relay may be slow to take a mail."""


async def ask(
    settings: Settings,
    principal: Principal,
    method: str,
    path: str,
    *,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    seconds: float = TIMEOUT_SECONDS,
) -> bytes:
    """The answer's JSON. 404, 409, 422 and 429 as the notifier says; UnavailableError while it cannot answer."""
    if settings.notifier_url is None or settings.notifier_office_key is None:
        raise away()
    headers = {
        API_KEY_HEADER: settings.notifier_office_key.get_secret_value(),
        ACTOR_ID_HEADER: str(principal.actor_id or NOBODY),
        ACTOR_ROLE_HEADER: principal.role.value,
    }
    params = {name: str(value) for name, value in (query or {}).items() if value is not None}
    try:
        async with httpx.AsyncClient(
            base_url=settings.notifier_url, headers=headers, timeout=seconds, verify=trusted_authorities()
        ) as client:
            answer = await client.request(method, path, params=params, json=body)
    except httpx.HTTPError:
        raise away() from None
    if answer.is_success:
        return answer.content
    raise _as_ours(answer)


def place(kind: str, channel: str, language: str, *more: str) -> str:
    """The notifier's address of a template."""
    return "/".join(("/v1/templates", kind, channel, language, *more))


def of(kind: str, row_id: UUID, *more: str) -> str:
    """The notifier's address of a suppression or a webhook."""
    return "/".join((f"/v1/{kind}", str(row_id), *more))


def _as_ours(answer: httpx.Response) -> Exception:
    """A refusal of ours with its words; whatever is no refusal of the request means that it cannot answer."""
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValueError:
        return away()
    code, vi, en = problem.code, problem.detail_vi, problem.detail
    match answer.status_code:
        case 404:
            return NotFoundError(code, vi=vi, en=en)
        case 409:
            return ConflictError(code, vi=vi, en=en)
        case 422:
            return InvalidError(code, vi=vi, en=en, errors=problem.errors)
        case 429:
            return TooManyError(code, vi=vi, en=en, headers={"Retry-After": "60"})
        case _:
            return away()


def away() -> UnavailableError:
    return UnavailableError(
        "notifier.away",
        vi="Bộ gửi tin chưa trả lời, hoặc chưa được nối với hệ thống (NOTIFIER_OFFICE_KEY). Hãy thử lại sau.",
        en="The notifier does not answer, or is not connected (NOTIFIER_OFFICE_KEY). Try again later.",
        headers={"Retry-After": "10"},
    )


def refuse_province(principal: Principal, *, vi: str, en: str) -> None:
    """403 for whoever is bound to a province: what all share is changed above them. `vi`, `en`: what it is."""
    if principal.province_code is not None:
        raise ForbiddenError(
            "access.national",
            vi=f"{vi} dùng chung cho mọi tỉnh: chỉ quản trị viên cấp quốc gia được làm việc này.",
            en=f"{en} are shared by every province: only an administrator of the nation may do this.",
        )
