"""What people were told when a plan was published, put away and read again: the words with the plan, contacts apart."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_schemas.placement_details import Contact, PlacementDetails
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.plans import repository
from roster_api.plans.details import Placed
from roster_api.plans.models import FrozenContact, Placement, Plan

CONTACTS = ("commune_contact", "school_contact")
ERASED = Contact(name="", phone="")
"""In the place of a contact whose key was destroyed."""
MOST_IDS = 5000


async def freeze_told(
    session: AsyncSession,
    plan: Plan,
    *,
    previous: Plan | None,
    placed: Sequence[Placed],
    details: dict[UUID, PlacementDetails],
) -> None:
    """Write down exactly what each person is told; from here on the roster may change without changing it.

    Whom `previous` told the same keeps the mark their answer was given to.
    """
    marks = await _list_marks(session, previous) if previous is not None else {}
    frozen: dict[tuple[str, str], FrozenContact] = {}
    rows = []
    for row in placed:
        own = details[row.placement.volunteer_id]
        owners = (("commune", row.commune.code), ("school", str(row.school.id)))
        for owner, contact in zip(owners, (own.commune_contact, own.school_contact), strict=True):
            if owner not in frozen:
                frozen[owner] = freeze_contact(owner, contact)
        rows.append(
            {
                "b_plan": plan.id,
                "b_person": row.placement.volunteer_id,
                "told": own.model_dump(mode="json", exclude=set(CONTACTS)),
                "commune_contact_id": frozen[owners[0]].id,
                "school_contact_id": frozen[owners[1]].id,
                "told_sha256": _mark_of(own, marks.get(row.placement.volunteer_id)),
            }
        )
    session.add_all(frozen.values())
    await session.flush()
    await repository.keep_told(session, rows)


async def _list_marks(session: AsyncSession, plan: Plan) -> dict[UUID, tuple[PlacementDetails, str]]:
    """By volunteer: what that plan told them, and the mark of it."""
    rows = await repository.list_all_placements(session, plan.id)
    told = await read_told(session, rows)
    return {row.volunteer_id: (told[row.volunteer_id], row.told_sha256) for row in rows if row.told_sha256}


def _mark_of(now: PlacementDetails, before: tuple[PlacementDetails, str] | None) -> str:
    return before[1] if before is not None and now.tells_the_same_as(before[0]) else now.digest()


def freeze_contact(owner: tuple[str, str], contact: Contact) -> FrozenContact:
    """To be added to the session before what names it. `owner`: kind, and the commune's code or the school's id."""
    contact_id = uuid4()
    place = contact_place(contact_id)
    closed = get_sealer().seal_with_own_key(contact.model_dump_json().encode(), place=place)
    return FrozenContact(
        id=contact_id, owner_kind=owner[0], owner_id=owner[1], sealed=closed.sealed, wrapped_key=closed.wrapped_key
    )


def contact_place(contact_id: UUID) -> str:
    """The same for the contact and its key: neither opens with another's."""
    return place_of(FrozenContact.__tablename__, "contact", (contact_id,))


async def read_told(session: AsyncSession, placements: Iterable[Placement | None]) -> dict[UUID, PlacementDetails]:
    """By volunteer what each of these placements was told as; of one plan, or of one person."""
    kept = [row for row in placements if row is not None and row.told is not None]
    contacts = await open_contacts(
        session, {one for row in kept for one in (row.commune_contact_id, row.school_contact_id) if one}
    )
    return {row.volunteer_id: _details(row, contacts) for row in kept}


async def read_told_of(session: AsyncSession, placement: Placement) -> PlacementDetails:
    """Of a placement of a published plan."""
    return (await read_told(session, [placement]))[placement.volunteer_id]


def _details(row: Placement, contacts: dict[UUID, Contact]) -> PlacementDetails:
    words: dict[str, Any] = dict(row.told or {})
    ids = (row.commune_contact_id, row.school_contact_id)
    for name, contact_id in zip(CONTACTS, ids, strict=True):
        words[name] = contacts.get(contact_id, ERASED) if contact_id else ERASED
    return PlacementDetails.model_validate(words)


async def open_contacts(session: AsyncSession, ids: set[UUID]) -> dict[UUID, Contact]:
    """Those whose key was not destroyed."""
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), MOST_IDS):
        query = sa.select(FrozenContact.id, FrozenContact.wrapped_key, FrozenContact.sealed).where(
            FrozenContact.id.in_(wanted[start : start + MOST_IDS])
        )
        for contact_id, wrapped_key, sealed in await session.execute(query):
            if wrapped_key is None:  # destroyed
                continue
            opened = get_sealer().open_with_own_key(wrapped_key, sealed, place=contact_place(contact_id))
            found[contact_id] = Contact.model_validate_json(opened)
    return found
