"""What is decided of a message just before it is handed over: how it is worded by now, and whether it goes at all."""

from dataclasses import dataclass
from typing import Any

from commune_schemas.notices import AnyNotice, InvitationNotice, MessageStatus, PersonNotice, ReserveNotice
from commune_schemas.reaching import ContactCard

from notifier.kinds import may_be_declined
from notifier.outbound import Claimed
from notifier.suppression import is_suppressed
from notifier.wording import find_missing_fields
from notifier.words.store import Chosen


@dataclass(frozen=True)
class Refusal:
    """A message that is not handed over: its end, and why (a code of reasons.py)."""

    status: MessageStatus
    reason: str
    detail: str = ""

    def as_settled(self) -> dict[str, Any]:
        """As `outbound.settle` takes it."""
        return {"status": self.status, "reason": self.reason, "detail": self.detail}


@dataclass(frozen=True)
class Judged:
    """A message as it would be handed over now. `notice` None: there is nothing to tell."""

    message: Claimed
    notice: AnyNotice | None
    card: ContactCard | None
    address: str
    refusal: Refusal | None
    words: Chosen
    text: str = ""
    """Of a text message, written."""

    @property
    def may_join(self) -> bool:
        """It goes, with nothing more to be decided: several such to one person may be one mail."""
        is_plain = not self.message.is_fallback and self.message.address_digest is None
        return self.refusal is None and is_plain


NOTHING_TO_TELL = Refusal(MessageStatus.CANCELLED, "history.nothing_to_tell")


def find_refusal(
    notice: AnyNotice | None, address: str | None, *, card: ContactCard | None, suppressed: set[str | None]
) -> Refusal | None:
    """None: it goes. `suppressed`: the recipient's addresses that are written to no more."""
    if notice is None:
        return NOTHING_TO_TELL
    unwanted = _find_unwanted(notice, card)
    if unwanted is not None:
        return Refusal(MessageStatus.CANCELLED, unwanted)
    if not address:
        return Refusal(MessageStatus.FAILED, "recipient.no_address")
    if is_suppressed(suppressed, address):
        return Refusal(MessageStatus.FAILED, "recipient.suppressed")
    missing = find_missing_fields(notice)
    if missing:
        return Refusal(MessageStatus.FAILED, "template.missing_field", ", ".join(missing))
    return None


def _find_unwanted(notice: AnyNotice, card: ContactCard | None) -> str | None:
    """Why the recipient does not want it."""
    if card is None:
        return None
    if card.is_withheld:
        return "recipient.withdrew"
    return "recipient.unsubscribed" if card.is_unsubscribed and may_be_declined(notice.kind) else None


def as_things_are_now(notice: AnyNotice, card: ContactCard | None) -> AnyNotice:
    """With the personal link, the language that is wished for, and the name as it was corrected meanwhile."""
    if isinstance(notice, PersonNotice | ReserveNotice | InvitationNotice) and card is not None and card.full_name:
        notice = notice.model_copy(update={"full_name": card.full_name})
    if isinstance(notice, PersonNotice | InvitationNotice):
        notice = notice.model_copy(update={"answer_url": (card.personal_url if card else None) or ""})
    return notice.model_copy(update={"language": card.language}) if card is not None else notice
