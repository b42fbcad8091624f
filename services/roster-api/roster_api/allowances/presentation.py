"""What is shown of statements: sums, people with their lines, and who is paid nothing and why."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from commune_schemas.amounts import amount
from commune_schemas.matching import VolunteerRole
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.allowances import repository
from roster_api.allowances.computing import Component
from roster_api.allowances.models import AllowanceStatement, StatementState
from roster_api.allowances.schemas import (
    AllowanceTotals,
    LineOut,
    PaidPerson,
    SchoolSum,
    SchoolWord,
    SchoolWordOut,
    StatementDetail,
    StatementOut,
    UnpaidOut,
    UnpaidPerson,
)
from roster_api.schools.models import School

OWN_COLUMNS = set(StatementOut.model_fields) - {"school_code", "school_name", "people", "service_days", "unpaid"}
WHY = {
    "unconfirmed": ("{} ngày xã chưa xác nhận", "{} not confirmed by the commune"),
    "school_word": (
        "{} ngày chỉ trường xác nhận, xã chưa trả lời",
        "{} confirmed by the school; the commune was silent",
    ),
    "disputed": ("{} ngày xã và trường ghi khác nhau", "{} that commune and school see differently"),
    "absent": ("{} ngày vắng", "{} absent"),
    "replaced": ("{} ngày người khác đi thay", "{} replaced by somebody else"),
}


def show_statement(row: Sequence[Any]) -> StatementOut:
    """Of a row of `select_statements`."""
    statement, school, people, days = row
    return StatementOut(
        **{name: getattr(statement, name) for name in OWN_COLUMNS},
        school_code=school.code,
        school_name=school.name,
        people=people,
        service_days=days,
        unpaid=len(statement.unpaid),
    )


async def describe_statement(
    session: AsyncSession, principal: Principal, statement: AllowanceStatement
) -> StatementDetail:
    query = repository.select_statements(principal, statement.campaign_id, month=statement.month)
    row = (await session.execute(query.where(AllowanceStatement.id == statement.id))).one()
    return StatementDetail(
        **show_statement(row).model_dump(),
        persons=await list_people(session, [statement.id]),
        unpaid_persons=await list_unpaid_people(session, [statement]),
        school_word_days=await list_school_words(session, [statement]),
    )


async def list_school_words(session: AsyncSession, statements: Sequence[AllowanceStatement]) -> list[SchoolWordOut]:
    words = [SchoolWord.model_validate(each) for statement in statements for each in statement.school_word]
    names = await repository.list_names(session, [each.volunteer_id for each in words])
    return [SchoolWordOut(**each.model_dump(), full_name=names[each.volunteer_id]) for each in words]


async def list_people(session: AsyncSession, statement_ids: Sequence[UUID]) -> list[PaidPerson]:
    """By given name; each with every line of these statements."""
    people: dict[UUID, PaidPerson] = {}
    for row in await repository.list_named_lines(session, statement_ids):
        line, person, legal_basis = row[0], row[1], row[2]
        shown = people.setdefault(
            person.id,
            PaidPerson(
                volunteer_id=person.id,
                full_name=person.full_name,
                role=VolunteerRole(person.role),
                service_days=0,
                total_vnd=0,
                lines=[],
            ),
        )
        shown.lines.append(
            LineOut(
                component=Component(line.component),
                rate_id=line.rate_id,
                legal_basis=legal_basis,
                days=line.days,
                sign=line.sign,
                unit_vnd=line.unit_vnd,
                amount_vnd=line.amount_vnd,
            )
        )
        shown.total_vnd += line.amount_vnd
        if line.component == Component.SERVICE_DAY:
            shown.service_days += line.sign * len(line.days)
    return list(people.values())


async def list_unpaid_people(session: AsyncSession, statements: Sequence[AllowanceStatement]) -> list[UnpaidOut]:
    unpaid = [UnpaidPerson.model_validate(each) for statement in statements for each in statement.unpaid]
    names = await repository.list_names(session, [each.volunteer_id for each in unpaid])
    return [
        UnpaidOut(**each.model_dump(), full_name=names[each.volunteer_id], vi=say_why(each, 0), en=say_why(each, 1))
        for each in unpaid
    ]


def say_why(person: UnpaidPerson, language: int) -> str:
    """0: Vietnamese, 1: English."""
    counts = [(WHY[name][language], getattr(person, name)) for name in WHY]
    return "; ".join(words.format(amount(count, "day") if language else count) for words, count in counts if count)


async def sum_up(session: AsyncSession, principal: Principal, campaign_id: UUID, month: date | None) -> AllowanceTotals:
    rows = (await session.execute(repository.select_statements(principal, campaign_id, month=month))).all()
    by_school: dict[School, list[StatementOut]] = defaultdict(list)
    for row in rows:
        by_school[row[1]].append(show_statement(row))
    statements = [show_statement(row) for row in rows]
    return AllowanceTotals(
        people=await repository.count_people(session, [each.id for each in statements]),
        service_days=sum(each.service_days for each in statements),
        total_vnd=sum(each.total_vnd for each in statements),
        by_state=_by_state(statements),
        schools=[
            SchoolSum(
                school_code=school.code,
                school_name=school.name,
                people=await repository.count_people(session, [each.id for each in own]),
                service_days=sum(each.service_days for each in own),
                total_vnd=sum(each.total_vnd for each in own),
                by_state=_by_state(own),
            )
            for school, own in by_school.items()
        ],
    )


def _by_state(statements: Sequence[StatementOut]) -> dict[StatementState, int]:
    sums: Counter[StatementState] = Counter()
    for each in statements:
        sums[each.state] += each.total_vnd
    return dict(sums)
