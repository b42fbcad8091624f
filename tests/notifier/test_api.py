"""The API: who may, what it answers, and that it keeps to its own description; the schema is what the models say."""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import requests
import schemathesis
from commune_schemas.notices import Channel, MessageStatus, NoticeKind
from commune_stack.serving import served
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from notifier.api.access import RULES, Need
from notifier.api.resending import RESENDS_A_DAY
from notifier.app import create_app
from notifier.database import SCHEMA, create_engine
from notifier.kinds import channels_of
from notifier.models import Message
from notifier.settings import Settings
from notifier.states import STEPS, TO_ANOTHER_ADDRESS, may_follow
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.notifier.people import make_notice
from tests.notifier.test_preparing import changed
from tests.notifier.world import ADMIN_KEY, READER_KEY, World, closed_port
from tests.support.owners import owning
from tests.support.schema_drift import list_drift
from tests.support.shared_routes import with_shared_routes

NOWHERE = "postgresql://nobody:x@127.0.0.1:1/none"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]


@contextlib.asynccontextmanager
async def asking(settings: Settings, *, key: str = "") -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(settings))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"X-Api-Key": key} if key else {}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://n", headers=headers) as client,
    ):
        yield client


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(world.settings, key=ADMIN_KEY) as client:
        yield client


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (status, code, status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    assert body["detail_vi"]
    return True


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    app = create_app(Settings(notifier_database_url=NOWHERE))
    routes = {
        (method, str(context.path))
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or set()) - {"HEAD"}
    }
    assert routes == set(RULES)


