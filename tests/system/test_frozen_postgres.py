"""A Postgres that is frozen (SIGSTOP) is away like one that is down: 503 while it lasts, and on by themselves after."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import httpx
import notifier.app
import notifier.database
import notifier.settings
import pytest
import roster_api.database
from commune_schemas.jobs import MATCHING_QUEUE, SOLVE_MATCHING_RUN
from commune_stack.mail_sink import MailSink
from commune_stack.serving import served
from commune_stack.sms_gateway import SmsGateway
from commune_stack.valkey import as_user
from redis.asyncio import Redis
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.outbox import service as outbox
from roster_api.outbox.publisher import ArqPublisher
from roster_api.outbox.rounds import Relay
from roster_api.settings import Settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from tests.notifier.people import make_notice
from tests.notifier.world import ADMIN_KEY, notifier_world, worker_process
from tests.support.deadlines import until
from tests.support.own_servers import OwnServers, own_servers

pytestmark = pytest.mark.long

IMPATIENT_SECONDS = 1.0
AT_ONCE = 15
"""More than the pool holds, so that some wait for a connection and not for an answer."""


@pytest.fixture
async def servers() -> AsyncIterator[OwnServers]:
    async with own_servers() as running:
        yield running


def checked_out(engine: AsyncEngine) -> int:
    """How many connections are in somebody's hands."""
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


async def ask(client: httpx.AsyncClient, *paths: str) -> list[httpx.Response]:
    """AT_ONCE requests at once; an answer that does not come is an error here."""
    return await asyncio.gather(*(client.get(paths[number % len(paths)]) for number in range(AT_ONCE)))


async def are_well(client: httpx.AsyncClient, *paths: str) -> bool:
    """All at once are answered: on a busy machine not at the first try, for the service is impatient here."""
    return {answer.status_code for answer in await ask(client, *paths)} == {200}


def assert_told_to_come_again(answers: list[httpx.Response]) -> None:
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["detail_vi"]


async def test_roster_api_says_503_while_it_lasts_and_goes_on_after(servers: OwnServers) -> None:
    settings = Settings(
        database_url=await servers.migrated("roster"), database_timeout_seconds=IMPATIENT_SECONDS, database_pool=3
    )
    app = create_app(settings)
    async with app.state.sessions.begin() as session:
        _, key = await add_key(session, role=Role.ADMIN, label="Sở Nội vụ")
    paths = ("/v1/provinces", "/health", "/v1/campaigns")
    async with (
        served(app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers={"X-Api-Key": key}, timeout=60) as client,
    ):
        await until(lambda: are_well(client, "/v1/provinces"), seconds=60)
        with servers.frozen():
            assert_told_to_come_again(await ask(client, *paths))
            assert_told_to_come_again(await ask(client, *paths))  # with a pool that had to be made anew

        async def is_back() -> bool:
            return {answer.status_code for answer in await ask(client, "/v1/provinces", "/health")} == {200}

        await until(is_back)
    await app.state.engine.dispose()


async def test_the_notifiers_api_says_503_while_it_lasts_and_goes_on_after(servers: OwnServers) -> None:
    app = notifier.app.create_app(
        notifier.settings.Settings(
            notifier_database_url=await servers.migrated("notifier"),
            notifier_database_timeout_seconds=IMPATIENT_SECONDS,
            notifier_admin_key=ADMIN_KEY,
        )
    )
    async with (
        served(app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers={"X-Api-Key": ADMIN_KEY}, timeout=60) as client,
    ):
        await until(lambda: are_well(client, "/v1/messages"), seconds=60)
        with servers.frozen():
            assert_told_to_come_again(await ask(client, "/v1/messages", "/health"))

        async def is_back() -> bool:
            return {answer.status_code for answer in await ask(client, "/v1/messages", "/health")} == {200}

        await until(is_back)


