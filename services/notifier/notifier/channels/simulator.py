"""A provider that is none: it takes every message, sends nothing to anybody, and fails as the recipient's address says.

Nothing leaves the process. What would come later (a receipt, a bounce) is read back from the message's row by the sweep
(`simulated.py`), which knows it by `provider_message_id`.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from commune_schemas.notices import Channel as ChannelName
from commune_service.logging import log_fault

from notifier.addresses import find_fault
from notifier.channels.answer import NOT_WRITTEN, Answer, Outcome, Outgoing
from notifier.school_mail import write_mail
from notifier.sms_text import write_sms

MAIL_DOMAIN = "@simulator.example.vn"
NUMBER_PREFIX = "+84959999"
"""095 is no network's any more: none of these numbers is anybody's."""
SLOW_SECONDS = 8.0


class Fate(StrEnum):
    """What becomes of a message to an address of the table below; every other address is reached."""

    REACHED = "reached"
    NO_SUCH_ADDRESS = "no_such_address"
    BUSY_ONCE = "busy_once"
    ALWAYS_BUSY = "always_busy"
    SLOW = "slow"
    LOST_REPLY = "lost_reply"
    COMES_BACK_LATER = "comes_back_later"
    CONTENT_REFUSED = "content_refused"
    PART_ARRIVES = "part_arrives"


NAMES: dict[str, Fate] = {
    "permanent-failure": Fate.NO_SUCH_ADDRESS,
    "temporary-failure": Fate.BUSY_ONCE,
    "always-busy": Fate.ALWAYS_BUSY,
    "slow": Fate.SLOW,
    "lost-reply": Fate.LOST_REPLY,
    "bounce-later": Fate.COMES_BACK_LATER,
    "content-refused": Fate.CONTENT_REFUSED,
}
"""Before @simulator.example.vn."""
NUMBERS: dict[str, Fate] = {
    "001": Fate.NO_SUCH_ADDRESS,
    "002": Fate.BUSY_ONCE,
    "003": Fate.ALWAYS_BUSY,
    "004": Fate.SLOW,
    "005": Fate.LOST_REPLY,
    "006": Fate.COMES_BACK_LATER,
    "007": Fate.PART_ARRIVES,
    "008": Fate.CONTENT_REFUSED,
}
"""After +84 95 9999."""
NOT_TAKEN: dict[Fate, Answer] = {
    Fate.NO_SUCH_ADDRESS: Answer(Outcome.PERMANENT, "recipient.bad_address", "550"),
    Fate.CONTENT_REFUSED: Answer(Outcome.PERMANENT, "content.refused", "554"),
    Fate.ALWAYS_BUSY: Answer(Outcome.TRANSIENT, "provider.busy", "451"),
    Fate.LOST_REPLY: Answer(Outcome.UNKNOWN, "provider.no_answer", "simulated"),
}


@dataclass(frozen=True)
class Simulated:
    """What `open_channel` is given for it."""

    channel: ChannelName
    connections: int = 1
    standby_seconds: float = 0

    @property
    def name(self) -> str:
        return f"simulator-{self.channel.value}"


def is_simulator(provider: str) -> bool:
    return provider.startswith("simulator-")


def find_fate(channel: ChannelName, address: str) -> Fate:
    if channel is ChannelName.EMAIL:
        name, _, domain = address.lower().rpartition("@")
        return NAMES.get(name, Fate.REACHED) if f"@{domain}" == MAIL_DOMAIN else Fate.REACHED
    rest = address.removeprefix(NUMBER_PREFIX)
    return NUMBERS.get(rest, Fate.REACHED) if rest != address else Fate.REACHED


class SimulatedChannel:
    """Answers as a real provider would, and hands nothing to anybody."""

    def __init__(self, channel: ChannelName) -> None:
        self.provider = Simulated(channel).name
        self._channel = channel

    async def send(self, message: Outgoing) -> Answer:
        fault = find_fault(self._channel, message.address)
        if fault is not None:
            return Answer(Outcome.PERMANENT, fault)
        try:
            self._write(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is this message's alone
            log_fault("message.not_written", error, reference=message.reference)
            return NOT_WRITTEN
        fate = find_fate(self._channel, message.address)
        if fate in NOT_TAKEN:
            return NOT_TAKEN[fate]
        if fate is Fate.BUSY_ONCE and message.attempt == 1:
            return NOT_TAKEN[Fate.ALWAYS_BUSY]
        if fate is Fate.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        return Answer(Outcome.SENT, provider_code="simulated", provider_message_id=fate.value)

    def _write(self, message: Outgoing) -> None:
        """The words are written as for a real provider, so that a fault in them shows here, too."""
        if self._channel is ChannelName.SMS:
            write_sms(message.notice)
        else:
            write_mail(message.notice, stamped_at=datetime.now(UTC), organizer_email=f"khong-tra-loi{MAIL_DOMAIN}")

    async def find(self, reference: str) -> bool | None:
        """A gateway whose reply was lost has the text; a mail relay cannot be asked."""
        del reference
        return True if self._channel is ChannelName.SMS else None

    async def close(self) -> None:
        """Nothing was opened."""
