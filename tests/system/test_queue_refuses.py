"""A Valkey that answers and takes nothing: a replica after a failover, a memory that is full. Everybody goes on by
themselves afterwards, health says so meanwhile, and nothing is lost.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
import redis.asyncio
from commune_schemas.jobs import MATCHING_QUEUE, SOLVE_MATCHING_RUN
from commune_service.addresses import for_asyncpg, for_sqlalchemy
from commune_service.queue_health import QueueState, name_fault
from commune_stack.mail_sink import MailSink
from commune_stack.places import throwaway_directory
from commune_stack.sms_gateway import SmsGateway
from commune_stack.supervisor import supervised
from commune_stack.valkey import Valkey, as_user
from matching_worker.settings import Settings as MatchingSettings
from matching_worker.worker import is_alive
from redis.exceptions import BusyLoadingError, ResponseError
from roster_api.database import create_engine, create_sessions
from roster_api.outbox import service
from roster_api.outbox.publisher import ArqPublisher
from roster_api.outbox.rounds import Relay

from tests.matching_worker.fake_roster import SERVICE_KEY, FakeRoster
from tests.matching_worker.problems import make_problem
from tests.matching_worker.test_worker import worker_process as matching_worker_process
from tests.notifier.people import make_notice
from tests.notifier.test_worker_process import enqueue
from tests.notifier.world import notifier_world, worker_process
from tests.roster_api.test_relay import running
from tests.support.deadlines import until

pytestmark = pytest.mark.long

REFUSALS = pytest.mark.parametrize("state", [QueueState.READ_ONLY, QueueState.FULL])


class Refusing:
    """A Valkey of the test's own, told to refuse and to take again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.relays = as_user(url, "roster-relay")
        self.solvers = as_user(url, "matching-worker")
        self.client = redis.asyncio.Redis.from_url(url)

    async def refuse(self, state: QueueState) -> None:
        if state is QueueState.FULL:
            await self.client.config_set("maxmemory", 1)
        else:
            await self.client.execute_command("REPLICAOF", "127.0.0.1", "1")

    async def take_again(self) -> None:
        await self.client.config_set("maxmemory", 0)
        await self.client.execute_command("REPLICAOF", "NO", "ONE")


@pytest.fixture
async def valkey() -> AsyncIterator[Refusing]:
    with throwaway_directory() as place:
        server = Valkey(place.path / "valkey")
        server.prepare()
        async with supervised(place.path, [server.program()]):
            refusing = Refusing(server.url())
            yield refusing
            await refusing.client.aclose()


@REFUSALS
async def test_the_relay_says_that_the_queue_refuses_and_enqueues_when_it_takes_again(
    valkey: Refusing, roster_database_url: str, state: QueueState
) -> None:
    url = for_sqlalchemy(roster_database_url)
    engine = create_engine(url, pool_size=4)
    sessions = create_sessions(engine)

    async def heard() -> QueueState | None:
        async with sessions() as session:
            return await service.find_queue_state(session)

    async def append() -> str:
        async with sessions.begin() as session:
            return str(await service.append(session, topic=SOLVE_MATCHING_RUN, args={"run_id": "r"}))

    assert await heard() is None
    relay = Relay(sessions=sessions, publisher=ArqPublisher(valkey.relays), database_dsn=for_asyncpg(url))
    async with running(relay):
        await until(_is(heard, QueueState.OK))
        await valkey.refuse(state)
        await until(_is(heard, state))  # before any job waits
        waiting = await append()
        await until(_is(heard, state))
        assert not await valkey.client.exists(f"arq:job:{waiting}:0")
        await valkey.take_again()
        await until(lambda: valkey.client.exists(f"arq:job:{waiting}:0"))
        await until(_is(heard, QueueState.OK))
    await engine.dispose()


async def test_the_notifier_prepares_what_waited_and_sends_all_the_while(
    valkey: Refusing,
    notifier_database_url: str,
    smtp_sink: MailSink,
    sms_gateway: SmsGateway,
    tmp_path: Path,
) -> None:
    state = QueueState.READ_ONLY
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway, redis_url=valkey.url) as world:

        async def seen() -> str | None:
            rows = await world.rows("select queue_state from notifier.workers")
            return rows[0]["queue_state"] if rows else None

        async with worker_process(world, log=tmp_path / "log") as process:
            await until(_is(seen, QueueState.OK))
            queued = world.roster.publish(make_notice())
            await valkey.refuse(state)
            await until(_is(seen, state))
            await world.prepare(make_notice(plan_id=uuid4()))
            await until(lambda: len(smtp_sink.files) == len(sms_gateway.texts) == 1)
            connections = len(await valkey.client.client_list())
            await until(lambda: (tmp_path / "log").read_text().count("worker.redis_away") > 1)
            assert len(await valkey.client.client_list()) <= connections + 2, "each life let its connections go"
            await valkey.take_again()
            await until(_is(seen, QueueState.OK))
            await enqueue(world, queued)
            await until(lambda: len(smtp_sink.files) == len(sms_gateway.texts) == 2)
            assert process.returncode is None


async def test_the_matching_worker_takes_the_run_when_its_queue_takes_again(valkey: Refusing) -> None:
    async with FakeRoster().serving() as roster:
        settings = MatchingSettings.model_validate(
            {
                "redis_url": valkey.solvers,
                "roster_api_url": roster.url,
                "roster_solver_key": SERVICE_KEY,
            }
        )
        run = roster.add(make_problem())
        async with matching_worker_process(settings, "refused") as process:
            await until(lambda: is_alive(valkey.solvers, name="refused"))
            await valkey.refuse(QueueState.FULL)
            await until(_is(lambda: is_alive(valkey.solvers, name="refused"), False))  # it can leave no sign meanwhile
            await valkey.take_again()
            publisher = ArqPublisher(valkey.relays)
            arguments = {"run_id": str(run.problem.run_id)}
            await publisher.publish(topic=SOLVE_MATCHING_RUN, queue=MATCHING_QUEUE, args=arguments, job_id="again")
            await until(lambda: run.results)
            assert await is_alive(valkey.solvers, name="refused")
            await publisher.close()
            assert process.returncode is None


def test_what_the_server_says_is_put_in_one_word() -> None:
    assert name_fault(ResponseError("MISCONF errors writing to disk")) is QueueState.REFUSES
    assert name_fault(BusyLoadingError("LOADING")) is QueueState.AWAY
    assert name_fault(TimeoutError()) is QueueState.AWAY


def _is(ask: Callable[[], Awaitable[object]], wanted: object) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        return await ask() == wanted

    return is_so
