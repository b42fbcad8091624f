"""What every channel answers, and what it is asked: the one contract between the sender and its providers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from commune_schemas.notices import AnyNotice

from notifier.words.blocks import MailBlocks, TextBlock


class Outcome(StrEnum):
    SENT = "sent"  # the provider said it took the message
    TRANSIENT = "transient"  # not taken; worth another try later
    PERMANENT = "permanent"  # not taken, and never will be
    UNKNOWN = "unknown"  # handed over, and the answer never came


@dataclass(frozen=True)
class Answer:
    """The provider's answer in our words; `reason` is a code of reasons.py, absent when sent."""

    outcome: Outcome
    reason: str | None = None
    provider_code: str | None = None
    provider_message_id: str | None = None
    retry_after_seconds: float | None = None
    provider_is_ill: bool = False
    """The provider itself fails (away, refusing everybody): counts towards leaving it alone for a while."""
    may_have_left: bool = False
    """Transient, and the provider may have taken it all the same: only this one knows the reference, and may be
    given it again."""


@dataclass(frozen=True)
class Outgoing:
    """One message as it is to be written. `reference` is what the provider shall know it by."""

    reference: str
    address: str
    notice: AnyNotice
    attempt: int = 1
    blocks: MailBlocks | TextBlock | None = None
    """The words that people wrote for it; None: the built-in ones."""
    unsubscribe_url: str = ""
    """Where such mails are declined; empty where they cannot be."""
    others: tuple[AnyNotice, ...] = ()
    """What else the same mail tells its reader."""
    blocks_of_others: tuple[MailBlocks | TextBlock | None, ...] = ()
    """The words that people wrote for each of the others."""
    text: str = ""
    """Of a text message, where it is written already."""


NOT_WRITTEN = Answer(Outcome.PERMANENT, "internal.error")
"""A fault of ours before anything was handed over: nothing left, and the next try would end alike."""


class Channel(Protocol):
    """A way to reach people. `send` never raises for what a provider does; it answers."""

    provider: str

    async def send(self, message: Outgoing) -> Answer: ...

    async def find(self, reference: str) -> bool | None:
        """Whether the provider has this message; None when it cannot be asked."""
        ...

    async def close(self) -> None: ...
