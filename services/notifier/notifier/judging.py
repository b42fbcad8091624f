"""What a sender knows of the batch in its hands, and what it makes of each message: its words, its address, whether it
goes.
"""

from uuid import UUID

from commune_schemas.notices import AnyNotice
from commune_schemas.notices import Channel as ChannelName
from commune_service.logging import log_fault

from notifier import limits
from notifier.addresses import address_of
from notifier.gsm7 import count_segments
from notifier.history import Earlier, word_by_history
from notifier.kinds import is_urgent
from notifier.outbound import Claimed
from notifier.refusals import Judged, as_things_are_now, find_refusal
from notifier.roster_client import Contacts
from notifier.sms_text import write_sms
from notifier.wording import find_missing_fields
from notifier.words.store import Chosen, Templates


class Judge:
    """Of one sender. Each message is judged once a batch: nothing that is known of it changes meanwhile."""

    def __init__(self, channel: ChannelName) -> None:
        self._channel = channel
        self.earlier: dict[UUID, list[Earlier]] = {}
        self.templates = Templates()
        self._contacts: Contacts = {}
        self._suppressed: dict[tuple[str, str], set[str | None]] = {}
        self._judged: dict[UUID, Judged] = {}

    def learn(self, contacts: Contacts, suppressed: dict[tuple[str, str], set[str | None]]) -> None:
        """How the batch's recipients are reached now; what was judged before holds no more."""
        self._contacts, self._suppressed = contacts, suppressed
        self._judged = {}

    def judge(self, message: Claimed) -> Judged:
        found = self._judged.get(message.id)
        if found is None or found.message is not message:
            found = self._judged[message.id] = self._judge(message)
        return found

    def want(self, message: Claimed) -> limits.Want:
        judged = self.judge(message)
        notice = judged.notice or message.notice
        return limits.Want(
            channel=self._channel,
            kind=notice.kind,
            recipient=notice.recipient,
            segments=count_segments(judged.text) if judged.text else 0,
            is_urgent=is_urgent(message.notice.kind),
        )

    def _judge(self, message: Claimed) -> Judged:
        recipient = message.notice.recipient
        card = self._contacts.get((recipient, message.notice.source))
        address = address_of(card, self._channel)
        notice = self._word(message)
        kept_from = self._suppressed.get((recipient.kind.value, recipient.id), set())
        refusal = find_refusal(notice, address, card=card, suppressed=kept_from)
        told = notice or message.notice
        words = self.templates.choose(told, self._channel)
        return Judged(message, notice, card, address or "", refusal, words, self._write(told, words))

    def _write(self, notice: AnyNotice, words: Chosen) -> str:
        """The text message; empty of what is none, or cannot be written."""
        if self._channel is not ChannelName.SMS or find_missing_fields(notice):
            return ""
        try:
            return write_sms(notice, blocks=words.blocks)
        except Exception as error:  # noqa: BLE001 - it fails by itself when its channel tries again; all others go
            log_fault("message.not_counted", error, kind=notice.kind.value)
            return ""

    def _word(self, message: Claimed) -> AnyNotice | None:
        """As it is sent now; None: there is nothing to tell."""
        notice = word_by_history(message.notice, self.earlier.get(message.id, ()), channel=self._channel)
        if notice is None:
            return None
        return as_things_are_now(notice, self._contacts.get((notice.recipient, notice.source)))
