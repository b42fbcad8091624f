"""Needs as they were before many were declared at once: what is kept for it, and putting them back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from roster_api.needs.models import NeedDeclaration, NeedState
from roster_api.needs.schemas import NeedWrite
from roster_api.needs.service import write_content
from roster_api.needs.states import describe_content, keep_versions, put_state

CONTENT = frozenset(NeedWrite.model_fields)


def describe_whole(row: NeedDeclaration) -> dict[str, Any]:
    """Its content, its state, and who declared and reviewed it; as JSON holds it."""
    reviewed_at = row.reviewed_at.isoformat() if row.reviewed_at else None
    return describe_content(row) | {
        "state": row.state, "declared_by": row.declared_by, "declared_by_id": _text(row.declared_by_id),
        "reviewed_by": row.reviewed_by, "reviewed_by_id": _text(row.reviewed_by_id), "reviewed_at": reviewed_at,
        "review_reason": row.review_reason,
    }  # fmt: skip


async def put_back(
    session: AsyncSession, rows: Mapping[str, NeedDeclaration], before: Mapping[str, dict[str, Any]], *, by: str
) -> None:
    """Locked rows as `before` describes them, each a version of its own.

    A need that was not there before becomes a draft: no run uses it, and its commune is silent again. Its versions
    are kept, so the row stays.
    """
    for commune, row in rows.items():
        flag_modified(row, "note")
        if commune in before:
            _restore(row, before[commune])
        else:
            put_state(row, NeedState.DRAFT, by=None, reason=None)
    await session.flush()
    keep_versions(session, list(rows.values()), by=by)
    await session.flush()


def _restore(row: NeedDeclaration, before: dict[str, Any]) -> None:
    content = NeedWrite.model_validate({name: before[name] for name in CONTENT})
    write_content(row, content, declared_by=before["declared_by"])
    put_state(row, NeedState(before["state"]), by=before["reviewed_by"], reason=before["review_reason"])
    row.declared_by_id, row.reviewed_by_id = _id(before["declared_by_id"]), _id(before["reviewed_by_id"])
    row.reviewed_at = datetime.fromisoformat(before["reviewed_at"]) if before["reviewed_at"] else None


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
