"""What Prometheus is told, all worked out from the rows: senders and API are different processes, the rows are one."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.limits import TIME_ZONE

BUCKETS_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
ALIVE_WITHIN_SECONDS = 10


class _Told:
    """A collector of families that are already worked out."""

    def __init__(self, *families: Metric) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


async def write_metrics(session: AsyncSession) -> bytes:
    """Prometheus' text format: counts of messages and attempts, time to provider, senders, the oldest waiting."""
    registry = CollectorRegistry()
    counts = [
        await _counted(session, "notifier_messages", "Messages", "status", "notifier.messages"),
        await _counted(
            session,
            "notifier_attempts",
            "Attempts at handing over",
            "outcome",
            "notifier.attempts join notifier.messages on messages.id = message_id",
        ),
    ]
    families = [*counts, await _used(session), await _time_to_provider(session), *await _senders(session)]
    registry.register(_Told(*families))
    return generate_latest(registry)


async def _counted(session: AsyncSession, name: str, words: str, label: str, tables: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, f"{words} by channel and {label}", labels=["channel", label])
    query = (
        f"select channel, coalesce({label}, 'running') as l, count(*) as n from {tables} group by 1, 2 order by 1, 2"  # noqa: S608 - constants
    )
    for row in await session.execute(text(query)):
        family.add_metric([row.channel, row.l], row.n)
    return family


async def _used(session: AsyncSession) -> GaugeMetricFamily:
    """What limits count, of this minute and day; recipients' own counters left out."""
    family = GaugeMetricFamily("notifier_handed_over", "Handed over in this minute or day", labels=["scope", "period"])
    rows = await session.execute(
        text(
            "select scope, period, used from notifier.counters"
            " where starts_at = date_trunc(period, now(), :zone) and scope not like '%/to/%' order by 1, 2"
        ),
        {"zone": TIME_ZONE},
    )
    for row in rows:
        family.add_metric([row.scope, row.period], row.used)
    return family


async def _time_to_provider(session: AsyncSession) -> HistogramMetricFamily:
    """From the message's row to the provider's taking it; what an officer had sent again is left out."""
    family = HistogramMetricFamily(
        "notifier_time_to_provider_seconds", "From the message's row to the provider's taking it", labels=["channel"]
    )
    rows = await session.execute(
        text(
            "select channel, width_bucket(w, :bounds) as bucket, count(*) as n, sum(w) as seconds from"
            " (select channel, extract(epoch from sent_at - created_at)::float8 as w from notifier.messages m"
            " where sent_at is not null and not is_sandbox"
            " and not exists (select 1 from notifier.resends r where r.message_id = m.id)) t"
            " group by 1, 2"
        ),
        {"bounds": list(BUCKETS_SECONDS)},
    )
    found: dict[str, dict[int, tuple[int, float]]] = {}
    for row in rows:
        found.setdefault(row.channel, {})[row.bucket] = (row.n, row.seconds)
    for channel, by_bucket in sorted(found.items()):
        running, buckets = 0, []
        for number, bound in enumerate([*map(str, BUCKETS_SECONDS), "+Inf"]):
            running += by_bucket.get(number, (0, 0.0))[0]
            buckets.append((bound, float(running)))
        family.add_metric([channel], buckets, sum_value=sum(seconds for _, seconds in by_bucket.values()))
    return family


async def _senders(session: AsyncSession) -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    row = (
        await session.execute(
            text(
                "select (select count(*) from notifier.workers where seen_at > now() - make_interval(secs => :alive))"
                " as senders, (select coalesce(extract(epoch from now() - min(next_attempt_at)), 0)"
                " from notifier.messages where status = 'pending' and next_attempt_at <= now()) as waiting"
            ),
            {"alive": ALIVE_WITHIN_SECONDS},
        )
    ).one()
    senders = GaugeMetricFamily("notifier_senders_alive", "Sending processes that said lately that they live")
    senders.add_metric([], row.senders)
    waiting = GaugeMetricFamily("notifier_oldest_due_seconds", "How long the longest waiting due message has been due")
    waiting.add_metric([], float(row.waiting))
    return senders, waiting
