"""How much may be sent: by minute, by day, by kind, to one recipient, for how much money. Counters, never COUNT(*).

A sender counts its batch before it hands anything over, and takes back what it then did not hand over. One that is
killed between leaves the counter a little high until its time is over: never too low. Days are Vietnam's, by the
database's clock. Where a tenth of a day's messages come back as undeliverable, what is not urgent waits for an officer.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from commune_schemas.notices import Channel, NoticeKind, Recipient
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.settings import Settings

log = structlog.get_logger(__name__)

NEAR = 0.8
"""From this share of a limit on people are warned."""
REFUSED_NEAR, REFUSED_TOO_MANY = 0.05, 0.10
REFUSED_FROM = 100
"""Of fewer messages a day nothing is concluded."""
LOOK_AGAIN_SECONDS = 900.0
TIME_ZONE = "Asia/Ho_Chi_Minh"
CLOCK = "now()"
"""What tells the time, as SQL; a test holds it still, lest a minute end in its middle."""


class Period(StrEnum):
    MINUTE = "minute"
    DAY = "day"


TESTS_AT_MOST = {Period.MINUTE: 3, Period.DAY: 30}
"""Test mails that one officer may have sent to themselves."""


@dataclass(frozen=True, order=True)
class Scope:
    """What is counted: 'sms', 'sms/segments', 'sms/kind/reserve', 'sms/to/volunteer/<id>', 'sms/refused',
    'email/test/<id>'."""

    name: str
    period: Period


@dataclass(frozen=True)
class Want:
    """One message that is about to be handed over. `segments`: of a text message, else 0."""

    channel: Channel
    kind: NoticeKind
    recipient: Recipient
    segments: int
    is_urgent: bool

    def count(self) -> dict[Scope, int]:
        """By how much it raises which counter."""
        channel = self.channel.value
        counted = {
            Scope(channel, Period.MINUTE): 1,
            Scope(channel, Period.DAY): 1,
            Scope(f"{channel}/kind/{self.kind.value}", Period.DAY): 1,
            Scope(f"{channel}/to/{self.recipient.kind.value}/{self.recipient.id}", Period.DAY): 1,
        }
        return counted | ({Scope(f"{channel}/segments", Period.DAY): self.segments} if self.segments else {})


@dataclass(frozen=True)
class Wait:
    """Why a message has to wait (a code of reasons.py), and for how long."""

    reason: str
    seconds: float


def find_limit(settings: Settings, scope: Scope) -> int | None:
    """The most that `scope` may be in its period; None: as many as there are."""
    channel, _, rest = scope.name.partition("/")
    part, _, kind = rest.partition("/")
    match part, scope.period:
        case "", Period.MINUTE:
            return {"email": settings.email_per_minute, "sms": settings.sms_per_minute}[channel] or None
        case "", Period.DAY:
            return {"email": settings.email_per_day, "sms": settings.sms_per_day}[channel] or None
        case "segments", _:
            return settings.sms_segments_per_day
        case "kind", _:
            return settings.notifier_kind_per_day.get(kind)
        case "to", _:
            return settings.notifier_recipient_per_day or None
        case _:
            return None


async def count_within(session: AsyncSession, settings: Settings, wanted: Sequence[Want]) -> list[Wait | None]:
    """None where the message may go now, and is counted; else why it waits. All of one channel, in the order given.

    The counters stay locked until the caller's commit, so that senders at once never pass a limit together.
    """
    if not wanted:
        return []
    channel = wanted[0].channel.value
    watched = [Scope(f"{channel}/{name}", Period.DAY) for name in ("refused", "released")]
    counts = [want.count() for want in wanted]
    used, ends_in = await _lock(session, {scope for count in counts for scope in count} | set(watched))
    before = dict(used)
    holds_bulk = is_refused_too_often(
        handed=used[Scope(channel, Period.DAY)], refused=used[watched[0]], is_released=used[watched[1]] > 0
    )
    waits: list[Wait | None] = []
    for want, count in zip(wanted, counts, strict=True):
        full = next((s for s, n in count.items() if _is_beyond(find_limit(settings, s), used[s] + n)), None)
        if holds_bulk and not want.is_urgent:
            waits.append(Wait("limits.too_many_refused", LOOK_AGAIN_SECONDS))
        elif full is not None:
            waits.append(Wait(_name_reason(full), ends_in[full.period]))
        else:
            waits.append(None)
            for scope, number in count.items():
                used[scope] += number
    await _add(session, {scope: used[scope] - before[scope] for scope in used if used[scope] > before[scope]})
    _warn(settings, before, used)
    return waits


async def take_back(session: AsyncSession, counted: Iterable[Want]) -> None:
    """These were counted, and not handed over after all."""
    total: Tally[Scope] = Tally()
    for want in counted:
        total.update(want.count())
    await session.execute(
        _by_clock(
            "update notifier.counters c set used = greatest(0, c.used - w.n)"
            " from unnest(cast(:scopes as text[]), cast(:periods as text[]), cast(:numbers as bigint[]))"
            " as w(scope, period, n)"
            " where c.scope = w.scope and c.period = w.period and c.starts_at = date_trunc(w.period, now(), :zone)"
        ),
        _columns(total),
    )


async def count_test(session: AsyncSession, actor_id: str) -> bool:
    """One more test mail of theirs, to be committed before it goes; False where they had enough: it is not counted."""
    scopes = {Scope(f"email/test/{actor_id}", period): most for period, most in TESTS_AT_MOST.items()}
    used, _ = await _lock(session, set(scopes))
    if any(used[scope] >= most for scope, most in scopes.items()):
        return False
    await _add(session, dict.fromkeys(scopes, 1))
    return True


async def note_refused(session: AsyncSession, channel: str) -> None:
    """One more message of today that came back: no such address."""
    await _add(session, {Scope(f"{channel}/refused", Period.DAY): 1})


async def release(session: AsyncSession, channel: str) -> None:
    """An officer looked at what came back: nothing of this channel is held for it until tomorrow."""
    await _add(session, {Scope(f"{channel}/released", Period.DAY): 1})


def is_refused_too_often(*, handed: int, refused: int, is_released: bool) -> bool:
    return not is_released and handed >= REFUSED_FROM and refused >= REFUSED_TOO_MANY * handed


def _is_beyond(limit: int | None, number: int) -> bool:
    return limit is not None and number > limit


def _name_reason(scope: Scope) -> str:
    part = scope.name.partition("/")[2].partition("/")[0]
    return {"": f"limits.{scope.period.value}", "segments": "limits.cost", "kind": "limits.kind"}.get(
        part, "limits.recipient"
    )


def _warn(settings: Settings, before: dict[Scope, int], after: dict[Scope, int]) -> None:
    """Once, when a counter comes near its limit. Who the recipient is stays out of the log."""
    for scope, number in after.items():
        limit = find_limit(settings, scope)
        if limit and "/to/" not in scope.name and before[scope] < NEAR * limit <= number:
            log.warning("limits.near", scope=scope.name, period=scope.period.value, used=number, limit=limit)


async def _lock(session: AsyncSession, scopes: set[Scope]) -> tuple[dict[Scope, int], dict[Period, float]]:
    """Each counter's value, its row locked (always in the same order); seconds until each period ends."""
    ordered = sorted(scopes)
    rows = await session.execute(
        _by_clock(
            "insert into notifier.counters as c (scope, period, starts_at, used)"
            " select w.scope, w.period, date_trunc(w.period, now(), :zone), 0"
            " from unnest(cast(:scopes as text[]), cast(:periods as text[])) as w(scope, period)"
            " order by w.scope, w.period"
            " on conflict (scope, period, starts_at) do update set used = c.used"
            " returning scope, period, used"
        ),
        {"zone": TIME_ZONE, "scopes": [s.name for s in ordered], "periods": [s.period.value for s in ordered]},
    )
    used = {Scope(row.scope, Period(row.period)): row.used for row in rows}
    ends = await session.execute(
        _by_clock(
            "select p,"
            " extract(epoch from date_trunc(p, now(), :zone) + ('1 ' || p)::interval - now())::float8 as seconds"
            " from unnest(cast(:periods as text[])) as p"
        ),
        {"zone": TIME_ZONE, "periods": [period.value for period in Period]},
    )
    return used, {Period(row.p): row.seconds for row in ends}


async def _add(session: AsyncSession, numbers: Mapping[Scope, int]) -> None:
    await session.execute(
        _by_clock(
            "insert into notifier.counters as c (scope, period, starts_at, used)"
            " select w.scope, w.period, date_trunc(w.period, now(), :zone), w.n"
            " from unnest(cast(:scopes as text[]), cast(:periods as text[]), cast(:numbers as bigint[]))"
            " as w(scope, period, n) order by w.scope, w.period"
            " on conflict (scope, period, starts_at) do update set used = c.used + excluded.used"
        ),
        _columns(numbers),
    )


def _by_clock(statement: str) -> TextClause:
    return text(statement.replace("now()", CLOCK))


def _columns(numbers: Mapping[Scope, int]) -> dict[str, Any]:
    ordered = sorted(numbers)
    return {
        "zone": TIME_ZONE,
        "scopes": [scope.name for scope in ordered],
        "periods": [scope.period.value for scope in ordered],
        "numbers": [numbers[scope] for scope in ordered],
    }
