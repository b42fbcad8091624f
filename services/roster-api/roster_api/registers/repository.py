"""SQL of register uploads, and of what a register is compared with and written to."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload, undefer

from roster_api.access.principal import Principal
from roster_api.access.scope import province_scope
from roster_api.communes.models import Commune
from roster_api.fields.models import Duty, ExpertiseField
from roster_api.needs.models import NeedDeclaration
from roster_api.needs.states import describe_content
from roster_api.registers.comparing import COPIED, Kept, Names, index_names
from roster_api.registers.declarations import DECLARATIONS, Register
from roster_api.registers.models import RegisterUpload
from roster_api.rosters.models import UploadStatus
from roster_api.rosters.repository import UNREAD
from roster_api.staff.models import Unit

KIND_OF_OLD = re.compile(r"^(xã|phường|thị trấn)\s+", re.IGNORECASE)


async def find_upload(
    session: AsyncSession, upload_id: UUID, *, principal: Principal, for_update: bool = False
) -> RegisterUpload | None:
    """With file and preview."""
    query = sa.select(RegisterUpload).where(
        RegisterUpload.id == upload_id, *province_scope(principal, RegisterUpload.province_code)
    )
    query = query.options(*(undefer(one) for one in (RegisterUpload.content, RegisterUpload.rows, RegisterUpload.undo)))
    row: RegisterUpload | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


def select_uploads(*, principal: Principal, province_code: str) -> sa.Select[Any]:
    """The newest first."""
    query = sa.select(RegisterUpload).where(
        RegisterUpload.province_code == province_code, *province_scope(principal, RegisterUpload.province_code)
    )
    return query.order_by(RegisterUpload.created_at.desc(), RegisterUpload.id)


async def count_waiting(session: AsyncSession, *, province_code: str) -> int:
    """How many registers of the province are not read yet. Nobody adds one meanwhile."""
    key = {"key": f"register-uploads:{province_code}"}
    await session.execute(sa.text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
    query = sa.select(sa.func.count()).where(
        RegisterUpload.province_code == province_code, RegisterUpload.status.in_(UNREAD)
    )
    return await session.scalar(query) or 0


async def find_last_choices(session: AsyncSession, upload: RegisterUpload) -> list[dict[str, Any]] | None:
    """What was chosen about the columns of the province's last committed register of this name."""
    query = sa.select(RegisterUpload.choices).where(
        RegisterUpload.province_code == upload.province_code, RegisterUpload.register_name == upload.register_name,
        RegisterUpload.status == UploadStatus.COMMITTED.value, RegisterUpload.choices.is_not(None),
    )  # fmt: skip
    choices: list[dict[str, Any]] | None = await session.scalar(query.order_by(RegisterUpload.committed_at.desc()))
    return choices


async def read_names(session: AsyncSession, *, province_code: str) -> Names:
    """What the cells of a register may name: by code, and by name where only one has it."""
    units = (await session.execute(sa.select(Unit.id, Unit.code, Unit.name).where(
        Unit.province_code == province_code, Unit.archived_at.is_(None)
    ))).all()  # fmt: skip
    of_commune = (Commune.code, Commune.name, Commune.full_name, Commune.old_names)
    communes = (await session.execute(sa.select(*of_commune).where(
        Commune.province_code == province_code, Commune.archived_at.is_(None)
    ))).all()  # fmt: skip
    fields = (await session.execute(
        sa.select(ExpertiseField.code, ExpertiseField.name_vi, ExpertiseField.name_en)
    )).all()  # fmt: skip
    named = [(text, row.code) for row in fields for text in (row.code, row.name_vi, row.name_en)]
    return Names(
        units=index_names([(text, row.id) for row in units for text in (row.code, row.name)]),
        fields=index_names(named),
        communes=index_names([(text, row.code) for row in communes for text in (row.code, row.name, row.full_name)]),
        old_communes=index_names([(text, row.code) for row in communes for text in _old_names(row.old_names)]),
        of_communes={row.code: row.full_name for row in communes},
    )


async def list_duties(session: AsyncSession) -> list[dict[str, str]]:
    """{code, name_vi, name_en} of the catalogue, in its order."""
    query = sa.select(Duty.code, Duty.name_vi, Duty.name_en).order_by(Duty.position, Duty.code)
    return [dict(row) for row in (await session.execute(query)).mappings()]


def _old_names(names: list[str]) -> Iterator[str]:
    """'Thị trấn Vạn Giã (Huyện Vạn Ninh, Tỉnh Khánh Hòa)': as it stands, without its district, without its kind."""
    for name in names:
        alone = name.partition(" (")[0]
        yield from (name, alone, KIND_OF_OLD.sub("", alone))


async def read_kept_needs(session: AsyncSession, campaign_id: UUID) -> dict[str, Kept]:
    """The campaign's needs as they are declared, by commune."""
    query = sa.select(NeedDeclaration).where(NeedDeclaration.campaign_id == campaign_id)
    rows = await session.scalars(query.options(selectinload(NeedDeclaration.items)))
    return {
        row.commune_code: Kept(row.row_version, describe_content(row) | {"state": row.state}, is_archived=False)
        for row in rows
    }


async def read_kept(session: AsyncSession, *, register: Register, province_code: str) -> dict[str, Kept]:
    """The register as it is, by code, the archived ones too; as JSON holds it."""
    table: Any = DECLARATIONS[register].table
    rows = await session.scalars(sa.select(table).where(table.province_code == province_code))
    return {row.code: _keep(row, register) for row in rows}


def _keep(row: Any, register: Register) -> Kept:
    values = {name: as_json(getattr(row, name)) for name in COPIED[register]}
    return Kept(row.row_version, values, row.archived_at is not None)


def as_json(value: Any) -> Any:
    """Ids and days as text."""
    return value if value is None or isinstance(value, str | int | list | dict) else str(value)


async def list_ids(session: AsyncSession, table: type[Any], *, province_code: str, codes: set[str]) -> list[UUID]:
    """Of the rows with these codes."""
    query = sa.select(table.id).where(table.province_code == province_code, table.code.in_(codes))
    return list(await session.scalars(query))
