"""How recipients are reached at this moment: asked when messages are sent, so that a corrected address is used."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import Language, Recipient, RecipientKind, SourceKind
from commune_schemas.reaching import ContactCard, ContactCards, ContactQuestion
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account
from roster_api.answers.links import list_link_ids, make_url
from roster_api.communes.models import Commune
from roster_api.consents.service import list_withdrawn
from roster_api.groups.models import Overseer
from roster_api.invitations.links import make_url as make_invitation_url
from roster_api.invitations.repository import list_link_ids as list_link_ids_of_rounds
from roster_api.notices.sources import find_campaigns
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.staff.models import StaffMember, Unit
from roster_api.volunteers.models import Volunteer

Address = tuple[str | None, str | None]
"""(e-mail, phone)."""


async def list_contacts(
    session: AsyncSession, settings: Settings, *, questions: Sequence[ContactQuestion]
) -> ContactCards:
    """One card a question whose recipient is known; a volunteer's has the personal link of the source's campaign."""
    ids: dict[RecipientKind, set[str]] = defaultdict(set)
    for question in questions:
        ids[question.recipient.kind].add(question.recipient.id)
    addresses: dict[Recipient, Address] = {}
    people = await _list_people(session, ids[RecipientKind.VOLUNTEER])
    for kind, wanted in ids.items():
        found = await READERS[kind](session, wanted) if kind in READERS else {}
        addresses |= {Recipient(kind=kind, id=one_id): address for one_id, address in found.items()}
    withdrawn = await list_withdrawn(session, _uuids(ids[RecipientKind.VOLUNTEER]))
    withdrawn |= {person.id for person in people.values() if person.erased_at is not None}
    known = [question for question in questions if question.recipient in addresses]
    urls = await _list_personal_urls(session, settings, known) | await _list_invitation_urls(session, settings, known)
    return ContactCards(
        items=[
            ContactCard(
                recipient=question.recipient,
                source=question.source,
                email=addresses[question.recipient][0],
                phone=addresses[question.recipient][1],
                personal_url=urls.get(question),
                is_withheld=_is_among(question.recipient, withdrawn),
                full_name=_name_of(question.recipient, people),
                **_wishes_of(question.recipient, people),
            )
            for question in questions
            if question.recipient in addresses
        ]
    )


def _name_of(recipient: Recipient, people: Mapping[str, Volunteer]) -> str | None:
    person = people.get(recipient.id) if recipient.kind is RecipientKind.VOLUNTEER else None
    return person.full_name if person else None


def _wishes_of(recipient: Recipient, people: Mapping[str, Volunteer]) -> dict[str, Any]:
    """A volunteer's; the others have said none."""
    person = people.get(recipient.id) if recipient.kind is RecipientKind.VOLUNTEER else None
    if person is None:
        return {}
    return {"channel": person.preferred_channel, "language": person.preferred_language or Language.VI}


def _is_among(recipient: Recipient, people: set[UUID]) -> bool:
    return recipient.kind is RecipientKind.VOLUNTEER and recipient.id in {str(person) for person in people}


async def _list_personal_urls(
    session: AsyncSession, settings: Settings, questions: Sequence[ContactQuestion]
) -> dict[ContactQuestion, str]:
    by_campaign: dict[UUID, list[ContactQuestion]] = defaultdict(list)
    people = [question for question in questions if question.recipient.kind is RecipientKind.VOLUNTEER]
    for kind in {question.source.kind for question in people}:
        of_kind = [question for question in people if question.source.kind is kind]
        campaigns = await find_campaigns(session, kind=kind, source_ids=[question.source.id for question in of_kind])
        for question in of_kind:
            if question.source.id in campaigns:
                by_campaign[campaigns[question.source.id]].append(question)
    urls: dict[ContactQuestion, str] = {}
    secret = settings.link_secret.get_secret_value()
    for campaign_id, asked in by_campaign.items():
        links = await list_link_ids(
            session, campaign_id=campaign_id, volunteer_ids=[UUID(question.recipient.id) for question in asked]
        )
        for question in asked:
            link_id = links.get(UUID(question.recipient.id))
            if link_id is not None:
                urls[question] = make_url(link_id, public_url=settings.public_url, secret=secret)
    return urls


