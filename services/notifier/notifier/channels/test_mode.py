"""Outside production nothing may reach a real person: two lists stand in front of every channel, and both must say yes.

The relay must be one that somebody named as test equipment, and the recipient one of nobody. A list of real people
loaded into a development machine, or a real relay's address left in its settings, reaches nobody: the message fails,
and says why.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import structlog

from notifier.channels.answer import Answer, Channel, Outcome, Outgoing
from notifier.providers import MailRelay, SmsGateway

log = structlog.get_logger(__name__)

HTTP_PORTS = {"http": 80, "https": 443}


def address_of(provider: MailRelay | SmsGateway) -> str:
    """'host:port', as the list of test equipment names it."""
    if isinstance(provider, MailRelay):
        return f"{provider.host}:{provider.port}"
    url = urlsplit(provider.url)
    return f"{url.hostname}:{url.port or HTTP_PORTS[url.scheme]}"


class GuardedChannel:
    """A channel behind both lists."""

    def __init__(self, channel: Channel, *, relay: str, test_relays: Sequence[str], recipients: Sequence[str]) -> None:
        self.provider = channel.provider
        self._channel = channel
        self._relay_is_listed = any(fnmatchcase(relay, pattern) for pattern in test_relays)
        self._recipients = tuple(recipients)

    async def send(self, message: Outgoing) -> Answer:
        if not self._relay_is_listed:
            log.warning("test_mode.relay_refused", provider=self.provider)
            return Answer(Outcome.PERMANENT, "test_mode.relay")
        if not any(fnmatchcase(message.address.lower(), pattern) for pattern in self._recipients):
            return Answer(Outcome.PERMANENT, "test_mode.recipient")
        return await self._channel.send(message)

    async def find(self, reference: str) -> bool | None:
        return await self._channel.find(reference) if self._relay_is_listed else None

    async def close(self) -> None:
        await self._channel.close()
