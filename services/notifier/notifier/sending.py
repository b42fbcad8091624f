"""The loops of a sending process: senders for both channels, a look for what is due, the sweep, the sign of life.

Redis may be away: rows are looked for, by one question for all senders.
"""

import asyncio
import math
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

import structlog
from commune_schemas.notices import Channel as ChannelName
from commune_service.logging import log_fault

from notifier import outbound
from notifier.audit.chain import CHAIN
from notifier.begun_ahead import MOST_AHEAD, Pace, may_be_begun_ahead
from notifier.channels.answer import Channel
from notifier.channels.opening import open_channel
from notifier.channels.simulator import Simulated
from notifier.database import AWAY, Sessions, one_statement
from notifier.deliver import Sender
from notifier.providers import Provider
from notifier.roster_client import AskContacts
from notifier.settings import Settings
from notifier.sweep import say_alive, sweep

log = structlog.get_logger(__name__)

SIGNS_OF_LIFE = 5
"""A living sender says so this often before it would count as dead."""
LONGEST_PAUSE_SECONDS = 5.0


def list_providers(settings: Settings) -> list[tuple[ChannelName, Sequence[Provider | Simulated]]]:
    """By channel, all that this process sends by."""
    providers = settings.list_providers()
    simulators: list[tuple[ChannelName, Sequence[Provider | Simulated]]] = [
        (channel, (Simulated(channel),)) for channel in ChannelName
    ]
    if settings.notifier_simulated:
        return simulators
    return [(ChannelName.EMAIL, providers.mail_relays), (ChannelName.SMS, providers.sms_gateways), *simulators]


def count_senders(settings: Settings) -> int:
    """Each holds a connection to Postgres while it has messages in hand."""
    return sum(provider.connections for _, group in list_providers(settings) for provider in group)


class Sending:
    """`run` sends until `stop`, then finishes what is in hand and returns."""

    def __init__(self, settings: Settings, sessions: Sessions, *, contacts: AskContacts) -> None:
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._settings = settings
        self._sessions = sessions
        self._contacts = contacts
        self._stopping = asyncio.Event()
        self._due = {channel: asyncio.Event() for channel in ChannelName}
        """Set by each look that finds something of it due."""
        self._heard_since = math.inf
        """Since when Postgres hears our signs of life without a gap."""
        self._heard_at = -math.inf
        self.queue_state: str | None = None
        """Said with each sign of life."""
        both = list_providers(settings)
        self._askers = [open_channel(provider, settings) for _, group in both for provider in group]
        self._senders = [
            (name, *self._sender(name, provider, has_others=len(group) > 1))
            for name, group in both
            for provider in group
            for _ in range(provider.connections)
        ]
        self._channels: list[Channel] = [*self._askers, *(channel for _, _, channel in self._senders)]

    def _sender(self, name: ChannelName, provider: Provider | Simulated, *, has_others: bool) -> tuple[Sender, Channel]:
        channel = open_channel(provider, self._settings)
        sender = Sender(
            channel_name=name,
            channel=channel,
            standby_seconds=provider.standby_seconds,
            has_others=has_others,
            contacts=self._contacts,
            sessions=self._sessions,
            settings=self._settings,
            worker=self.worker,
        )
        sender.stopping = self._stopping
        sender.pace = Pace(most=MOST_AHEAD if may_be_begun_ahead(provider) else 1)
        return sender, channel

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        alive = asyncio.create_task(
            self._every(self._settings.notifier_dead_seconds / SIGNS_OF_LIFE, self._say_alive, name="alive")
        )
        looking = asyncio.create_task(self._every(self._settings.notifier_poll_seconds, self._look, name="look"))
        sweeping = asyncio.create_task(self._every(self._settings.notifier_sweep_seconds, self._sweep, name="sweep"))
        try:
            await asyncio.gather(*(self._send_for_ever(name, sender) for name, sender, _ in self._senders))
        finally:
            beside = (alive, looking, sweeping)
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            for channel in self._channels:
                await channel.close()

    async def _send_for_ever(self, channel: ChannelName, sender: Sender) -> None:
        pause_seconds = self._settings.notifier_poll_seconds
        while not self._stopping.is_set():
            try:
                claimed = await sender.send_due()
            except AWAY as error:
                log.warning("sending.postgres_away", reason=type(error).__name__)
                pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
                await self._pause(pause_seconds)
            except Exception as error:  # noqa: BLE001 - one bad row must not stop all sending, nor be told by name
                log_fault("sending.fault", error)
                await self._pause(LONGEST_PAUSE_SECONDS)
            else:
                pause_seconds = self._settings.notifier_poll_seconds
                if claimed == 0:
                    await self._wait_for_due(channel)

    async def _every(self, seconds: float, action: Callable[[], Awaitable[None]], *, name: str) -> None:
        while True:
            try:
                await action()
            except AWAY as error:
                log.warning("sending.postgres_away", loop=name, reason=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the loop must go on
                log_fault("sending.fault", error, loop=name)
            await asyncio.sleep(seconds)

    async def _look(self) -> None:
        async with one_statement(self._sessions) as session:
            for channel in await outbound.list_due_channels(session):
                self._due[channel].set()

    async def _wait_for_due(self, channel: ChannelName) -> None:
        """Until the next look finds something, or for a while: what waits for the night's end, say, is asked for."""
        due = self._due[channel]
        due.clear()
        waiting = [asyncio.ensure_future(event.wait()) for event in (due, self._stopping)]
        try:
            await asyncio.wait(waiting, timeout=LONGEST_PAUSE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _say_alive(self) -> None:
        async with self._sessions.begin() as session:
            await say_alive(session, self.worker, queue_state=self.queue_state)
        now = time.monotonic()
        if now - self._heard_at > self._settings.notifier_dead_seconds / 2:
            self._heard_since = now
        self._heard_at = now

    async def _sweep(self) -> None:
        """Not before all who live had the time to say so: after Postgres was away everybody looks dead."""
        if time.monotonic() - self._heard_since >= self._settings.notifier_dead_seconds:
            await sweep(self._sessions, settings=self._settings, providers=self._askers)
        async with self._sessions.begin() as session:
            await CHAIN.seal_when_due(session)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