async def _list_invitation_urls(
    session: AsyncSession, settings: Settings, questions: Sequence[ContactQuestion]
) -> dict[ContactQuestion, str]:
    """Of invitations that are still open: none once the link is revoked or over."""
    asked = [
        question for question in questions
        if question.source.kind is SourceKind.INVITATION and question.recipient.kind is RecipientKind.VOLUNTEER
    ]  # fmt: skip
    if not asked:
        return {}
    links = await list_link_ids_of_rounds(
        session,
        round_ids={question.source.id for question in asked},
        volunteer_ids={UUID(question.recipient.id) for question in asked},
    )
    secret = settings.link_secret.get_secret_value()
    return {
        question: make_invitation_url(links[key], public_url=settings.public_url, secret=secret)
        for question in asked
        if (key := (question.source.id, UUID(question.recipient.id))) in links
    }


def _uuids(ids: set[str]) -> list[UUID]:
    """What is no id is nobody's."""
    found = []
    for text in ids:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


async def _read_volunteers(session: AsyncSession, ids: set[str]) -> dict[str, Address]:
    people = await _list_people(session, ids)
    return {key: (person.email, person.phone) for key, person in people.items()}


async def _list_people(session: AsyncSession, ids: set[str]) -> dict[str, Volunteer]:
    rows = await session.scalars(sa.select(Volunteer).where(Volunteer.id.in_(_uuids(ids))))
    return {str(person.id): person for person in rows}


async def _read_schools(session: AsyncSession, ids: set[str]) -> dict[str, Address]:
    schools = await session.scalars(sa.select(School).where(School.id.in_(_uuids(ids))))
    return {str(school.id): (school.contact_email, school.contact_phone) for school in schools}


async def _read_communes(session: AsyncSession, codes: set[str]) -> dict[str, Address]:
    communes = await session.scalars(sa.select(Commune).where(Commune.code.in_(codes)))
    return {commune.code: (commune.contact_email, commune.contact_phone) for commune in communes}


async def _read_accounts(session: AsyncSession, ids: set[str]) -> dict[str, Address]:
    accounts = await session.scalars(sa.select(Account).where(Account.id.in_(_uuids(ids))))
    return {str(account.id): (None if account.erased_at else account.email, None) for account in accounts}


async def _read_overseers(session: AsyncSession, ids: set[str]) -> dict[str, Address]:
    rows = await session.scalars(sa.select(Overseer).where(Overseer.id.in_(_uuids(ids))))
    return {str(row.id): (row.email, row.phone) for row in rows}


async def _read_staff(session: AsyncSession, ids: set[str]) -> dict[str, Address]:
    people = await session.scalars(sa.select(StaffMember).where(StaffMember.id.in_(_uuids(ids))))
    return {str(person.id): (person.email, person.phone) for person in people}


async def _read_units(session: AsyncSession, ids: set[str]) -> dict[str, Address]:
    units = await session.scalars(sa.select(Unit).where(Unit.id.in_(_uuids(ids))))
    return {str(unit.id): (unit.contact_email, unit.contact_phone) for unit in units}


READERS: dict[RecipientKind, Callable[[AsyncSession, set[str]], Awaitable[dict[str, Address]]]] = {
    RecipientKind.VOLUNTEER: _read_volunteers,
    RecipientKind.SCHOOL: _read_schools,
    RecipientKind.COMMUNE: _read_communes,
    RecipientKind.ACCOUNT: _read_accounts,
    RecipientKind.OVERSEER: _read_overseers,
    RecipientKind.STAFF: _read_staff,
    RecipientKind.UNIT: _read_units,
}
"""By kind of recipient: the addresses of those it knows. A kind without a line reaches nobody, visibly."""
