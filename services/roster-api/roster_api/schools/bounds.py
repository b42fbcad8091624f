"""From what a client named to what a role is bound to: the province follows from the school or the commune."""

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.bounds import Bounds, RoleBody
from roster_api.access.principal import Principal
from roster_api.communes.repository import find_commune
from roster_api.errors import invalid_field
from roster_api.provinces.repository import find_province
from roster_api.schools.repository import find_school


async def find_bounds(session: AsyncSession, *, principal: Principal, body: RoleBody) -> Bounds:
    """The province is that of school or commune, else as asked, else the giver's. 422 for what they do not see."""
    provinces = {body.province_code, principal.province_code}
    if body.school_id is not None:
        school = await find_school(session, principal=principal, school_id=body.school_id)
        if school is None:
            raise invalid_field("/school_id", code="school.unknown", vi="Không có trường này.", en="No such school.")
        provinces.add(school.province_code)
    if body.commune_code is not None:
        commune = await find_commune(session, principal=principal, code=body.commune_code)
        if commune is None:
            raise invalid_field("/commune_code", code="commune.unknown", vi="Không có xã này.", en="No such commune.")
        provinces.add(commune.province_code)
    if body.province_code and await find_province(session, principal=principal, code=body.province_code) is None:
        raise invalid_field("/province_code", code="province.unknown", vi="Không có tỉnh này.", en="No such province.")
    provinces.discard(None)
    if len(provinces) > 1:
        raise invalid_field(
            "/province_code",
            code="key.bounds",
            vi="Trường hoặc xã không thuộc tỉnh này.",
            en="The school or commune is not in this province.",
        )
    return Bounds(provinces.pop() if provinces else None, body.school_id, body.commune_code)
