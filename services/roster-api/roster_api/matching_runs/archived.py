"""What a run leaves out, and says so: communes with a need that is a draft, communes and schools out of use since."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.amounts import amount
from commune_schemas.left_out import LeftOut
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.communes.models import Commune
from roster_api.needs.models import NeedDeclaration, NeedState
from roster_api.plans.models import Placement
from roster_api.plans.repository import find_plan_in_force
from roster_api.schools.models import School


async def list_needs_left_out(session: AsyncSession, campaign_id: UUID) -> list[LeftOut]:
    """By code; what a run's first page shows from the start."""
    return [*await list_archived(session, campaign_id), *await _list_drafts(session, campaign_id)]


async def list_schools_left_out(session: AsyncSession, campaign_id: UUID) -> list[LeftOut]:
    """Schools taken out of use whose people serve by the plan in force; by code."""
    in_force = await find_plan_in_force(session, campaign_id)
    if in_force is None:
        return []
    query = (
        sa.select(School.code, School.name, sa.func.count())
        .join(Placement, Placement.school_id == School.id)
        .where(Placement.plan_id == in_force.id, School.archived_at.is_not(None))
        .group_by(School.code, School.name)
        .order_by(School.code)
    )
    return [
        LeftOut(
            code="school.archived",
            school_code=code,
            people=people,
            rule=None,
            vi=f"{name} đã ngừng sử dụng, nên {people} người của trường trong phương án hiện hành không được ghép."
            " Nếu không đúng ý, hãy dùng lại trường rồi ghép lại.",
            en=f"{name} is archived, so its {amount(people, 'person')} of the plan in force stay out."
            " If that is not meant, restore it and run again.",
        )
        for code, name, people in await session.execute(query)
    ]


async def _list_drafts(session: AsyncSession, campaign_id: UUID) -> list[LeftOut]:
    query = (
        sa.select(Commune)
        .join(NeedDeclaration, NeedDeclaration.commune_code == Commune.code)
        .where(NeedDeclaration.campaign_id == campaign_id, NeedDeclaration.state == NeedState.DRAFT.value)
        .where(Commune.archived_at.is_(None))
        .order_by(Commune.code)
    )
    return [
        LeftOut(
            code="commune.not_submitted",
            commune_code=commune.code,
            rule=None,
            vi=f"{commune.full_name} mới soạn nhu cầu, chưa gửi, nên không được ghép. Hãy nhắc xã, hoặc khai thay.",
            en=f"{commune.full_name} drafted a need and did not submit it, so it is left out. Remind it, or declare.",
        )
        for commune in await session.scalars(query)
    ]


async def list_archived(session: AsyncSession, campaign_id: UUID) -> list[LeftOut]:
    """Taken out of use since they declared."""
    query = (
        sa.select(Commune)
        .join(NeedDeclaration, NeedDeclaration.commune_code == Commune.code)
        .where(NeedDeclaration.campaign_id == campaign_id, Commune.archived_at.is_not(None))
        .order_by(Commune.code)
    )
    return [_archived(commune) for commune in await session.scalars(query)]


async def name_archived(session: AsyncSession, codes: Collection[str]) -> dict[str, str]:
    """Of these communes, the full names of those that are archived."""
    query = sa.select(Commune.code, Commune.full_name).where(Commune.code.in_(codes), Commune.archived_at.is_not(None))
    return dict((await session.execute(query)).all())


def _archived(commune: Commune) -> LeftOut:
    return LeftOut(
        code="commune.archived",
        commune_code=commune.code,
        rule=None,
        vi=f"{commune.full_name} có khai nhu cầu nhưng đã ngừng sử dụng, nên không được ghép. Hãy khôi phục.",
        en=f"{commune.full_name} declared a need but is archived, so it is left out. Restore it and run again.",
    )
