"""The notices of an occasion of secondments: to each person, and to each unit who leaves it and who comes."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    SecondmentMove,
    SecondmentNotice,
    Source,
    SourceKind,
)
from commune_schemas.placement_details import Contact
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError
from roster_api.fields.models import ExpertiseField
from roster_api.secondments.models import Secondment, SecondmentEvent, SecondmentOccasion
from roster_api.secondments.repository import list_joined
from roster_api.staff.models import Unit


async def list_notices_of_secondment(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """People by name, then units by code: what was true at that occasion."""
    occasion = await session.get(SecondmentOccasion, source_id)
    if occasion is None:
        raise NotFoundError
    if unchanged:
        return NoticePage(items=[], total=0, limit=limit, offset=offset)
    found = await session.scalars(sa.select(SecondmentEvent).where(SecondmentEvent.occasion_id == source_id))
    events = {event.secondment_id: event for event in found}
    joined = await list_joined(session, events.keys())
    names = dict((await session.execute(sa.select(ExpertiseField.code, ExpertiseField.name_vi))).all())
    moves = {row[0].id: _move(row, events[row[0].id], names) for row in joined}
    notices = [_to_person(occasion, row, events[row[0].id], moves[row[0].id]) for row in joined]
    notices += _to_units(occasion, joined, moves)
    return NoticePage(items=notices[offset : offset + limit], total=len(notices), limit=limit, offset=offset)


def _move(row: Any, event: SecondmentEvent, names: dict[str, str]) -> SecondmentMove:
    secondment, person, post, sending, receiving = row
    return SecondmentMove(
        full_name=person.full_name,
        from_unit=sending.name,
        to_unit=receiving.name,
        post_title=post.title,
        field_name=names[post.field_code],
        from_on=event.from_on,
        until_on=event.until_on,
        weekdays=event.weekdays or [],
        review_on=event.review_on,
        number=secondment.number or "",
        reason=event.reason or "",
    )


def _to_person(
    occasion: SecondmentOccasion, row: Any, event: SecondmentEvent, move: SecondmentMove
) -> SecondmentNotice:
    """In the decision's own thread: what is told later overtakes it."""
    secondment: Secondment
    secondment, person, _post, _sending, receiving = row
    contact = Contact(
        name=receiving.contact_name or "", phone=receiving.contact_phone or "", email=receiving.contact_email
    )
    return SecondmentNotice(
        source=Source(kind=SourceKind.SECONDMENT, id=occasion.id, version=event.number),
        recipient=Recipient(kind=RecipientKind.STAFF, id=str(person.id)),
        kind=NoticeKind.SECONDMENT,
        thread=f"secondment/{secondment.id}",
        commune_code=receiving.commune_code,
        occasion=occasion.kind,
        addressee=person.full_name,
        moves=[move],
        legal_basis=event.legal_basis,
        signer=secondment.signer,
        contact=contact if contact.name or contact.phone else None,
    )


def _to_units(
    occasion: SecondmentOccasion, joined: Sequence[Any], moves: dict[UUID, SecondmentMove]
) -> list[SecondmentNotice]:
    coming: dict[str, list[SecondmentMove]] = defaultdict(list)
    leaving: dict[str, list[SecondmentMove]] = defaultdict(list)
    units: dict[str, tuple[Unit, Secondment]] = {}
    for secondment, _person, _post, sending, receiving in joined:
        leaving[sending.code].append(moves[secondment.id])
        if receiving.id != sending.id:
            coming[receiving.code].append(moves[secondment.id])
        units |= {sending.code: (sending, secondment), receiving.code: (receiving, secondment)}
    return [
        SecondmentNotice(
            source=Source(kind=SourceKind.SECONDMENT, id=occasion.id, version=1),
            recipient=Recipient(kind=RecipientKind.UNIT, id=str(unit.id)),
            kind=NoticeKind.SECONDMENT_OF_UNIT,
            thread=f"secondments/{occasion.id}/{unit.code}",
            commune_code=unit.commune_code,
            occasion=occasion.kind,
            addressee=unit.name,
            moves=coming[code],
            leaving=leaving[code],
            legal_basis=secondment.legal_basis,
            signer=secondment.signer,
        )
        for code, (unit, secondment) in sorted(units.items())
    ]
