"""What a verdict is passed on: what arrived, what the client knows of its own, what is left of the processes."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.support.careful_client import History


@dataclass(frozen=True)
class News:
    """What one person is to be told by one plan version; `place`: the commune, or the one withdrawn."""

    kind: str
    place: str


@dataclass(frozen=True)
class Publication:
    """A plan version the client published: `told` has each person's news, by the plan's own rows.

    `draft_number`: when it was computed, which says nothing about what holds."""

    plan_id: str
    version: int
    told: dict[str, News]
    draft_number: int = 0
    campaign_id: str = ""


@dataclass(frozen=True)
class Person:
    email: str
    phone: str

    def address(self, channel: str) -> str:
        return self.email if channel == "email" else self.phone


@dataclass(frozen=True)
class Correction:
    """A message that had reached a wrong address, which was then put right, and was ordered again."""

    message_id: str
    reference: str
    """Of the try that reached `address`."""
    address: str
    """The wrong one."""


@dataclass(frozen=True)
class Arrival:
    """A message in a sink. `text`: a mail's words in plain text."""

    channel: str
    reference: str
    address: str
    text: str = ""


@dataclass(frozen=True)
class Evidence:
    """From the client: `history`, `published`, `people`, `corrections`, and at the end `read_back` and `runs`. From the
    sinks: `arrivals`. From the notifier: what it says of its `messages`. From the machine: the rest; `traces` are logs
    and Valkey's data."""

    history: History
    published: tuple[Publication, ...]
    people: dict[str, Person]
    corrections: tuple[Correction, ...]
    arrivals: tuple[Arrival, ...]
    """In order."""
    messages: tuple[dict[str, Any], ...]
    read_back: dict[str, dict[str, Any]]
    runs: tuple[dict[str, Any], ...]
    children_killed: int
    unknown_mails_allowed: int
    restarts: Counter[str]
    kills: Counter[str]
    unready: tuple[str, ...]
    traces: dict[str, str]
    personal: frozenset[str]
    """Every seeded name, e-mail address and telephone number."""
