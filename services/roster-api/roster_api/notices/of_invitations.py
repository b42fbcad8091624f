"""The notices of a round of invitations: to each person invited or reminded, that there is a page to fill in."""

from datetime import timedelta, timezone
from uuid import UUID

from commune_schemas.notices import (
    InvitationNotice,
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from commune_schemas.placement_details import Contact
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError
from roster_api.invitations.models import Invitation, InvitationRound, RoundKind
from roster_api.invitations.repository import list_of_round
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

LOCAL = timezone(timedelta(hours=7))
WORDS = {
    RoundKind.INVITATION: (1, NoticeKind.INVITATION),
    RoundKind.REMINDER: (2, NoticeKind.INVITATION_REMINDER),
}
"""The version in the invitation's thread, and the kind: a reminder overtakes an invitation that was not sent yet."""


async def list_notices_of_invitation(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    row = await session.get(InvitationRound, source_id)
    if row is None:
        raise NotFoundError
    if unchanged:
        return NoticePage(items=[], total=0, limit=limit, offset=offset)
    school = await session.get_one(School, row.school_id)
    people, total = await list_of_round(session, row.id, limit=limit, offset=offset)
    items = [_notice(row, school, invitation, person) for invitation, person in people]
    return NoticePage(items=items, total=total, limit=limit, offset=offset)


def _notice(row: InvitationRound, school: School, invitation: Invitation, person: Volunteer) -> InvitationNotice:
    version, kind = WORDS[RoundKind(row.kind)]
    return InvitationNotice(
        source=Source(kind=SourceKind.INVITATION, id=row.id, version=version),
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.id)),
        kind=kind,
        thread=f"invitation/{invitation.id}",
        school_name=school.name,
        full_name=person.full_name,
        open_until=invitation.expires_at.astimezone(LOCAL).date(),
        school_contact=Contact(
            name=school.contact_name or "", phone=school.contact_phone or "", email=school.contact_email
        ),
    )
