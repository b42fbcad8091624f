"""What a person was last told decides how a new notice is worded, and whether there is anything to tell.

roster-api compares published plans. A person may have heard less: a message that a newer plan overtook was never sent,
another was refused for good. To them a change of an unheard plan is a first assignment, the withdrawal of an unheard
one is nothing, and what a plan says again is news where no channel brought it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commune_schemas.notices import AnyNotice, Channel, MessageStatus, NoticeKind, PersonNotice, Recipient
from commune_schemas.placement_details import PlacementDetails, has_news, is_same
from commune_schemas.reaching import KnownPlacement

from notifier.states import NOTIFIED, UNDER_WAY

REMINDERS = (NoticeKind.PLACEMENT_REMINDER, NoticeKind.FIRST_DAY)


@dataclass(frozen=True)
class Earlier:
    """An older message of the same thread, by any channel."""

    version: int
    channel: Channel
    status: MessageStatus
    told_kind: NoticeKind | None
    notice: AnyNotice

    @property
    def placement(self) -> PlacementDetails | None:
        """What it tells its recipient of a placement of theirs."""
        return self.notice.placement if isinstance(self.notice, PersonNotice) else None


def word_by_history(notice: AnyNotice, earlier: Sequence[Earlier], *, channel: Channel) -> AnyNotice | None:
    """The notice with kind and previous placement as this person knows them; None when nothing is left to tell.

    Told by any channel is known. What this channel has not brought is told by it all the same: whoever was never
    reached by it counts as never told. Without any record of earlier messages roster-api's own comparison stands.
    """
    if not isinstance(notice, PersonNotice) or notice.kind in REMINDERS:
        return notice  # it says nothing that could be known already
    before = [message for message in earlier if message.version < notice.source.version]
    if not before:
        return notice
    known = _last_told(before)
    here = _last_told(message for message in before if message.channel is channel)
    if not has_news(notice.placement, known=known, known_here=here):
        return None
    if notice.placement is None:
        return notice.model_copy(update={"kind": NoticeKind.PLACEMENT_WITHDRAWN, "previous": known})
    old = here if is_same(known, notice.placement) else known
    kind = NoticeKind.PLACEMENT_ASSIGNED if old is None else NoticeKind.PLACEMENT_CHANGED
    return notice.model_copy(update={"kind": kind, "previous": old})


def was_never_told(notice: AnyNotice, earlier: Sequence[Earlier], *, channel: Channel) -> bool:
    """This channel has brought nobody what an unchanged notice says, nor is it about to."""
    if not isinstance(notice, PersonNotice):
        return False
    before = [message for message in earlier if message.version < notice.source.version]
    return _is_unheard(notice.placement, before, channel=channel)


def list_unheard(earlier: Sequence[Earlier]) -> list[Channel]:
    """The channels by which a next version would say again what the newest message of a thread says."""
    newest = max(earlier, key=lambda message: message.version, default=None)
    if newest is None or newest.placement is None:
        return []
    return [channel for channel in Channel if _is_unheard(newest.placement, earlier, channel=channel)]


def describe_known(recipient: Recipient, earlier: Sequence[Earlier]) -> KnownPlacement | None:
    """By which whoever asks beforehand decides as `word_by_history` will; None without any record: the versions say."""
    if not earlier:
        return None
    by_channel = {
        channel: _last_told(message for message in earlier if message.channel is channel) for channel in Channel
    }
    return KnownPlacement(recipient=recipient, placement=_last_told(earlier), by_channel=by_channel)


def _is_unheard(placement: PlacementDetails | None, earlier: Sequence[Earlier], *, channel: Channel) -> bool:
    before = [message for message in earlier if message.channel is channel]
    is_coming = any(message.status in UNDER_WAY and is_same(message.placement, placement) for message in before)
    return bool(before) and not is_coming and not is_same(_last_told(before), placement)


def _last_told(messages: Iterable[Earlier]) -> PlacementDetails | None:
    """The placement that the newest message which reached them, or may have, spoke of; None after a withdrawal too."""
    told = [message for message in messages if message.status in NOTIFIED]
    return max(told, key=lambda message: message.version).placement if told else None
