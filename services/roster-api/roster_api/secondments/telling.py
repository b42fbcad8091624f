"""What happened to decisions, kept in order, and asked to be told: the person and both units, once an occasion."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from commune_schemas.jobs import PREPARE_NOTICES
from commune_schemas.notices import SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.outbox import service as outbox
from roster_api.secondments.models import Secondment, SecondmentEvent, SecondmentOccasion


class Occasion(StrEnum):
    PUBLISHED = "published"
    EXTENDED = "extended"
    ENDED_EARLY = "ended_early"
    RETURNED = "returned"
    ENDING = "ending"  # in two weeks
    REVIEW_DUE = "review_due"  # in two weeks
    REVIEWED = "reviewed"
    CHANGE_ASKED = "change_asked"


STARTED = "started"
"""An event of which nobody is told: those concerned were there."""


async def tell(
    session: AsyncSession, occasion: Occasion, rows: Sequence[Secondment], *, by: str, reason: str | None = None,
    from_on: date | None = None,
) -> None:  # fmt: skip
    """Locked decisions of one province: an event each, and one outbox row for all."""
    if not rows:
        return
    occasion_id = uuid4()
    outbox_id = await outbox.append(
        session,
        topic=PREPARE_NOTICES,
        args={"source_kind": SourceKind.SECONDMENT.value, "source_id": str(occasion_id)},
        id_argument="outbox_id",
    )
    session.add(
        SecondmentOccasion(
            id=occasion_id, province_code=rows[0].province_code, outbox_id=outbox_id, kind=occasion.value
        )
    )
    await session.flush()
    for row in rows:
        event = keep_event(session, row, occasion.value, by=by, occasion_id=occasion_id, reason=reason)
        event.from_on = from_on or event.from_on
    await session.flush()


def keep_event(
    session: AsyncSession, row: Secondment, kind: str, *, by: str, occasion_id: UUID | None = None,
    reason: str | None = None,
) -> SecondmentEvent:  # fmt: skip
    """The decision as it is from now on."""
    row.last_event += 1
    event = SecondmentEvent(
        secondment_id=row.id,
        number=row.last_event,
        occasion_id=occasion_id,
        kind=kind,
        from_on=row.from_on,
        until_on=row.ended_on or row.until_on,
        weekdays=row.weekdays,
        review_on=row.review_on,
        reason=reason,
        legal_basis=row.legal_basis,
        recorded_by=by,
    )
    session.add(event)
    return event
