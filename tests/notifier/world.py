"""A notifier for tests: its database, real sinks, a small roster-api over HTTP, senders in this process or another."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.notices import AnyNotice, Channel, NoticePage, PersonNotice, SourceKind
from commune_schemas.reaching import FIELDS_HEADER, ContactCard, ContactCards, ContactQuestions
from commune_schemas.resending import ResendDone, ResendOrder
from commune_stack.mail_sink import MailSink
from commune_stack.serving import served
from commune_stack.sms_gateway import SmsGateway
from commune_stack.valkey import as_user
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from notifier.channels.answer import Channel as ProviderChannel
from notifier.channels.opening import open_channel
from notifier.channels.simulator import Simulated
from notifier.database import create_engine, create_sessions
from notifier.deliver import Sender
from notifier.prepare import prepare_notices
from notifier.providers import Provider
from notifier.roster_client import RosterClient
from notifier.settings import Settings
from notifier.sweep import say_alive, sweep
from sqlalchemy import text

from tests.notifier.people import CONTACTS

SERVICE_KEY = "service-key-of-the-notifier"
READER_KEY, ADMIN_KEY, OFFICE_KEY = "reader-key-reader-key", "admin-key-admin-key-1", "office-key-office-key"
QUICK: dict[str, Any] = {
    "notifier_poll_seconds": 0.05,
    "notifier_sweep_seconds": 0.2,
    "notifier_retry_seconds": 0.05,
    "notifier_dead_seconds": 2.5,
    "notifier_send_seconds": 4,
    "notifier_breaker_failures": 50,
}
"""Everything happens soon; what a test is about, it sets itself."""


class FakeRoster:
    """roster-api's internal routes, over real HTTP. `is_away`: it answers 503 when asked for contacts."""

    def __init__(self) -> None:
        self.plans: dict[UUID, list[AnyNotice]] = {}
        self.prepared: list[tuple[UUID, int]] = []
        self.port = 0
        self.app = FastAPI()
        self.is_away = False
        self.asked_for_contacts = 0
        self.known_fields: set[str] = set()
        """Of a contact card, as the notifier named them last."""
        self.app.get("/v1/internal/sources/plan/{plan_id}/notices", response_model=None)(self._list_notices)
        self.app.post("/v1/internal/contacts", response_model=None)(self._list_contacts)
        self.app.post("/v1/internal/outbox/{outbox_id}/done", response_model=None)(self._say_done)
        self.orders: dict[UUID, ResendOrder] = {}
        self.done_orders: list[ResendDone] = []
        self.app.get("/v1/internal/message-orders/{order_id}", response_model=None)(self._get_order)
        self.app.post("/v1/internal/message-orders/{order_id}/done", response_model=None)(self._end_order)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def publish(self, *notices: AnyNotice) -> UUID:
        """A plan that has these to be told. Gives its id."""
        plan_id = notices[0].source.id
        self.plans[plan_id] = list(notices)
        return plan_id

    async def _list_notices(
        self, request: Request, plan_id: UUID, limit: int, offset: int, unchanged: bool
    ) -> Response:
        if request.headers.get(API_KEY_HEADER) != SERVICE_KEY:
            return JSONResponse({"code": "access.key_missing"}, status_code=401)
        notices = [notice for notice in self.plans[plan_id] if notice.is_unchanged == unchanged]
        items = [
            notice.model_copy(update={"answer_url": ""}) if isinstance(notice, PersonNotice) else notice
            for notice in notices[offset : offset + limit]
        ]
        page = NoticePage(items=items, total=len(notices), limit=limit, offset=offset)
        return Response(page.model_dump_json(), media_type="application/json")

    async def _list_contacts(self, request: Request, questions: ContactQuestions) -> Response:
        if request.headers.get(API_KEY_HEADER) != SERVICE_KEY:
            return JSONResponse({"code": "access.key_missing"}, status_code=401)
        self.asked_for_contacts += 1
        self.known_fields = set(request.headers.get(FIELDS_HEADER, "").split(","))
        if self.is_away:
            return JSONResponse({"code": "service.unavailable"}, status_code=503)
        cards = [
            ContactCard(recipient=one.recipient, source=one.source, **asdict(CONTACTS[one.recipient.id]))
            for one in questions.items
            if one.recipient.id in CONTACTS
        ]
        return Response(ContactCards(items=cards).model_dump_json(), media_type="application/json")

    async def _get_order(self, order_id: UUID) -> Response:
        return Response(self.orders[order_id].model_dump_json(), media_type="application/json")

    async def _end_order(self, body: ResendDone) -> Response:
        self.done_orders.append(body)
        return Response(status_code=204)

    async def _say_done(self, outbox_id: UUID, body: dict[str, Any]) -> Response:
        self.prepared.append((outbox_id, body["messages"]))
        return Response(status_code=204)


