"""The loops of a sending process: senders for both channels, the sweep, the sign of life. Redis may be away."""

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

from notifier.audit.chain import CHAIN
from notifier.channels.answer import Channel
from notifier.channels.opening import open_channel
from notifier.channels.simulator import Simulated
from notifier.database import AWAY, Sessions
from notifier.deliver import AskContacts, Sender
from notifier.providers import Provider
from notifier.settings import Settings
from notifier.sweep import say_alive, sweep

log = structlog.get_logger(__name__)

SIGNS_OF_LIFE = 5
"""A living sender says so this often before it would count as dead."""
LONGEST_PAUSE_SECONDS = 5.0


class Sending:
    """`run` sends until `stop`, then finishes what is in hand and returns."""

    def __init__(self, settings: Settings, sessions: Sessions, *, contacts: AskContacts) -> None:
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._settings = settings
        self._sessions = sessions
        self._contacts = contacts
        self._stopping = asyncio.Event()
        self._heard_since = math.inf
        """Since when Postgres hears our signs of life without a gap."""
        self._heard_at = -math.inf
        self.queue_state: str | None = None
        """Said with each sign of life."""
        providers = settings.list_providers()
        real: list[tuple[ChannelName, Sequence[Provider | Simulated]]] = [
            (ChannelName.EMAIL, providers.mail_relays),
            (ChannelName.SMS, providers.sms_gateways),
        ]
        simulators: list[tuple[ChannelName, Sequence[Provider | Simulated]]] = [
            (channel, (Simulated(channel),)) for channel in ChannelName
        ]
        both = simulators if settings.notifier_simulated else [*real, *simulators]
        self._askers = [open_channel(provider, settings) for _, group in both for provider in group]
        self._senders = [
            self._sender(name, provider, has_others=len(group) > 1)
            for name, group in both
            for provider in group
            for _ in range(provider.connections)
        ]
        self._channels: list[Channel] = [*self._askers, *(channel for _, channel in self._senders)]

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
        return sender, channel

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        alive = asyncio.create_task(
            self._every(self._settings.notifier_dead_seconds / SIGNS_OF_LIFE, self._say_alive, name="alive")
        )
        sweeping = asyncio.create_task(self._every(self._settings.notifier_sweep_seconds, self._sweep, name="sweep"))
        try:
            await asyncio.gather(*(self._send_for_ever(sender) for sender, _ in self._senders))
        finally:
            for task in (alive, sweeping):
                task.cancel()
            await asyncio.gather(alive, sweeping, return_exceptions=True)
            for channel in self._channels:
                await channel.close()

    async def _send_for_ever(self, sender: Sender) -> None:
        pause_seconds = self._settings.notifier_poll_seconds
        while not self._stopping.is_set():
            try:
                claimed = await sender.send_due()
            except AWAY as error:
                log.warning("sending.postgres_away", reason=type(error).__name__)
                pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
                claimed = 0
            except Exception as error:  # noqa: BLE001 - one bad row must not stop all sending, nor be told by name
                log_fault("sending.fault", error)
                pause_seconds, claimed = LONGEST_PAUSE_SECONDS, 0
            else:
                pause_seconds = self._settings.notifier_poll_seconds
            if claimed == 0:
                await self._pause(pause_seconds)

    async def _every(self, seconds: float, action: Callable[[], Awaitable[None]], *, name: str) -> None:
        while True:
            try:
                await action()
            except AWAY as error:
                log.warning("sending.postgres_away", loop=name, reason=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the loop must go on
                log_fault("sending.fault", error, loop=name)
            await asyncio.sleep(seconds)

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
