"""Leaving a failing provider alone for a while. One row a provider in Postgres, so all notifiers agree.

After so many failures in a row it is open; when the time is up one sender at a time may try one message; a success
closes it, a failure opens it for twice as long (at most ten minutes).
"""

from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LONGEST_OPEN_SECONDS = 600
PROBE_SECONDS = 30


class Admission(StrEnum):
    FREE = "free"
    WATCHED = "watched"  # as free; but it failed lately, and a success is to be noted
    PROBE = "probe"  # a single message, to see whether the provider is back
    NONE = "none"


async def admit(session: AsyncSession, provider: str) -> Admission:
    """How much may be handed to this provider now. Taking the probe is written in this transaction."""
    row = (
        await session.execute(
            text(
                "select open_until is null as closed, open_until > now() as open, failures"
                " from notifier.breakers where provider = :p"
            ),
            {"p": provider},
        )
    ).one_or_none()
    if row is None or row.closed:
        return Admission.WATCHED if row is not None and row.failures > 0 else Admission.FREE
    if row.open:
        return Admission.NONE
    taken = await session.execute(
        text(
            "update notifier.breakers set probe_until = now() + make_interval(secs => :probe)"
            " where provider = :p and open_until <= now() and (probe_until is null or probe_until < now())"
            " returning provider"
        ),
        {"p": provider, "probe": PROBE_SECONDS},
    )
    return Admission.PROBE if taken.one_or_none() else Admission.NONE


async def leave_probe(session: AsyncSession, provider: str) -> None:
    """The message meant as a probe was not sent after all: another may be tried at once."""
    await session.execute(text("update notifier.breakers set probe_until = null where provider = :p"), {"p": provider})


async def note_success(session: AsyncSession, provider: str) -> None:
    await session.execute(
        text(
            "update notifier.breakers set failures = 0, open_until = null, probe_until = null, changed_at = now()"
            " where provider = :p and failures > 0"
        ),
        {"p": provider},
    )


async def note_failure(
    session: AsyncSession, provider: str, *, is_probe: bool, error: str, threshold: int, first_open_seconds: float
) -> None:
    """One more failure in a row; at the threshold, and at every failed probe, the breaker opens.

    Once it is open only a probe counts: what other senders had in hand by then fails by the same outage, and would
    double the time for each of them.
    """
    await session.execute(
        text(
            "insert into notifier.breakers as b (provider, failures, last_error, open_until) values (:p, 1, :e,"
            " case when :n = 1 then now() + make_interval(secs => :first) end)"
            " on conflict (provider) do update set failures = b.failures + 1, last_error = :e, changed_at = now(),"
            " probe_until = null, open_until = case when b.failures + 1 >= :n then"
            " now() + make_interval(secs => least(:longest, :first * power(2, least(b.failures + 1 - :n, 12))))"
            " else b.open_until end where b.open_until is null or :probe"
        ),
        {
            "p": provider,
            "probe": is_probe,
            "e": error[:200],
            "n": threshold,
            "first": first_open_seconds,
            "longest": LONGEST_OPEN_SECONDS,
        },
    )