class World:
    """What a test needs to prepare, send, and look at what became of it."""

    def __init__(self, settings: Settings, *, roster: FakeRoster, mail: MailSink, sms: SmsGateway) -> None:
        self.settings = settings
        self.roster = roster
        self.mail = mail
        self.sms = sms
        self.engine = create_engine(settings.notifier_database_url)
        self.sessions = create_sessions(self.engine)
        self.client = RosterClient(roster.url, key=SERVICE_KEY)
        self.channels: list[ProviderChannel] = []
        self.relays_redis_url = ""

    def with_settings(self, **changes: Any) -> Settings:
        return self.settings.model_copy(update=changes)

    async def prepare(self, *notices: AnyNotice) -> int:
        plan_id = self.roster.publish(*notices)
        return await prepare_notices(
            outbox_id=uuid4(), kind=SourceKind.PLAN, source_id=plan_id, roster=self.client, sessions=self.sessions
        )

    def open(self, name: str, **changes: Any) -> ProviderChannel:
        """A connection to the provider of this name."""
        settings = self.with_settings(**changes)
        channel = open_channel(find_provider(settings, name), settings)
        self.channels.append(channel)
        return channel

    def sender(self, channel: Channel, *, by: str | None = None, worker: str = "w1", **changes: Any) -> Sender:
        """`by`: the provider's name; left out: the usual one of the channel."""
        settings = self.with_settings(**changes)
        providers = settings.list_providers()
        name = by or ("smtp" if channel is Channel.EMAIL else "sms")
        group = providers.mail_relays if channel is Channel.EMAIL else providers.sms_gateways
        return Sender(
            channel_name=channel,
            channel=self.open(name, **changes),
            standby_seconds=find_provider(settings, name).standby_seconds,
            has_others=len(group) > 1,
            contacts=self.client.list_contacts,
            sessions=self.sessions,
            settings=settings,
            worker=worker,
        )

    async def send_all(self, **changes: Any) -> None:
        """Everything due now, by both channels."""
        for channel in Channel:
            sender = self.sender(channel, **changes)
            while await sender.send_due():
                pass

    async def sweep(self, **changes: Any) -> None:
        settings = self.with_settings(**changes)
        names = [gateway.name for gateway in settings.list_providers().sms_gateways]
        askers = [self.open(name, **changes) for name in (*names, Simulated(Channel.SMS).name)]
        await sweep(self.sessions, settings=settings, providers=askers)

    async def say_alive(self, worker: str) -> None:
        async with self.sessions.begin() as session:
            await say_alive(session, worker)

    async def rows(self, query: str = "select * from notifier.messages", **values: Any) -> list[dict[str, Any]]:
        async with self.sessions.begin() as session:
            return [dict(row) for row in (await session.execute(text(query), values)).mappings()]

    async def change(self, statement: str, **values: Any) -> None:
        async with self.sessions.begin() as session:
            await session.execute(text(statement), values)

    async def message(self, channel: Channel, *, version: int = 1) -> dict[str, Any]:
        """The only message of this channel and plan version."""
        query = "select * from notifier.messages where channel = :c and source_version = :v"
        (row,) = await self.rows(query, c=channel.value, v=version)
        return row

    async def statuses(self, channel: Channel | None = None) -> list[str]:
        rows = await self.rows("select channel, status from notifier.messages order by source_version, channel")
        return [row["status"] for row in rows if channel is None or row["channel"] == channel.value]

    async def close(self) -> None:
        for channel in self.channels:
            await channel.close()
        await self.client.close()
        await self.engine.dispose()


@contextlib.asynccontextmanager
async def notifier_world(
    database_url: str, *, mail: MailSink, sms: SmsGateway, redis_url: str = "redis://127.0.0.1:1/0"
) -> AsyncIterator[World]:
    roster = FakeRoster()
    async with served(roster.app) as roster.port:
        settings = Settings.model_validate(
            {
                **QUICK,
                "notifier_database_url": database_url,
                "redis_url": as_user(redis_url, "notifier"),
                "roster_api_url": roster.url,
                "roster_notifier_key": SERVICE_KEY,
                "notifier_test_relays": ("127.0.0.1:*",),
                "notifier_test_recipients": ("*",),
                "notifier_api_key": READER_KEY,
                "notifier_admin_key": ADMIN_KEY,
                "notifier_office_key": OFFICE_KEY,
                "smtp_port": mail.port,
                "sms_gateway_url": sms.url,
                "sms_gateway_key": sms.key,
                "sms_receipt_secret": sms.receipt_secret,
            }
        )
        world = World(settings, roster=roster, mail=mail, sms=sms)
        world.relays_redis_url = as_user(redis_url, "roster-relay")
        try:
            yield world
        finally:
            await world.close()


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as environment variables of a process of its own."""
    given: dict[str, str] = {}
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        given[name.upper()] = ",".join(plain) if isinstance(plain, tuple) else str(plain)
    return {**os.environ, **given}


@contextlib.asynccontextmanager
async def worker_process(
    world: World, command: str = "worker", /, *, log: Path, **changes: Any
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`notifier <command>` in a process of its own, its stderr in `log`; killed at the end if it still runs."""
    with log.open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"from notifier.main import main; main([{command!r}])",
            env=environment_of(world.with_settings(**changes)),
            stdout=stderr,
            stderr=stderr,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def find_provider(settings: Settings, name: str) -> Provider | Simulated:
    providers = settings.list_providers()
    simulated = [Simulated(channel) for channel in Channel]
    every: list[Provider | Simulated] = [*providers.mail_relays, *providers.sms_gateways, *simulated]
    return next(provider for provider in every if provider.name == name)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
