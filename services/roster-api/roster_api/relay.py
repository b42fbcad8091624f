"""Composition root of `roster-api relay`: settings in, rounds for ever, until SIGTERM or SIGINT."""

import asyncio
import signal
import time

from commune_service.addresses import for_asyncpg
from commune_service.sealing import use_sealer
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.advice.answering import end_overdue_advice
from roster_api.advice.vacancies import ask_for_vacancies
from roster_api.answers.due_reminders import remind_by_time
from roster_api.attendance.asking import ask_schools
from roster_api.audit.chain import seal_when_due
from roster_api.blockers.escalating import escalating
from roster_api.data_requests.due import remind_of_requests
from roster_api.database import create_engine, create_sessions
from roster_api.group_runs.leases import end_overdue_group_runs
from roster_api.matching_runs.expiry import end_overdue_runs
from roster_api.national.border import end_overdue_border_rounds
from roster_api.national.gathering import gather_national_runs
from roster_api.office_notices.service import send_digests
from roster_api.outbox.publisher import ArqPublisher, Publisher
from roster_api.outbox.rounds import Relay, Sweep
from roster_api.privacy.retention import purging
from roster_api.secondments.leases import end_overdue_secondment_runs
from roster_api.secondments.life import remind_of_endings
from roster_api.settings import Settings
from roster_api.timeline.steps import remind_of_steps

LOOK_SECONDS = 60.0
"""Of sweeps that read whole plans: they are hours early or late anyway."""


def now_and_then(sweep: Sweep, *, seconds: float = LOOK_SECONDS) -> Sweep:
    """The same, not in every round. Each relay has a clock of its own: the sweep is safe to run anywhere at once."""
    due_at = 0.0

    async def look(session: AsyncSession) -> object:
        nonlocal due_at
        if time.monotonic() < due_at:
            return 0
        done = await sweep(session)
        due_at = time.monotonic() + seconds
        return done

    return look


def run(settings: Settings, *, publisher: Publisher | None = None) -> None:
    """Relay until told to stop. Another publisher than arq's may be given, which is how the tests stop it half-way."""
    asyncio.run(_run(settings, publisher or ArqPublisher(settings.redis_url)))


async def _run(settings: Settings, publisher: Publisher) -> None:
    use_sealer(settings.make_sealer())
    engine = create_engine(settings.database_url, pool_size=2, timeout_seconds=settings.database_timeout_seconds)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    relay = Relay(
        sessions=create_sessions(engine),
        publisher=publisher,
        database_dsn=for_asyncpg(settings.database_url),
        sweeps=(
            end_overdue_runs,
            end_overdue_advice,
            ask_for_vacancies,
            ask_schools,
            escalating(settings),
            gather_national_runs,
            end_overdue_border_rounds,
            end_overdue_secondment_runs,
            end_overdue_group_runs,
            remind_of_endings,
            remind_of_steps,
            seal_when_due,
            remind_of_requests,
            now_and_then(remind_by_time),
            now_and_then(send_digests),
            purging(settings),
        ),
    )
    try:
        await relay.run(stop)
    finally:
        await engine.dispose()
