"""Decisions about statements: made from confirmed days, checked by the school, approved and paid by Finance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.allowances import repository
from roster_api.allowances.computing import Line, Unrated, list_entitlements, list_unrated, make_lines, net, sum_lines
from roster_api.allowances.days import list_school_words, list_served, list_unpaid
from roster_api.allowances.models import OPEN, AllowanceStatement, StatementState
from roster_api.allowances.rates import list_rates
from roster_api.allowances.schemas import SchoolWord, UnpaidPerson
from roster_api.campaigns.models import Campaign
from roster_api.errors import ConflictError, NotFoundError, pointer_error
from roster_api.etags import check_version
from roster_api.plans.annex import ROLES
from roster_api.plans.repository import lock_campaign
from roster_api.plans.visibility import get_visible_campaign
from roster_api.provinces.models import Province

MOST_NAMED = 50
NEXT = {
    StatementState.CHECKED: (StatementState.COMPUTED, "checked"),
    StatementState.APPROVED: (StatementState.CHECKED, "approved"),
    StatementState.PAID: (StatementState.APPROVED, "paid"),
}
"""By state: from which it is reached, and how its columns begin."""
STATE_WORDS = {
    StatementState.COMPUTED: "đã tính",
    StatementState.CHECKED: "trường đã kiểm tra",
    StatementState.APPROVED: "đã phê duyệt",
    StatementState.PAID: "đã chi",
}


async def compute(session: AsyncSession, *, principal: Principal, campaign_id: UUID, month: date) -> list[UUID]:
    """Statements of every school for a month, anew where they are not approved; returns those that are open now.

    What changed since an approval becomes a further statement, of the difference. 409 while a confirmed day is unrated.
    """
    await get_visible_campaign(session, principal, campaign_id)
    campaign = await lock_campaign(session, campaign_id)
    due = await _owe(session, campaign, month)
    known: dict[UUID, list[AllowanceStatement]] = {}
    for statement in await repository.list_statements_of_month(session, campaign_id, month):
        known.setdefault(statement.school_id, []).append(statement)
    open_ids = []
    for school_id in sorted({*due.lines, *due.unpaid, *due.words, *known}):
        written = await _write(
            session,
            campaign_id,
            month,
            school_id,
            earlier=known.get(school_id, []),
            due=due,
            by=principal.label,
        )
        if written is not None:
            open_ids.append(written.id)
    return open_ids


@dataclass(frozen=True)
class Due:
    """By school: the lines due beside what is approved, who is paid nothing, and what only the school confirmed."""

    lines: dict[UUID, list[Line]]
    unpaid: dict[UUID, list[UnpaidPerson]]
    words: dict[UUID, list[SchoolWord]]


async def _owe(session: AsyncSession, campaign: Campaign, month: date) -> Due:
    rates = await list_rates(session, campaign.province_code)
    on_word = (await session.get_one(Province, campaign.province_code)).pays_on_school_word
    served = await list_served(session, campaign.id, month, on_school_word=on_word)
    unrated = list_unrated(served, rates)
    if unrated:
        raise _no_rate(unrated)
    held = net(await repository.list_held(session, campaign.id, month))
    return Due(
        lines=make_lines(list_entitlements(served, rates), held),
        unpaid=await list_unpaid(session, campaign.id, month, served),
        words=await list_school_words(session, campaign.id, month, is_paid=on_word),
    )


def _no_rate(unrated: Sequence[Unrated]) -> ConflictError:
    return ConflictError(
        "allowance.no_rate",
        vi="Có ngày công đã xác nhận mà chưa có mức chi cho ngày phục vụ. Hãy lập mức chi; 0 đ nếu không chi.",
        en="Confirmed days have no rate of kind service_day. Set one; 0 VND where none is due.",
        errors=[
            pointer_error(
                f"role:{role}/day:{day}",
                code="allowance.no_rate",
                vi=f"Chưa có mức chi ngày công cho {ROLES[role].lower()} ngày {day:%d/%m/%Y}.",
                en=f"No rate of a day of service for {role} on {day}.",
            )
            for role, day in unrated[:MOST_NAMED]
        ],
    )


async def _write(
    session: AsyncSession,
    campaign_id: UUID,
    month: date,
    school_id: UUID,
    *,
    earlier: Sequence[AllowanceStatement],
    due: Due,
    by: str,
) -> AllowanceStatement | None:
    """The open statement of a school as it is now; None where nothing is left to pay or to say."""
    lines, unpaid, words = due.lines.get(school_id, []), due.unpaid.get(school_id, []), due.words.get(school_id, [])
    statement = next((each for each in earlier if each.state in OPEN), None)
    is_correction = any(each.state not in OPEN for each in earlier)
    if not lines and (is_correction or not (unpaid or words)):
        if statement is not None:
            await repository.replace_lines(session, statement.id, [])
            await session.delete(statement)
            await session.flush()
        return None
    kept, said = [each.model_dump(mode="json") for each in unpaid], [each.model_dump(mode="json") for each in words]
    if statement is None:
        statement = AllowanceStatement(
            campaign_id=campaign_id, school_id=school_id, month=month, number=len(earlier) + 1,
            total_vnd=sum_lines(lines), unpaid=kept, school_word=said, computed_by=by,
        )  # fmt: skip
        session.add(statement)
        await session.flush()
        await repository.replace_lines(session, statement.id, lines)
    elif (statement.unpaid, statement.school_word, await repository.list_lines(session, statement.id)) != (
        kept, said, lines,
    ):  # fmt: skip
        await repository.replace_lines(session, statement.id, lines)
        now = await ask_now(session)
        statement.state, statement.total_vnd, statement.unpaid = StatementState.COMPUTED, sum_lines(lines), kept
        statement.school_word = said
        statement.computed_by, statement.computed_at = by, now
        statement.checked_by = statement.checked_at = None
        await session.flush()
    return statement


async def get_statement(session: AsyncSession, principal: Principal, statement_id: UUID) -> AllowanceStatement:
    """404 of another province's or another school's."""
    statement = await repository.find_statement(session, principal, statement_id)
    if statement is None:
        raise NotFoundError
    await get_visible_campaign(session, principal, statement.campaign_id)
    return statement


async def move(
    session: AsyncSession, *, principal: Principal, statement_id: UUID, to: StatementState, if_match: str
) -> AllowanceStatement:
    """computed -> checked -> approved -> paid, upon the version that was seen. The same again changes nothing.

    Approving looks once more: 409 `allowance.stale` when confirmed days or rates are not those it was computed from.
    """
    campaign_id = (await get_statement(session, principal, statement_id)).campaign_id
    campaign = await lock_campaign(session, campaign_id)
    statement = await repository.find_statement(session, principal, statement_id, lock=True)
    if statement is None:
        raise NotFoundError
    if statement.state == to:
        return statement
    before, columns = NEXT[to]
    if statement.state != before:
        raise ConflictError(
            "allowance.state",
            vi=f"Bảng kê đang ở trạng thái '{STATE_WORDS[StatementState(statement.state)]}', việc này cần trạng thái "
            f"'{STATE_WORDS[before]}'.",
            en=f"The statement is '{statement.state}'; this needs '{before}'.",
        )
    check_version(statement, if_match)
    if to is StatementState.APPROVED:
        await _refuse_stale(session, campaign, statement)
    now = await ask_now(session)
    statement.state = to
    setattr(statement, f"{columns}_by", principal.label)
    setattr(statement, f"{columns}_at", now)
    await session.flush()
    return statement


async def _refuse_stale(session: AsyncSession, campaign: Campaign, statement: AllowanceStatement) -> None:
    due = await _owe(session, campaign, statement.month)
    if due.lines.get(statement.school_id, []) != await repository.list_lines(session, statement.id):
        raise ConflictError(
            "allowance.stale",
            vi="Ngày công hoặc mức chi đã thay đổi từ khi tính. Hãy tính lại rồi trình trường kiểm tra.",
            en="Confirmed days or rates have changed since it was computed. Compute it anew, then have it checked.",
        )
