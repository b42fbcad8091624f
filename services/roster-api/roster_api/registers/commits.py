"""What a register's commit writes, and taking it back while nobody changed what it wrote."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.audit.changes import changes_of
from roster_api.errors import ConflictError
from roster_api.registers import repository
from roster_api.registers.declarations import DECLARATIONS, Register
from roster_api.registers.models import RegisterUpload
from roster_api.staff.repository import has_live_secondment, lock_rows
from roster_api.staff.service import name_keys, name_of


async def write_rows(session: AsyncSession, upload: RegisterUpload, rows: list[dict[str, Any]]) -> int:
    """How many rows were changed by somebody else since they were compared, and are left. Keeps what undoing needs."""
    table: Any = DECLARATIONS[Register(upload.register_name)].table
    ids = await repository.list_ids(session, table, province_code=upload.province_code, codes={r["code"] for r in rows})
    known = {row.code: row for row in (await lock_rows(session, table, ids)).values()}
    before: dict[str, dict[str, Any]] = {}
    created, touched, conflicts = [], [], 0
    for row in rows:
        values = {name: _as_column(name, value) for name, value in row["values"].items()}
        kept = known.get(row["code"])
        if (kept.row_version if kept else None) != row["seen_version"]:
            conflicts += 1
            continue
        name = name_of(values)
        values |= name_keys(table, name, row["code"]) if name else {}
        if kept is None:
            created.append(table(province_code=upload.province_code, **values))
            continue
        values |= {"archived_at": None}
        before[str(kept.id)] = {column: repository.as_json(getattr(kept, column)) for column in values}
        touched.append(kept)
        _set(kept, values)
    session.add_all(created)
    await session.flush()
    left = {str(row.id): row.row_version for row in (*touched, *created)}
    upload.undo = {"left": left, "created": [str(row.id) for row in created], "before": before}
    return conflicts


async def revert(session: AsyncSession, upload: RegisterUpload) -> None:
    """The register as it was; 409 once a row it wrote was changed, or is taken by something."""
    table: Any = DECLARATIONS[Register(upload.register_name)].table
    undo: dict[str, Any] = upload.undo or {}
    rows = await lock_rows(session, table, [UUID(key) for key in undo["left"]])
    if {str(key): row.row_version for key, row in rows.items()} != undo["left"]:
        raise too_late()
    for key, values in undo["before"].items():
        row = rows[UUID(key)]
        if values["archived_at"] is not None and await has_live_secondment(session, row):
            raise _in_use()
        _set(row, {name: _as_column(name, value) for name, value in values.items()})
    try:
        async with session.begin_nested():
            await _remove(session, table.__table__, undo["created"])
    except IntegrityError as in_use:
        raise _in_use() from in_use


async def _remove(session: AsyncSession, table: sa.Table, keys: Sequence[str]) -> None:
    """All at once: one by one, thousands take a minute. A register has fewer rows than a statement may name."""
    await session.flush()
    await session.execute(sa.delete(table).where(table.c.id.in_([UUID(key) for key in keys])))
    noted = changes_of(session)
    for key in keys:
        noted.note_values(table.name, key, "delete", {})


def too_late() -> ConflictError:
    """It was not committed, or what it wrote was changed since."""
    return ConflictError(
        "register.undo_too_late",
        vi="Không hoàn tác được: bảng chưa được ghi, hoặc có dòng đã thay đổi sau đó.",
        en="It cannot be undone: the sheet was not committed, or a row of it has changed since.",
    )


def _in_use() -> ConflictError:
    return ConflictError(
        "register.undo_in_use",
        vi="Không hoàn tác được: có dòng của bảng này đang được dùng (cán bộ của đơn vị, quyết định, khóa học...).",
        en="It cannot be undone: a row of this sheet is in use (people of a unit, a decision, a course ...).",
    )


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for column, value in values.items():
        setattr(row, column, value)


def _as_column(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "unit_id":
        return UUID(value)
    if name == "archived_at":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "serving_since" else value
