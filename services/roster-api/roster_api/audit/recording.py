"""Writes the entry of a request: a change or a bulk read into its own transaction, a refusal into one by itself."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import structlog
from asgi_correlation_id import correlation_id
from fastapi import Request
from sqlalchemy import bindparam, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.access.accounts import SignedIn
from roster_api.access.measure import rule_key
from roster_api.access.models import Account
from roster_api.access.principal import Principal, Role
from roster_api.actors import keep_actor
from roster_api.audit.changes import Changes, collect, show
from roster_api.audit.models import AuditAction, AuditEntry
from roster_api.audit.people_read import as_details, collect_people
from roster_api.audit.reads import BULK_READS, SIGNS_OF_LIFE
from roster_api.direct import Reader, Statement, execute_within
from roster_api.errors import ForbiddenError, ProblemError

log = structlog.get_logger(__name__)
NEVER_KEPT = frozenset({"token"})
SEARCHED_TEXT = frozenset({"q"})
"""What is searched for may be a phone."""


TABLE: Any = AuditEntry.__table__
ADD_ENTRY = Statement(
    insert(TABLE).values({
        column.name: bindparam(column.name, type_=column.type)
        for column in TABLE.columns
        if column.server_default is None and not column.identity
    })
)  # fmt: skip
"""Of every request that changes something: built and compiled anew it cost more than all else of its entry."""


@asynccontextmanager
async def recorded(request: Request, source: AsyncSession | Reader) -> AsyncIterator[None]:
    """Around a request's work: on its success the entry is added, to be committed with it or not at all."""
    key = rule_key(request)
    is_read = key in BULK_READS
    if not is_read and (key[0] == "GET" or key in SIGNS_OF_LIFE):
        yield
    elif isinstance(source, Reader):
        people = source.people = {}
        yield
        await source.fetch(ADD_ENTRY, **_read_entry(request, people))
    else:
        async with _recorded_session(request, source, is_read=is_read):
            yield


@asynccontextmanager
async def _recorded_session(request: Request, session: AsyncSession, *, is_read: bool) -> AsyncIterator[None]:
    changes = collect(session)
    people = collect_people(session) if is_read else {}
    keep_actor(session, getattr(request.state, "principal", None))
    yield
    await flush_changes(session)
    if is_read:
        entry = _read_entry(request, people)
    else:
        entry = _entry(request, AuditAction.CHANGE)
        entry["details"] = changes.as_details()
        entry["subjects"] = [*dict.fromkeys([*entry["subjects"], *changes.subjects])]
        entry["object_id"] = entry["object_id"] or changes.first_created
    await execute_within(session, ADD_ENTRY, entry)


async def flush_changes(session: AsyncSession) -> None:
    """A flush of nothing would take a greenlet of its own."""
    rows = session.sync_session
    if rows.new or rows.dirty or rows.deleted:
        await session.flush()


def _read_entry(request: Request, people: dict[str, None]) -> dict[str, Any]:
    return _entry(request, AuditAction.READ) | {"details": {"query": _query(request), **as_details(people)}}


async def record_refusal(request: Request, refused: ProblemError) -> None:
    """403, or 404 to somebody who is bound: whether there is such an object, or it is another's, is not told apart."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None or (not isinstance(refused, ForbiddenError) and not _is_bound(principal)):
        return
    entry = _entry(request, AuditAction.REFUSAL)
    entry["details"] = {"status": refused.status, "code": refused.code, "query": _query(request)}
    sessions: async_sessionmaker[AsyncSession] = request.app.state.sessions
    try:
        async with sessions.begin() as session:
            await session.execute(insert(AuditEntry), entry)
    except (SQLAlchemyError, OSError) as error:
        log.error("audit.refusal_not_recorded", route=entry["route"], error=type(error).__name__)  # noqa: TRY400


async def record_binding(request: Request, session: AsyncSession, account: Account) -> None:
    """The first sign-in of somebody invited, in the transaction that binds the account to its subject."""
    entry = _entry(request, AuditAction.CHANGE) | {
        **_name_account(account),
        "object_kind": "accounts",
        "object_id": str(account.id),
        "subjects": [str(account.id)],
        "details": {"counts": {"accounts.bind": 1}, "issuer": account.issuer},
    }
    await session.execute(insert(AuditEntry), entry)


async def record_command(session: AsyncSession, operator: Principal, *, command: str, changes: Changes) -> None:
    """What an operator changed on the server, in the transaction that changes it."""
    entry = {
        "action": AuditAction.CHANGE.value,
        "method": "COMMAND",
        "route": f"roster-api {command}",
        "actor_role": "operator",
        "actor_label": operator.label,
        "object_kind": command.split(maxsplit=1)[0],
        "object_id": changes.first_created or next(iter(changes.subjects), None),
        "subjects": [*changes.subjects],
        "details": changes.as_details(),
    }
    await session.execute(insert(AuditEntry), entry)


def _name_account(account: Account) -> dict[str, Any]:
    """Of a deed that no role is needed for."""
    return {"actor_account_id": account.id, "actor_role": "account", "actor_label": account.display_name}


def _is_bound(principal: Principal) -> bool:
    """Whether what exists may lie outside what this key sees."""
    bounds = (principal.province_code, principal.school_id, principal.commune_code)
    return not principal.role.is_service and (not principal.is_admin or any(bounds))


def _entry(request: Request, action: AuditAction) -> dict[str, Any]:
    principal: Principal | None = getattr(request.state, "principal", None)
    method, route = rule_key(request)
    signed_in: SignedIn | None = getattr(request.state, "signed_in", None)
    kept = {name: str(value) for name, value in request.path_params.items() if name not in NEVER_KEPT}
    return {
        "action": action.value,
        "method": method,
        "route": route,
        **name_actor(principal),
        "actor_key_id": principal.key_id if principal else None,
        "actor_account_id": principal.account_id if principal else None,
        **(_name_account(signed_in.account) if signed_in and not principal else {}),
        "object_kind": next((part for part in route.split("/") if part not in ("", "v1", "internal")), route),
        "object_id": next(iter(kept.values()), None),
        "subjects": [*dict.fromkeys(kept.values())],
        "request_id": correlation_id.get(),
        "address": request.client.host if request.client else None,
    }


def name_actor(principal: Principal | None) -> dict[str, Any]:
    """The columns that say who it was, as JSON can hold them."""
    return {
        "actor_key_id": str(principal.key_id) if principal and principal.key_id else None,
        "actor_account_id": str(principal.account_id) if principal and principal.account_id else None,
        "actor_role": principal.role.value if principal else Role.VOLUNTEER.value,
        "actor_label": principal.label if principal else None,
        "actor_province_code": principal.province_code if principal else None,
    }


async def record_for(
    session: AsyncSession, actor: dict[str, Any], *, route: str, object_id: str, details: dict[str, Any],
    subjects: Sequence[str] = (),
) -> None:  # fmt: skip
    """The entry of a change that a process carried out after the request that asked for it."""
    entry = {
        "action": AuditAction.CHANGE.value, "method": "POST", "route": route, **actor,
        **{name: UUID(actor[name]) if actor.get(name) else None for name in ("actor_key_id", "actor_account_id")},
        "object_kind": route.split("/")[2], "object_id": object_id, "details": details,
        "subjects": [object_id, *subjects], "request_id": None, "address": None,
    }  # fmt: skip
    await session.execute(insert(AuditEntry), entry)


def _query(request: Request) -> dict[str, Any]:
    hidden = {"hidden": True}
    return {
        name: hidden if name in SEARCHED_TEXT else show(name, value) for name, value in request.query_params.items()
    }
