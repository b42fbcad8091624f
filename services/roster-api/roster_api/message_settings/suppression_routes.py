"""Routes of addresses that mail came back from: who is written to no more, and letting one be written to again."""

from collections.abc import Sequence

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.audit.changes import changes_of
from roster_api.database import LateSessionDep
from roster_api.deliveries.reachable import Reachable, is_theirs, list_reachable
from roster_api.errors import NotFoundError
from roster_api.message_settings.asking import ask, of
from roster_api.message_settings.suppression_schemas import (
    ReleaseRequest,
    SuppressionList,
    SuppressionOut,
    TheirSuppression,
    TheirSuppressions,
)
from roster_api.paging import PagingDep
from roster_api.routing import domain_router
from roster_api.settings import Settings
from roster_api.shapes import IdPath

router = domain_router(tag="suppressions", prefix="/v1/suppressions")
PAGE_SIZE, MOST = 200, 2000


@router.get("", operation_id="list_suppressions", summary="Whose address is written to no more, and why")
async def list_suppressions(
    request: Request, late: LateSessionDep, principal: PrincipalDep, paging: PagingDep, is_released: bool = False
) -> SuppressionList:
    """Of the caller's province. `is_released`: those let go instead. A corrected address is written to at once and
    needs no release. 503 while the notifier is away."""
    found, is_cut = await _ask_all(request.app.state.settings, principal, is_released=is_released)
    session = await late.open()
    shown = await _show_theirs(session, principal, found)
    page = shown[paging.offset : paging.offset + paging.limit]
    return SuppressionList(items=page, total=len(shown), limit=paging.limit, offset=paging.offset, is_cut=is_cut)


@router.post("/{suppression_id}/release", operation_id="release_suppression", summary="Write to this address again")
async def release_suppression(
    suppression_id: IdPath, request: Request, late: LateSessionDep, principal: PrincipalDep, body: ReleaseRequest
) -> SuppressionOut:
    """What failed meanwhile is sent again by the delivery board; what comes from now on goes there by itself. Released
    again it stays as it was."""
    settings = request.app.state.settings
    path = of("suppressions", suppression_id)
    row = TheirSuppression.model_validate_json(await ask(settings, principal, "GET", path))
    async with late.short() as session:
        if not await _show_theirs(session, principal, [row]):
            raise NotFoundError
    answer = await ask(settings, principal, "POST", f"{path}/release", body={"reason": body.reason})
    session = await late.open()
    changes = changes_of(session)
    changes.note_values("suppressions", suppression_id, "update", {"is_released": (None, True)})
    changes.subjects[row.recipient_id] = None
    (shown,) = await _show_theirs(session, principal, [TheirSuppression.model_validate_json(answer)])
    return shown


async def _ask_all(
    settings: Settings, principal: Principal, *, is_released: bool
) -> tuple[list[TheirSuppression], bool]:
    """The newest of them, and whether there are more."""
    found: list[TheirSuppression] = []
    while len(found) < MOST:
        query = {"is_released": is_released, "limit": PAGE_SIZE, "offset": len(found)}
        page = TheirSuppressions.model_validate_json(
            await ask(settings, principal, "GET", "/v1/suppressions", query=query)
        )
        found += page.items
        if not page.items or len(found) >= page.total:
            return found, False
    return found[:MOST], True


async def _show_theirs(
    session: AsyncSession, principal: Principal, rows: Sequence[TheirSuppression]
) -> list[SuppressionOut]:
    """Those of them whose recipient the caller answers for."""
    people = await list_reachable(session, [(row.recipient_kind, row.recipient_id) for row in rows])
    known = [(row, people.get((row.recipient_kind, row.recipient_id))) for row in rows]
    return [_show(row, who) for row, who in known if who is not None and is_theirs(principal, who)]


def _show(row: TheirSuppression, who: Reachable) -> SuppressionOut:
    return SuppressionOut(
        **row.model_dump(exclude={"recipient_id", "shown_address"}),
        volunteer_id=who.volunteer_id,
        name=who.name,
        school_name=who.school.name if who.school else None,
        to=row.shown_address,
    )
