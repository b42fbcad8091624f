"""Decisions about boundaries and travel: what an import must have, and what is given out while there is none."""

import asyncio
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from commune_schemas.amounts import amount
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.boundaries.geometry import BadBoundaries, Boundaries, make_cells, read_boundaries, write_geojson
from roster_api.boundaries.models import MeasuredTravel, ProvinceBoundaries
from roster_api.boundaries.schemas import BoundaryCollection, BoundaryReport, TravelAnswer, TravelTable
from roster_api.communes.models import Commune
from roster_api.errors import InvalidError, pointer_error
from roster_api.provinces.service import get_province
from roster_api.schools.models import School

METRES_A_KM = 1000
MINUTES_AN_HOUR = 60


async def list_communes(session: AsyncSession, province_code: str) -> Sequence[Commune]:
    query = sa.select(Commune).where(Commune.province_code == province_code, Commune.archived_at.is_(None))
    return (await session.scalars(query.order_by(Commune.code))).all()


async def check(collection: BoundaryCollection, communes: Sequence[Commune]) -> Boundaries:
    """In a thread. 422 with every fault."""
    wanted = {commune.code for commune in communes if not commune.is_remote}
    optional = {commune.code for commune in communes if commune.is_remote}
    try:
        return await asyncio.to_thread(read_boundaries, collection, wanted=wanted, optional=optional)
    except BadBoundaries as bad:
        raise InvalidError(
            "boundaries.faulty",
            vi=f"Ranh giới có {len(bad.errors)} lỗi; không có gì được lưu. Xem danh sách.",
            en=f"The boundaries have {amount(len(bad.errors), 'fault')}; nothing was kept. See errors.",
            errors=bad.errors[:200],
        ) from None


async def keep(
    session: AsyncSession, province_code: str, communes: Sequence[Commune], boundaries: Boundaries, *, by: str
) -> BoundaryReport:
    """In the place of what was imported before. From the next run on, neighbours are these."""
    content, digest = await asyncio.to_thread(write_geojson, boundaries.shapes, _names(communes), is_schematic=False)
    beside = {code for pair in boundaries.neighbours for code in pair}
    report = BoundaryReport(
        province_code=province_code,
        communes=len(boundaries.shapes),
        missing_remote=[commune.code for commune in communes if commune.code not in boundaries.shapes],
        overlaps=boundaries.overlaps,
        points_sent=boundaries.points_sent,
        points_kept=boundaries.points_kept,
        neighbours=len(boundaries.neighbours),
        without_neighbours=sorted(set(boundaries.shapes) - beside),
        content_sha256=digest,
    )
    row = await session.get(ProvinceBoundaries, province_code)
    if row is None:
        row = ProvinceBoundaries(province_code=province_code)
        session.add(row)
    row.content, row.content_sha256, row.imported_by = content, digest, by
    row.neighbours = [list(pair) for pair in boundaries.neighbours]
    row.report = report.model_dump(mode="json")
    await session.flush()
    return report


async def read_map(session: AsyncSession, *, principal: Principal, code: str) -> tuple[str, str]:
    """(GeoJSON, its SHA-256): what was imported, else schematic cells round the communes' places."""
    await get_province(session, principal=principal, code=code)
    return await read_province_map(session, code)


async def read_province_map(session: AsyncSession, code: str) -> tuple[str, str]:
    """As `read_map`, for whoever has been let in already."""
    row = await session.get(ProvinceBoundaries, code)
    if row is not None:
        return row.content, row.content_sha256
    communes = await list_communes(session, code)
    places = {commune.code: (commune.longitude, commune.latitude) for commune in communes if not commune.is_remote}
    return await asyncio.to_thread(_write_cells, code, places, _names(communes))


def _write_cells(
    code: str, places: dict[str, tuple[float, float]], names: dict[str, dict[str, Any]]
) -> tuple[str, str]:
    cells = make_cells(code, places) if len(places) > 1 else {}
    return write_geojson(cells, names, is_schematic=True)


def _names(communes: Sequence[Commune]) -> dict[str, dict[str, Any]]:
    return {
        commune.code: {
            "name": commune.full_name,
            "is_remote": commune.is_remote,
            "longitude": commune.longitude,
            "latitude": commune.latitude,
        }
        for commune in communes
    }


async def keep_travel(session: AsyncSession, province_code: str, table: TravelTable) -> TravelAnswer:
    """All or none; 422 names each pair that cannot be."""
    communes = {commune.code for commune in await list_communes(session, province_code)}
    query = sa.select(School.code, School.id).where(School.province_code == province_code)
    schools = dict((await session.execute(query)).all())
    errors, rows = [], {}
    for index, pair in enumerate(table.items):
        fault = None
        if pair.commune_code not in communes or pair.school_code not in schools:
            fault = ("travel.unknown", "Không có xã hoặc trường này trong tỉnh.", "No such commune or school there.")
        elif (pair.km is None) == (pair.minutes is None):
            fault = ("travel.unit", "Ghi km hoặc minutes, một trong hai.", "State km or minutes, one of them.")
        elif (pair.commune_code, pair.school_code) in rows:
            fault = ("travel.twice", "Cặp này ghi hai lần.", "This pair comes twice.")
        if fault is not None:
            errors.append(pointer_error(f"/items/{index}", code=fault[0], vi=fault[1], en=fault[2]))
            continue
        km = pair.km if pair.km is not None else (pair.minutes or 0) / MINUTES_AN_HOUR * table.km_per_hour
        rows[pair.commune_code, pair.school_code] = {
            "commune_code": pair.commune_code,
            "school_id": schools[pair.school_code],
            "metres": round(km * METRES_A_KM),
            "minutes": pair.minutes,
        }
    if errors:
        raise InvalidError(
            "travel.faulty", vi="Bảng có lỗi; không có gì được lưu.", en="Nothing was kept.", errors=errors[:200]
        )
    await session.execute(sa.delete(MeasuredTravel).where(MeasuredTravel.school_id.in_(schools.values())))
    if rows:
        await session.execute(sa.insert(MeasuredTravel), list(rows.values()))
    return TravelAnswer(pairs=len(rows), communes=len({c for c, _ in rows}), schools=len({s for _, s in rows}))
