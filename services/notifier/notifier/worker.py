"""The notifier's worker process: arq on queue "notices", and sending beside it. The only module here that knows arq.

Sending is driven by rows and goes on while Redis is away. arq's worker ends for good when Redis stays away; it is run
again. SIGTERM finishes what is in hand.
"""

import asyncio
import signal
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from arq.connections import RedisSettings
from arq.worker import Retry as TryAgain
from arq.worker import Worker, func
from commune_schemas.jobs import (
    FORGET_PERSON,
    NOTICES_QUEUE,
    PREPARE_NOTICES,
    RESEND_MESSAGES,
    deserialize_job,
    serialize_job,
)
from commune_schemas.notices import SourceKind
from commune_service.logging import log_fault
from commune_service.queue_health import QueueState, watch_queue
from commune_service.sealing import use_sealer
from commune_service.worker_life import QUEUE_READ_LIMIT, redis_patience, run_for_ever

from notifier.database import AWAY, Sessions, create_engine, create_sessions
from notifier.forget import forget_person
from notifier.ordered import carry_out_order
from notifier.prepare import prepare_notices
from notifier.roster_client import RosterAway, RosterClient
from notifier.sending import Sending, count_senders
from notifier.settings import Settings
from notifier.warming import write_once
from notifier.webhooks.sending import WebhookSending

log = structlog.get_logger(__name__)

JOB_TIMEOUT_SECONDS = 120
OTHER_CONNECTIONS = 4
"""To Postgres, beside one a sender: jobs, the sweep, signs of life, webhooks."""


def redis_settings(url: str) -> RedisSettings:
    return replace(RedisSettings.from_dsn(url), **redis_patience())


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

    async def forget(ctx: dict[str, Any], outbox_id: str, request_id: str) -> None:
        try:
            await forget_person(request_id=UUID(request_id), roster=roster, sessions=sessions)
        except (RosterAway, *AWAY) as away:
            log.warning("person.not_forgotten_yet", request_id=request_id, reason=type(away).__name__)
            raise TryAgain(defer=min(2 ** ctx["job_try"], 30)) from away
        except Exception as error:  # noqa: BLE001 - as above; the outbox row `outbox_id` stays open
            log_fault("person.fault", error, request_id=request_id, outbox_id=outbox_id)

    async def send_again(ctx: dict[str, Any], outbox_id: str, order_id: str) -> None:
        try:
            await carry_out_order(order_id=UUID(order_id), roster=roster, sessions=sessions)
        except (RosterAway, *AWAY) as away:
            log.warning("order.not_carried_out_yet", order_id=order_id, reason=type(away).__name__)
            raise TryAgain(defer=min(2 ** ctx["job_try"], 30)) from away
        except Exception as error:  # noqa: BLE001 - as above; the outbox row `outbox_id` stays open
            log_fault("order.fault", error, order_id=order_id, outbox_id=outbox_id)

    return _worker_of({PREPARE_NOTICES: run_job, FORGET_PERSON: forget, RESEND_MESSAGES: send_again}, settings)


def _worker_of(jobs: dict[str, Any], settings: Settings) -> Worker:
    """`jobs`: coroutine functions by name."""
    return Worker(
        functions=[
            func(job, name=name, keep_result=0, timeout=JOB_TIMEOUT_SECONDS, max_tries=10) for name, job in jobs.items()
        ],
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


async def work(settings: Settings) -> None:
    """Prepares and sends until SIGTERM or SIGINT."""
    use_sealer(settings.make_sealer())
    write_once(settings)
    engine = create_engine(
        settings.notifier_database_url,
        pool_size=max(settings.notifier_database_pool, count_senders(settings) + OTHER_CONNECTIONS),
        checks_connections=False,
        timeout_seconds=settings.notifier_database_timeout_seconds,
    )
    sessions = create_sessions(engine)
    roster = RosterClient(settings.roster_api_url, key=settings.roster_notifier_key.get_secret_value())
    sending = Sending(settings, sessions, contacts=roster.list_contacts)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, sending.stop)
    log.info("worker.started", worker=sending.worker)

    def note_queue(state: QueueState) -> None:
        sending.queue_state = state.value

    beside = [
        asyncio.create_task(run_for_ever(lambda: make_worker(settings, roster, sessions), finishes_jobs=False)),
        asyncio.create_task(watch_queue(settings.redis_url, note_queue)),
        asyncio.create_task(WebhookSending(settings, sessions).run()),
    ]
    try:
        await sending.run()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await roster.close()
        await engine.dispose()
    log.info("worker.stopped", worker=sending.worker)
