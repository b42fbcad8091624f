"""Recording ticks: each once by its key, in whatever order and however late they come; what counts is settled anew."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.attendance import repository
from roster_api.attendance.models import AttendanceTick, Outcome, ServiceDay, Side
from roster_api.attendance.repository import DayKey
from roster_api.attendance.schemas import Tick, TickAnswer, TickAnswers, TickResult
from roster_api.attendance.settling import settle, silent_before
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.working_time import local_day
from roster_api.plans.scope import row_scope

SIDES: dict[Role, Side] = {
    Role.COMMUNE_OFFICER: Side.COMMUNE,
    Role.SCHOOL_COORDINATOR: Side.SCHOOL,
    Role.ADMIN: Side.PROVINCE,
}


@dataclass(frozen=True)
class Refusal:
    code: str
    vi: str
    en: str


NOT_PLANNED = Refusal(
    "attendance.not_planned",
    "Người này không có lịch phục vụ ngày đó ở nơi bạn phụ trách.",
    "This person has no day of service on that date where you are responsible.",
)
TOO_EARLY = Refusal(
    "attendance.too_early",
    "Ngày này chưa đến, chưa điểm danh được.",
    "That day has not come yet; it cannot be confirmed.",
)
OTHER_TICK = Refusal(
    "attendance.key_used",
    "Mã của lần điểm danh này đã dùng cho một lần khác.",
    "This tick's key was used for another tick.",
)
NO_STAND_IN = Refusal(
    "attendance.stand_in_unknown",
    "Không có người thay này trong danh sách của các trường trong tỉnh.",
    "Who came instead is on no list of the province's schools.",
)
ELSEWHERE = Refusal(
    "attendance.stand_in_elsewhere",
    "Người thay có lịch phục vụ ở xã khác vào ngày đó.",
    "Who came instead serves another commune on that day.",
)
COUNTED = Refusal(
    "attendance.stand_in_counted",
    "Người thay đã được tính vào ngày đó: có lịch của chính mình, hoặc đã thay người khác. Hãy sửa lần ghi kia trước.",
    "Who came instead counts on that day already: as themselves, or instead of somebody else. Mend that first.",
)


async def record_ticks(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, ticks: Sequence[Tick]
) -> TickAnswers:
    """One transaction; a tick that is refused keeps none of the others back. Ticks of closed campaigns are taken: they
    may come days late."""
    now = await ask_now(session)
    keys = {(tick.volunteer_id, tick.serves_on) for tick in ticks}
    days = await repository.lock_days(session, campaign_id=campaign.id, keys=keys, scope=row_scope(principal))
    sender = sender_of(principal, campaign)
    known = await repository.list_ticks_by_key(session, sender=sender, keys={tick.key for tick in ticks})
    barred = await _find_barred(session, campaign=campaign, ticks=ticks, days=days)
    answers: list[TickAnswer] = []
    for tick in ticks:
        day = days.get((tick.volunteer_id, tick.serves_on))
        before = known.get(tick.key)
        if before is not None:
            answers.append(_answer(tick, None if _is_same(before, tick) else OTHER_TICK, is_new=False))
            continue
        refusal = _refuse(tick, day, today=local_day(now)) or barred.get(tick.key)
        if refusal is None:
            known[tick.key] = _make(tick, campaign, principal, sender=sender, now=now)
            session.add(known[tick.key])
        answers.append(_answer(tick, refusal, is_new=True))
    await session.flush()
    await settle_days(session, campaign=campaign, days=days, now=now)
    counts = Counter(answer.result for answer in answers)
    return TickAnswers(items=answers, **{result.value: counts[result] for result in TickResult})


async def settle_days(
    session: AsyncSession, *, campaign: Campaign, days: dict[DayKey, ServiceDay], now: datetime
) -> None:
    """Of days that are locked."""
    newest = await repository.list_newest_ticks(session, campaign_id=campaign.id, keys=days)
    cutoff = silent_before(campaign, local_day(now))
    for key, day in days.items():
        settle(day, newest.get(key, {}), silent_before=cutoff, now=now)
    await session.flush()


def sender_of(principal: Principal, campaign: Campaign) -> str:
    """Whose keys must differ: of a commune, a school, a province's office, whichever account or key sends."""
    match SIDES[principal.role]:
        case Side.COMMUNE:
            return f"commune/{principal.commune_code}"
        case Side.SCHOOL:
            return f"school/{principal.school_id}"
        case Side.PROVINCE:
            return f"province/{campaign.province_code}"