async def test_whoever_looks_whether_it_lives_may_ask_for_the_head_alone(world: World) -> None:
    async with asking(world.settings, key="") as client:
        answers = [await client.head(path) for path in ("/health", "/health/live")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 2


async def test_no_key_a_wrong_key_and_a_readers_key_are_refused_where_they_should_be(world: World) -> None:
    for (method, path), need in RULES.items():
        filled = path.replace("{message_id}", str(uuid4())).replace("{kind}", "placement_assigned")
        for key, is_known in (("", False), ("wrong", False), (READER_KEY, True)):
            async with asking(world.settings, key=key) as client:
                answer = await client.request(method, filled, json={"reason": "because"})
            if need in {Need.READ, Need.ADMIN} and not is_known:
                assert is_problem(answer, 401, "access.unauthenticated"), path
            elif need is Need.ADMIN:
                assert is_problem(answer, 403, "access.forbidden"), path
            elif need is Need.READ:
                assert answer.status_code not in {401, 403}, path


async def test_a_notifier_without_keys_lets_nobody_read(world: World) -> None:
    settings = world.with_settings(notifier_api_key=None, notifier_admin_key=None)
    for key in ("", "None"):
        async with asking(settings, key=key) as client:
            assert is_problem(await client.get("/v1/messages"), 401, "access.unauthenticated")


async def test_messages_are_paged_filtered_counted_and_never_show_an_address(
    world: World, admin: httpx.AsyncClient
) -> None:
    people = [make_notice() for _ in range(3)]
    await world.prepare(*people)
    pages = [(await admin.get("/v1/messages", params={"limit": 4, "offset": offset})).json() for offset in (0, 4, 8)]
    assert [(len(page["items"]), page["total"]) for page in pages] == [(4, 6), (2, 6), (0, 6)]
    assert len({item["id"] for page in pages for item in page["items"]}) == 6
    assert not any(word in str(pages) for word in ("nguyet@", "+84912345678", "Nguyễn Thị"))
    one = {"volunteer_id": people[0].recipient.id, "channel": "sms", "status": "pending"}
    assert (await admin.get("/v1/messages", params=one)).json()["total"] == 1
    summary = (await admin.get("/v1/messages/summary", params={"plan_id": str(people[0].source.id)})).json()
    assert summary["counts"] == {"email": {"pending": 3}, "sms": {"pending": 3}}
    assert is_problem(await admin.get("/v1/messages", params={"limit": 201}), 422, "request.invalid")
    assert is_problem(await admin.get("/v1/messages", params={"nonsense": 1}), 422, "request.unknown_parameter")


async def test_one_message_shows_every_try(world: World, admin: httpx.AsyncClient) -> None:
    await world.prepare(make_notice())
    await world.send_all()
    row = await world.message(Channel.EMAIL)
    shown = (await admin.get(f"/v1/messages/{row['id']}")).json()
    assert [(item["number"], item["outcome"], item["provider_code"]) for item in shown["attempt_list"]] == [
        (1, "sent", "250")
    ]
    assert is_problem(await admin.get(f"/v1/messages/{uuid4()}"), 404, "not_found")
    assert is_problem(await admin.get("/v1/messages/abc"), 422, "request.invalid")
    assert is_problem(await admin.get("/nowhere"), 404, "not_found")
    assert is_problem(await admin.delete("/v1/messages"), 405, "method.not_allowed")


async def unknown_email(world: World) -> UUID:
    await world.prepare(make_notice(phone=None))
    for status in ("claimed", "sending", "unknown"):
        await world.change("update notifier.messages set status = :s where channel = 'email'", s=status)
    message_id: UUID = (await world.message(Channel.EMAIL))["id"]
    return message_id


async def test_an_unknown_email_stays_so_until_it_is_sent_again_on_request_and_then_once(
    world: World, admin: httpx.AsyncClient
) -> None:
    message_id = await unknown_email(world)
    await world.sweep()
    await world.send_all()
    assert world.mail.messages == []
    path, options = f"/v1/messages/{message_id}/resend", {"headers": {"Idempotency-Key": "k1"}}
    body = {"reason": "the school says nothing came"}
    answers = await asyncio.gather(*(admin.post(path, json=body, **options) for _ in range(5)))  # type: ignore[arg-type]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    await world.send_all()
    assert len(world.mail.messages) == 1
    (kept,) = await world.rows("select * from notifier.resends")
    assert (kept["status_before"], kept["reason"]) == ("unknown", body["reason"])
    assert is_problem(await admin.post(path, json=body), 409, "message.contact_unchanged")


async def test_an_overtaken_message_cannot_be_sent_again(world: World, admin: httpx.AsyncClient) -> None:
    first = make_notice(email=None)
    await world.prepare(first)
    failed = (await world.message(Channel.EMAIL))["id"]
    await world.prepare(changed(first))
    answer = await admin.post(f"/v1/messages/{failed}/resend", json={"reason": "please"})
    assert is_problem(answer, 409, "message.not_resendable")


async def test_a_key_used_for_another_message_and_an_unstorable_reason_are_refused(
    world: World, admin: httpx.AsyncClient
) -> None:
    message_id = await unknown_email(world)
    headers = {"Idempotency-Key": "k2"}
    body = {"reason": "because"}
    assert (await admin.post(f"/v1/messages/{message_id}/resend", json=body, headers=headers)).status_code == 200
    other = (await world.message(Channel.SMS))["id"]
    answer = await admin.post(f"/v1/messages/{other}/resend", json=body, headers=headers)
    assert is_problem(answer, 422, "idempotency.reused")
    answer = await admin.post(f"/v1/messages/{other}/resend", json={"reason": "a\0b because"})
    assert is_problem(answer, 422, "request.invalid")


async def test_a_message_sent_again_too_often_within_a_day_needs_a_telephone(
    world: World, admin: httpx.AsyncClient
) -> None:
    message_id = await unknown_email(world)
    again = (
        "insert into notifier.resends (message_id, reason, status_before, answer)"
        " select :id, 'not there yet', 'unknown', '{}' from generate_series(1, :times)"
    )
    await world.change(again, id=message_id, times=RESENDS_A_DAY)
    answer = await admin.post(f"/v1/messages/{message_id}/resend", json={"reason": "once more"})
    assert is_problem(answer, 429, "message.resent_too_often")
    assert (await world.message(Channel.EMAIL))["status"] == "unknown"


async def test_without_postgres_it_says_503_and_when_to_come_back() -> None:
    settings = Settings.model_validate(
        {"notifier_database_url": f"postgresql://x:x@127.0.0.1:{closed_port()}/x", "notifier_api_key": READER_KEY}
    )
    async with asking(settings, key=READER_KEY) as client:
        for path in ("/health", "/v1/messages", "/metrics"):
            answer = await client.get(path)
            assert is_problem(answer, 503, "service.unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        assert (await client.get("/health/live")).status_code == 200


async def test_metrics_and_templates_can_be_read(world: World, admin: httpx.AsyncClient) -> None:
    await world.prepare(make_notice())
    assert 'notifier_messages{channel="sms",status="pending"} 1' in (await admin.get("/metrics")).text
    assert (await admin.get("/health")).json() == {"status": "ok", "queue": "not known"}
    listed = {(one["kind"], one["channel"]) for one in (await admin.get("/v1/templates")).json()}
    assert listed == {(kind.value, channel.value) for kind in NoticeKind for channel in channels_of(kind)}
    assert ("person_cannot_go", "sms") not in listed, "a school's contact is called, never texted"
    for kind in NoticeKind:
        shown = (await admin.get(f"/v1/templates/{kind}/preview")).json()
        assert shown["sms_segments"] <= 2


@pytest.fixture
def api_address(world: World) -> Iterator[str]:
    """The API in a thread of its own, for a client that does not await."""
    address: list[str] = []
    up, end = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with served(with_shared_routes(create_app(world.settings))) as port:
            address.append(f"http://127.0.0.1:{port}")
            up.set()
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert up.wait(20)
    yield address[0]
    loops[0].call_soon_threadsafe(end.set)
    thread.join(10)


def test_no_route_answers_outside_its_description(api_address: str) -> None:
    schema = schemathesis.openapi.from_dict(requests.get(f"{api_address}/openapi.json", timeout=30).json())
    session = requests.Session()
    session.headers["X-Api-Key"] = ADMIN_KEY
    failures: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @hypothesis_settings(
                max_examples=3,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(mode))
            def check(case: Case[Any]) -> None:
                case.call_and_validate(base_url=api_address, session=session, checks=CHECKS, timeout=30)

            try:
                check()
            except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001 - try every operation, then fail
                if "NoNegative" not in type(failure).__name__ and "Unsatisfiable" not in type(failure).__name__:
                    failures.append(f"{operation.label} ({mode}): {failure}"[:1500])
    assert not failures, "\n\n".join(failures)


async def test_the_migrated_schema_is_what_the_models_say(world: World) -> None:
    engine = create_engine(world.settings.notifier_database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(list_drift, schema=SCHEMA, metadata=Message.metadata) == []
    await engine.dispose()


async def test_the_database_allows_exactly_the_steps_of_the_status_machine(world: World) -> None:
    await world.prepare(make_notice(phone=None))
    refused: list[tuple[MessageStatus, MessageStatus]] = []
    refused_elsewhere: list[tuple[MessageStatus, MessageStatus]] = []
    elsewhere = ", address_digest = 'b', reference = reference || '.2'"
    async with owning(world.settings.notifier_database_url) as connection:
        await connection.execute(text("alter table notifier.messages disable trigger check_message_step"))
        for old, new in itertools.product(MessageStatus, MessageStatus):
            before = "update notifier.messages set status = :s, address_digest = 'a'"
            await connection.execute(text(before), {"s": old.value})
            for steps, changes in ((refused, ""), (refused_elsewhere, elsewhere)):
                savepoint = await connection.begin_nested()
                await connection.execute(text("alter table notifier.messages enable trigger check_message_step"))
                try:
                    step = f"update notifier.messages set status = :s{changes}"  # noqa: S608 - ours
                    await connection.execute(text(step), {"s": new.value})
                except DBAPIError:
                    steps.append((old, new))
                await savepoint.rollback()
        await connection.rollback()
    never = {(a, b) for a, b in itertools.product(MessageStatus, MessageStatus) if not may_follow(a, b)}
    assert (set(refused), set(refused_elsewhere)) == (never | TO_ANOTHER_ADDRESS, never)
    assert set(STEPS) == set(MessageStatus)
