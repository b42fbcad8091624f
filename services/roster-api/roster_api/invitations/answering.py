"""What a person says of themselves: by their own link, or a coordinator for them; the last word holds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from commune_schemas.amounts import amount
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.consents.models import Consent, ConsentChannel, Purpose
from roster_api.consents.service import TEXTS, by_the_person, record
from roster_api.errors import ConflictError, NotFoundError, TooManyError
from roster_api.invitations import repository
from roster_api.invitations.models import Invitation, InvitationAnswer, Outcome
from roster_api.invitations.schemas import FilledIn, InvitationRead, InvitationState, OwnWords
from roster_api.volunteers.models import MAX_DISTANCE_M_DEFAULT, Volunteer, VolunteerStatus
from roster_api.volunteers.own_words import By, take_down
from roster_api.volunteers.service import (
    absences_to_keep,
    get_volunteer,
    refuse_unknown_fields,
    refuse_unknown_home,
)

log = structlog.get_logger(__name__)
THE_PERSON = "the person"
ANSWERS_AN_HOUR = 10
"""By one person's links: more than anybody needs, and few enough to be read."""


@dataclass(frozen=True)
class Source:
    """Whose hand it is."""

    by: By
    channel: ConsentChannel
    label: str


HERSELF = Source("person", ConsentChannel.PAGE, THE_PERSON)


async def give(session: AsyncSession, invitation: Invitation, words: OwnWords, *, wants_messages: bool | None) -> None:
    """By the link: the person's own words, with the consent that they be used. 429 when it is done too often.

    The same again is one answer more, and changes nothing else. `wants_messages`: None where nothing was said of it.
    """
    person = await _lock(session, invitation)
    await _refuse_too_many(session, person.id)
    await _keep(session, person, words, by=HERSELF.by)
    await record(session, _own_consent(invitation, Purpose.MATCHING, is_given=True))
    if wants_messages is not None:
        await record(session, _own_consent(invitation, Purpose.MESSAGES, is_given=wants_messages))
    await _note(session, invitation, Outcome.GIVEN, HERSELF)


async def decline(session: AsyncSession, invitation: Invitation) -> None:
    """The person does not take part: what they had said is deleted, and they are matched no more."""
    person = await _lock(session, invitation)
    await _refuse_too_many(session, person.id)
    await record(session, _own_consent(invitation, Purpose.MATCHING, is_given=False))
    await _note(session, invitation, Outcome.DECLINED, HERSELF)


async def fill_in(session: AsyncSession, principal: Principal, *, volunteer_id: UUID, filled: FilledIn) -> Volunteer:
    """A coordinator says it for the person, invited or not, with proof of their consent. 409 where they declined."""
    person = await get_volunteer(session, principal=principal, volunteer_id=volunteer_id, for_update=True)
    if person.status != VolunteerStatus.ACTIVE.value:
        raise ConflictError(
            "volunteer.not_active",
            vi="Người này không còn tham gia; hãy khôi phục trong danh sách trước.",
            en="This person does not take part any more; restore them on the roster first.",
        )
    invitation = await repository.find_newest(session, person.id)
    if invitation and await repository.find_state(session, invitation) is InvitationState.DECLINED:
        raise ConflictError(
            "invitation.declined",
            vi="Người này đã tự trả lời là không tham gia. Nếu họ đổi ý, hãy mời lại để họ tự khai.",
            en="The person said that they do not take part. If they changed their mind, invite them again.",
        )
    await _keep(session, person, filled, by="school")
    version, _, _ = TEXTS[Purpose.MATCHING]
    await record(session, Consent(
        volunteer_id=person.id, purpose=Purpose.MATCHING.value, is_given=True, text_version=version,
        channel=filled.channel.value, proof=filled.proof, recorded_by=principal.label,
    ))  # fmt: skip
    if invitation:
        await _note(session, invitation, Outcome.GIVEN, Source("school", filled.channel, principal.label))
    return person


async def revoke(session: AsyncSession, principal: Principal, *, invitation_id: UUID) -> InvitationRead:
    """The link opens nothing from now on; what was said by it stays. Again: no change."""
    invitation = await _get(session, principal, invitation_id)
    if invitation.revoked_at is None:
        invitation.revoked_at, invitation.revoked_by = clock.now(), principal.label
        await session.flush()
    return await describe(session, invitation)


async def describe(session: AsyncSession, invitation: Invitation) -> InvitationRead:
    state = await repository.find_state(session, invitation)
    columns = {name: getattr(invitation, name) for name in InvitationRead.model_fields if name != "state"}
    return InvitationRead.model_validate({**columns, "state": state})


async def _get(session: AsyncSession, principal: Principal, invitation_id: UUID) -> Invitation:
    invitation = await repository.find_invitation(
        session, principal=principal, invitation_id=invitation_id, for_update=True
    )
    if invitation is None:
        raise NotFoundError
    return invitation


async def _lock(session: AsyncSession, invitation: Invitation) -> Volunteer:
    return await repository.lock_person(session, invitation.volunteer_id)


async def _keep(session: AsyncSession, person: Volunteer, words: OwnWords, *, by: By) -> None:
    await refuse_unknown_fields(session, words.skills)
    await refuse_unknown_home(session, words.home_commune_code)
    take_down(person, as_columns(words), by=by, at=clock.now())
    await session.flush()


METRES = 1000


def as_columns(words: OwnWords) -> dict[str, Any]:
    """As the volunteer's row has it."""
    kilometres = words.max_distance_km
    return {
        "free_weekdays": words.free_weekdays,
        "max_days": words.max_days,
        "skills": words.skills,
        "max_distance_m": MAX_DISTANCE_M_DEFAULT if kilometres is None else round(kilometres * METRES),
        "absences": absences_to_keep(words.absences.items),
        "home_commune_code": words.home_commune_code,
        "transport": words.transport.value if words.transport else None,
    }


def _own_consent(invitation: Invitation, purpose: Purpose, *, is_given: bool) -> Consent:
    return by_the_person(invitation.volunteer_id, purpose=purpose, is_given=is_given, link_id=invitation.id)


async def _note(session: AsyncSession, invitation: Invitation, outcome: Outcome, source: Source) -> None:
    session.add(
        InvitationAnswer(
            invitation_id=invitation.id,
            volunteer_id=invitation.volunteer_id,
            outcome=outcome.value,
            channel=source.channel.value,
            answered_by=source.label,
        )
    )
    await session.flush()
    log.info("invitation.answered", invitation_id=str(invitation.id), outcome=outcome.value, by=source.by)


async def _refuse_too_many(session: AsyncSession, volunteer_id: UUID) -> None:
    ages = await repository.list_answer_ages(session, volunteer_id, within=timedelta(hours=1))
    if len(ages) < ANSWERS_AN_HOUR:
        return
    seconds = max(1, 3600 - int(max(ages)))
    minutes = -(-seconds // 60)
    raise TooManyError(
        "invitation.too_many_answers",
        vi=f"Bạn đã gửi {len(ages)} lần trong một giờ qua; lần gửi cuối cùng vẫn được giữ. Hãy thử lại sau {minutes}"
        " phút, hoặc gọi cho đầu mối của trường.",
        en=f"You sent this {amount(len(ages), 'time')} within the hour; the last one stands. Try again in"
        f" {amount(minutes, 'minute')}, or call your school's contact.",
        headers={"Retry-After": str(seconds)},
    )
