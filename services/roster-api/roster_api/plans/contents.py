"""What a plan says, read back from its rows in the shapes of a worker's result: to be hashed, or changed by hand."""

from dataclasses import dataclass

import sqlalchemy as sa
from commune_schemas.matching import ResultPlacement, ResultResponsibility, ResultShortfall
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.plans import repository
from roster_api.plans.models import Plan, Responsibility, Shortfall
from roster_api.schools.models import School


@dataclass(frozen=True)
class Content:
    responsibilities: list[ResultResponsibility]
    placements: list[ResultPlacement]
    shortfalls: list[ResultShortfall]


async def read_content(session: AsyncSession, plan: Plan) -> Content:
    codes = dict((await session.execute(sa.select(School.id, School.code))).all())
    leads = await session.scalars(sa.select(Responsibility).where(Responsibility.plan_id == plan.id))
    short = await session.scalars(sa.select(Shortfall).where(Shortfall.plan_id == plan.id))
    return Content(
        responsibilities=[
            ResultResponsibility(
                commune_code=row.commune_code,
                school_code=codes[row.school_id],
                is_lead=row.is_lead,
                distance_m=row.distance_m,
                promised_days=row.promised_days,
            )
            for row in leads
        ],
        placements=[
            ResultPlacement.model_validate(
                {name: getattr(row, name) for name in ResultPlacement.model_fields}, from_attributes=True
            )
            for row in await repository.list_all_placements(session, plan.id)
        ],
        shortfalls=[
            ResultShortfall(
                commune_code=row.commune_code,
                field=row.field_code,
                needed_days=row.needed_days,
                unmet_days=row.unmet_days,
            )
            for row in short
        ],
    )
