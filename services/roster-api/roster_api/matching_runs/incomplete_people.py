"""People whose free days are not known: a run leaves them out, and says how many and of which schools."""

from collections.abc import Collection

import sqlalchemy as sa
from commune_schemas.amounts import amount
from commune_schemas.left_out import LeftOut
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer, VolunteerStatus


async def list_incomplete(session: AsyncSession, school_codes: Collection[str]) -> list[LeftOut]:
    """One a school that has any, by code."""
    query = (
        sa.select(School.code, School.name, sa.func.count())
        .join(Volunteer, Volunteer.school_id == School.id)
        .where(School.code.in_(school_codes), School.archived_at.is_(None))
        .where(Volunteer.status == VolunteerStatus.ACTIVE.value, Volunteer.is_incomplete)
        .group_by(School.code, School.name)
        .order_by(School.code)
    )
    return [_left_out(code, name, people) for code, name, people in await session.execute(query)]


def _left_out(code: str, name: str, people: int) -> LeftOut:
    return LeftOut(
        code="school.incomplete_people",
        school_code=code,
        people=people,
        rule=None,
        vi=f"{name}: {people} người chưa khai ngày rảnh nên không được ghép. Hãy hỏi họ, hoặc khai thay, rồi ghép lại.",
        en=f"{name}: {amount(people, 'person has', 'people have')} told no free day, and so stay out. Ask, or fill in,"
        " and run again.",
    )
