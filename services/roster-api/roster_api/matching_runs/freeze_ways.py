"""Freezes who is whose neighbour, and what the province has measured of the ways."""

from typing import Any

import sqlalchemy as sa
from commune_schemas.matching import MeasuredWay
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.boundaries.models import MeasuredTravel, ProvinceBoundaries
from roster_api.schools.models import School


async def list_frozen_ways(
    session: AsyncSession, province_code: str, *, communes: set[str], schools: dict[Any, School]
) -> dict[str, Any]:
    """Fields of MatchingProblem; neighbours are None while no boundaries are imported."""
    imported = await session.get(ProvinceBoundaries, province_code)
    rows = await session.scalars(
        sa.select(MeasuredTravel)
        .where(MeasuredTravel.school_id.in_(schools), MeasuredTravel.commune_code.in_(communes))
        .order_by(MeasuredTravel.commune_code, MeasuredTravel.school_id)
    )
    return {
        "neighbours": None
        if imported is None
        else [(a, b) for a, b in imported.neighbours if a in communes and b in communes],
        "measured_ways": [
            MeasuredWay(commune_code=row.commune_code, school_code=schools[row.school_id].code, metres=row.metres)
            for row in rows
        ],
    }
