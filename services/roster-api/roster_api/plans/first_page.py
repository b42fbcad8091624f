"""A plan's first page besides its numbers: whom it leaves out, and what one would ask first, with the reason."""

from dataclasses import dataclass

from commune_schemas.left_out import LeftOut
from commune_schemas.remarks import Remark
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.groups.scope import list_own_communes
from roster_api.plans.models import Plan
from roster_api.plans.scope import row_scope
from roster_api.schools.models import School


@dataclass(frozen=True)
class FirstPage:
    left_out: list[LeftOut]
    remarks: list[Remark]


async def read_first_page(session: AsyncSession, plan: Plan, reader: Principal | None) -> FirstPage:
    """Of what concerns the reader's school, commune or group; of everything for whoever has none. None: everything."""
    left_out = [LeftOut.model_validate(one) for one in plan.left_out]
    remarks = [Remark.model_validate(one) for one in plan.remarks]
    if reader is None:
        return FirstPage(left_out, remarks)
    scope = row_scope(reader)
    own = await list_own_communes(session, reader, plan.campaign_id)
    school = await session.get(School, scope.school_id) if scope.school_id else None

    def concerns(one: LeftOut | Remark) -> bool:
        of_school = scope.school_id is None or (school is not None and one.school_code == school.code)
        of_group = own is None or one.commune_code in own
        return of_school and of_group and scope.commune_code in (None, one.commune_code)

    return FirstPage([one for one in left_out if concerns(one)], [one for one in remarks if concerns(one)])
