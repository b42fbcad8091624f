"""Schools of which nobody is left to place: a run goes on without them, and says so."""

import sqlalchemy as sa
from commune_schemas.left_out import LeftOut
from commune_schemas.matching import MatchingProblem
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer, VolunteerStatus


async def list_emptied(session: AsyncSession, problem: MatchingProblem) -> list[LeftOut]:
    """By code, schools that take part while all their people withdrew or said that they cannot go.

    A school that never had a list, or whose people are all off the roster, promised nobody and is not named; one whose
    people have yet to tell their free days is named for that.
    """
    open_to = {school.code for school in problem.schools} - {person.school_code for person in problem.volunteers}
    is_awaited = sa.and_(Volunteer.status == VolunteerStatus.ACTIVE.value, Volunteer.is_incomplete)
    query = (
        sa.select(School.code, School.name, sa.func.count())
        .join(Volunteer, Volunteer.school_id == School.id)
        .where(School.code.in_(open_to), Volunteer.status != VolunteerStatus.ARCHIVED.value)
        .group_by(School.code, School.name)
        .having(~sa.func.bool_or(is_awaited))
        .order_by(School.code)
    )
    return [_left_out(code, name, people) for code, name, people in await session.execute(query)]


def _left_out(code: str, name: str, people: int) -> LeftOut:
    return LeftOut(
        code="school.nobody_left",
        school_code=code,
        people=people,
        rule=None,
        vi=f"{name}: không còn ai để ghép; {people} người đã rút hoặc báo không đi được. Hãy hỏi trường, rồi ghép lại.",
        en=f"{name}: nobody is left to place; {people} withdrew or said that they cannot go. Ask it, and run again.",
    )