@pytest.mark.parametrize("make_engine", [roster_api.database.create_engine, notifier.database.create_engine])
async def test_a_transaction_it_froze_in_is_given_up_with_its_connection_and_leaves_nothing(
    servers: OwnServers, make_engine: Callable[..., AsyncEngine]
) -> None:
    engine = make_engine(servers.url("postgres"), timeout_seconds=IMPATIENT_SECONDS)
    sessions = roster_api.database.create_sessions(engine)
    async with sessions.begin() as session:
        await session.execute(text("create table kept (number int)"))
    with servers.frozen():
        with pytest.raises(TimeoutError):
            async with sessions.begin() as session:
                await session.execute(text("insert into kept values (1)"))
        assert checked_out(engine) == 0
    async with sessions.begin() as session:
        assert await session.scalar(text("select count(*) from kept")) == 0
    await engine.dispose()


async def test_a_commit_it_froze_in_raises_instead_of_waiting(servers: OwnServers) -> None:
    engine = roster_api.database.create_engine(servers.url("postgres"), timeout_seconds=IMPATIENT_SECONDS)
    async with roster_api.database.create_sessions(engine)() as session:
        await session.execute(text("create table kept (number int)"))
        with servers.frozen(), pytest.raises(TimeoutError):
            await session.commit()
    assert checked_out(engine) == 0
    await engine.dispose()


async def test_what_commits_a_list_may_take_longer_than_the_rest(servers: OwnServers) -> None:
    engine = roster_api.database.create_engine(servers.url("postgres"), timeout_seconds=IMPATIENT_SECONDS)
    sessions = roster_api.database.create_sessions(engine)
    slow = text("select pg_sleep(2.5)")
    async with sessions.begin() as session, roster_api.database.patient(session, seconds=60):
        await session.execute(slow)
        assert await session.scalar(text("show statement_timeout")) == "54s"
    async with sessions() as session:  # the same connection, as impatient as before
        assert await session.scalar(text("show statement_timeout")) == "900ms"
        with pytest.raises((DBAPIError, TimeoutError)):
            await session.execute(slow)
    await engine.dispose()


async def test_the_relay_goes_on_by_itself(servers: OwnServers) -> None:
    url = await servers.migrated("roster")
    sessions = roster_api.database.create_sessions(
        roster_api.database.create_engine(url, timeout_seconds=IMPATIENT_SECONDS)
    )
    relay = Relay(
        sessions=sessions,
        publisher=ArqPublisher(as_user(servers.redis_url, "roster-relay")),
        database_dsn=servers.url("roster", scheme="postgresql"),
    )
    queue = Redis.from_url(servers.redis_url)
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    with servers.frozen():
        await until(lambda: relay.failures > 1)
    async with roster_api.database.create_sessions(roster_api.database.create_engine(url)).begin() as session:
        row_id = await outbox.append(session, topic=SOLVE_MATCHING_RUN, args={"run_id": "r"})

    async def is_enqueued() -> bool:
        return [name.decode() for name in await queue.zrange(MATCHING_QUEUE, 0, -1)] == [f"{row_id}:0"]

    await until(is_enqueued)
    stop.set()
    await running
    await queue.aclose()


async def test_the_notifier_goes_on_by_itself_and_tells_everyone_once(
    servers: OwnServers, smtp_sink: MailSink, sms_gateway: SmsGateway, tmp_path: Path
) -> None:
    url = await servers.migrated("notifier")
    log = tmp_path / "log"
    async with notifier_world(url, mail=smtp_sink, sms=sms_gateway) as world:
        async with worker_process(world, log=log, notifier_database_timeout_seconds=IMPATIENT_SECONDS) as process:

            def has_started() -> bool:
                return "worker.started" in log.read_text()

            def gave_up_waiting() -> bool:
                return log.read_text().count("sending.postgres_away") > 5

            await until(has_started)
            with servers.frozen():
                await until(gave_up_waiting)
            await world.prepare(*(make_notice(volunteer_id=uuid4()) for _ in range(3)))

            async def all_sent() -> bool:
                return set(await world.statuses()) == {"sent"}

            await until(all_sent)
            assert process.returncode is None
        assert (len(world.mail.messages), len(world.sms.texts)) == (3, 3)