def _refuse(tick: Tick, day: ServiceDay | None, *, today: date) -> Refusal | None:
    if day is None:
        return NOT_PLANNED
    return TOO_EARLY if tick.serves_on > today else None


async def _find_barred(
    session: AsyncSession, *, campaign: Campaign, ticks: Sequence[Tick], days: dict[DayKey, ServiceDay]
) -> dict[str, Refusal]:
    """By key, the ticks whose stand-in cannot have come."""
    barred: dict[str, Refusal] = {}
    replaced = [tick for tick in ticks if tick.replaced_by_volunteer_id and (tick.volunteer_id, tick.serves_on) in days]
    stand_ins = {tick.replaced_by_volunteer_id for tick in replaced if tick.replaced_by_volunteer_id}
    schools = await repository.list_school_ids(session, stand_ins)
    taken = await repository.list_days_of(
        session, {(tick.replaced_by_volunteer_id, tick.serves_on) for tick in replaced if tick.replaced_by_volunteer_id}
    )
    mended = {(tick.volunteer_id, tick.serves_on): tick.replaced_by_volunteer_id for tick in ticks}
    for tick in replaced:
        other: UUID = tick.replaced_by_volunteer_id  # type: ignore[assignment]  # the filter above
        commune = days[tick.volunteer_id, tick.serves_on].commune_code
        mine = [
            (planned, place)
            for planned, place in taken.get((other, tick.serves_on), [])
            if planned == other or mended.get((planned, tick.serves_on), other) == other
        ]
        if schools.get(other, (None, None))[1] != campaign.province_code:
            barred[tick.key] = NO_STAND_IN
        elif any(place != commune for _, place in mine):
            barred[tick.key] = ELSEWHERE
        elif any(planned != tick.volunteer_id for planned, _ in mine):
            barred[tick.key] = COUNTED
        else:
            taken.setdefault((other, tick.serves_on), []).append((tick.volunteer_id, commune))
    return barred


def _make(tick: Tick, campaign: Campaign, principal: Principal, *, sender: str, now: datetime) -> AttendanceTick:
    return AttendanceTick(
        campaign_id=campaign.id,
        volunteer_id=tick.volunteer_id,
        serves_on=tick.serves_on,
        side=SIDES[principal.role].value,
        outcome=tick.outcome.value,
        reason=tick.reason or None,
        replaced_by_volunteer_id=tick.replaced_by_volunteer_id,
        sender=sender,
        tick_key=tick.key,
        ticked_at=min(tick.ticked_at, now),
        ticked_by=principal.label,
    )


def _is_same(before: AttendanceTick, tick: Tick) -> bool:
    """Whether the tick that has this key says the same; its reason may have been taken away since, its time cut."""
    return (before.volunteer_id, before.serves_on, before.outcome, before.replaced_by_volunteer_id) == (
        tick.volunteer_id,
        tick.serves_on,
        Outcome(tick.outcome).value,
        tick.replaced_by_volunteer_id,
    )


def _answer(tick: Tick, refusal: Refusal | None, *, is_new: bool) -> TickAnswer:
    if refusal is not None:
        return TickAnswer(key=tick.key, result=TickResult.REFUSED, code=refusal.code, vi=refusal.vi, en=refusal.en)
    return TickAnswer(key=tick.key, result=TickResult.RECORDED if is_new else TickResult.ALREADY)
