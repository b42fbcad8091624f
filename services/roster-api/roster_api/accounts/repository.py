"""All SQL about accounts and their roles, and the names of what the roles are bound to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import RoleAssignment
from roster_api.communes.models import Commune
from roster_api.provinces.models import Province
from roster_api.schools.models import School

NATION = "Việt Nam"


async def name_scopes(session: AsyncSession, assignments: Sequence[RoleAssignment]) -> dict[UUID, str]:
    """By assignment, the name of its school, commune or province, with its kind."""
    schools = await session.execute(
        select(School.id, School.name).where(School.id.in_({each.school_id for each in assignments} - {None}))
    )
    communes = await session.execute(
        select(Commune.code, Commune.full_name).where(
            Commune.code.in_({each.commune_code for each in assignments} - {None})
        )
    )
    provinces = await session.execute(
        select(Province.code, Province.full_name).where(
            Province.code.in_({each.province_code for each in assignments} - {None})
        )
    )
    names: dict[object, str] = {row[0]: row[1] for rows in (schools, communes, provinces) for row in rows}
    return {
        each.id: names.get(each.school_id or each.commune_code or each.province_code, NATION) for each in assignments
    }
