"""What a person was last told decides how a new notice is worded, and whether there is anything to tell.

roster-api compares published plans. A person may have heard less: a message that a newer plan overtook was never sent.
To them a change of an unheard plan is a first assignment, and the withdrawal of an unheard one is nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from commune_schemas.notices import MessageStatus, NoticeKind, PersonNotice, PlacementDetails

from notifier.states import TOLD


@dataclass(frozen=True)
class Earlier:
    """An older message of the same person and campaign, by any channel."""

    plan_version: int
    status: MessageStatus
    told_kind: NoticeKind | None
    notice: PersonNotice


def word_by_history(  # noqa: PLR0911 - one line a case
    notice: PersonNotice, earlier: Sequence[Earlier]
) -> PersonNotice | None:
    """The notice with kind and previous placement as this person knows them; None when nothing is left to tell.

    Without any record of earlier messages roster-api's own comparison stands.
    """
    before = [message for message in earlier if message.plan_version < notice.plan_version]
    if not before:
        return notice
    told = max((m for m in before if m.status in TOLD), key=lambda m: m.plan_version, default=None)
    known = _known_placement(told)
    if notice.placement is None:
        if known is None:
            return None
        return notice.model_copy(update={"kind": NoticeKind.PLACEMENT_WITHDRAWN, "previous": known})
    if known is None:
        return notice.model_copy(update={"kind": NoticeKind.PLACEMENT_ASSIGNED, "previous": None})
    if known == notice.placement:
        if told is not None and told.notice.answer_url == notice.answer_url:
            return None
        return notice.model_copy(update={"kind": NoticeKind.PLACEMENT_ASSIGNED, "previous": None})
    return notice.model_copy(update={"kind": NoticeKind.PLACEMENT_CHANGED, "previous": known})


def _known_placement(told: Earlier | None) -> PlacementDetails | None:
    return told.notice.placement if told else None
