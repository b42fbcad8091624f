"""The notifier's worker process: arq on queue "notices", and sending beside it. The only module here that knows arq.

Sending is driven by rows and goes on while Redis is away. arq's worker ends for good when Redis stays away; it is run
again. SIGTERM finishes what is in hand.
"""

import asyncio
import signal
from typing import Any
from uuid import UUID

import structlog
from arq.connections import RedisSettings
from arq.worker import Retry as TryAgain
from arq.worker import Worker, func
from commune_schemas.jobs import NOTICES_QUEUE, PREPARE_NOTICES, deserialize_job, serialize_job
from commune_schemas.notices import SourceKind
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from notifier.database import AWAY, Sessions, create_engine, create_sessions
from notifier.logging import log_fault
from notifier.prepare import prepare_notices
from notifier.roster_client import RosterAway, RosterClient
from notifier.sending import Sending
from notifier.settings import Settings

log = structlog.get_logger(__name__)

JOB_TIMEOUT_SECONDS = 120
QUEUE_READ_LIMIT = 1000
"""Jobs of killed workers stay at the queue's head until they expire; a fresh worker must see past them."""
RETRIES = 8
PAUSE_SECONDS = 1.0
CLOSE_SECONDS = 10


def redis_settings(url: str) -> RedisSettings:
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout = 5
    settings.retry = Retry(ExponentialBackoff(cap=2.0, base=0.05), RETRIES)
    settings.retry_on_error = [RedisConnectionError, RedisTimeoutError, ConnectionError, TimeoutError, OSError]
    settings.retry_on_timeout = True
    return settings


def make_worker(settings: Settings, roster: RosterClient, sessions: Sessions) -> Worker:
    async def run_job(
        ctx: dict[str, Any], outbox_id: str, source_kind: str = "plan", source_id: str = "", plan_id: str = ""
    ) -> None:
        """`plan_id`: what a job of before sources had kinds names."""
        source_id = source_id or plan_id
        try:
            await prepare_notices(
                outbox_id=UUID(outbox_id),
                kind=SourceKind(source_kind),
                source_id=UUID(source_id),
                roster=roster,
                sessions=sessions,
            )
        except (RosterAway, *AWAY) as away:
            log.warning("notices.not_prepared", source_id=source_id, reason=type(away).__name__)
            raise TryAgain(defer=min(2 ** ctx["job_try"], 30)) from away
        except Exception as error:  # noqa: BLE001 - arq would log its words, which may name people
            # The outbox row stays open: the job comes again, and ends visibly when it never succeeds.
            log_fault("notices.fault", error, source_id=source_id)

    return Worker(
        functions=[func(run_job, name=PREPARE_NOTICES, keep_result=0, timeout=JOB_TIMEOUT_SECONDS, max_tries=10)],
        queue_name=NOTICES_QUEUE,
        redis_settings=redis_settings(settings.redis_url),
        handle_signals=False,
        max_jobs=4,
        poll_delay=0.2,
        queue_read_limit=QUEUE_READ_LIMIT,
        keep_result=0,
        health_check_interval=30,
        job_serializer=serialize_job,
        job_deserializer=deserialize_job,
    )


async def prepare_for_ever(settings: Settings, roster: RosterClient, sessions: Sessions) -> None:
    """arq's worker, run again whenever Redis ended it."""
    while True:
        await _prepare_once(settings, roster, sessions)
        await asyncio.sleep(PAUSE_SECONDS)


async def _prepare_once(settings: Settings, roster: RosterClient, sessions: Sessions) -> None:
    worker = make_worker(settings, roster, sessions)
    try:
        await worker.async_run()
    except Exception as error:  # noqa: BLE001 - whatever Redis did, the worker comes back
        log.warning("worker.redis_away", reason=type(error).__name__)
    finally:
        try:
            await asyncio.wait_for(worker.close(), CLOSE_SECONDS)
        except Exception as error:  # noqa: BLE001 - nothing more to do about a connection that will not close
            log.info("worker.close_failed", reason=type(error).__name__)


async def work(settings: Settings) -> None:
    """Prepares and sends until SIGTERM or SIGINT."""
    engine = create_engine(
        settings.notifier_database_url,
        pool_size=settings.notifier_database_pool,
        checks_connections=False,
        timeout_seconds=settings.notifier_database_timeout_seconds,
    )
    sessions = create_sessions(engine)
    roster = RosterClient(settings.roster_api_url, key=settings.roster_notifier_key.get_secret_value())
    sending = Sending(settings, sessions, contacts=roster.list_contacts)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, sending.stop)
    log.info("worker.started", worker=sending.worker)
    preparing = asyncio.create_task(prepare_for_ever(settings, roster, sessions))
    try:
        await sending.run()
    finally:
        preparing.cancel()
        await asyncio.gather(preparing, return_exceptions=True)
        await roster.close()
        await engine.dispose()
    log.info("worker.stopped", worker=sending.worker)
