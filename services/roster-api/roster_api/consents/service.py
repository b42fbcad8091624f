"""Decisions about consents: what holds, what is recorded, and to whom nothing is sent."""

from collections.abc import Collection
from uuid import UUID

import structlog
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.consents import repository
from roster_api.consents.models import Consent, ConsentChannel, Purpose
from roster_api.consents.schemas import ConsentRead, ConsentsRead, ConsentState, PurposeRead
from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.own_words import take_back

log = structlog.get_logger(__name__)
AGREE_VI = (
    "Tôi đồng ý nhận email và tin nhắn về phân công của chính tôi. Tôi có thể rút lại bất cứ lúc nào; khi đó tôi"
    " không nhận tin nữa, phân công vẫn giữ nguyên và trường sẽ liên hệ với tôi."
)
AGREE_EN = (
    "I agree to get e-mail and text messages about my own placement. I may withdraw at any time; then I get none any"
    " more, the placement stands, and my school will speak to me."
)
MATCHING_VI = (
    "Tôi đồng ý để trường, Sở Nội vụ và Sở Khoa học và Công nghệ dùng những điều tôi khai (ngày rảnh, ngày bận, lĩnh"
    " vực, quãng đường, nơi ở, phương tiện) để xếp tôi hỗ trợ một xã. Tôi có thể rút lại bất cứ lúc nào; khi đó những"
    " điều tôi khai được xóa và tôi không được xếp nữa."
)
MATCHING_EN = (
    "I agree that my school, Home Affairs and Science & Technology use what I say here (free days, absences, fields,"
    " distance, home, transport) to place me at a commune. I may withdraw at any time; then what I said is deleted and"
    " I am placed no more."
)
TEXTS = {
    Purpose.MESSAGES: ("messages-2026-11", AGREE_VI, AGREE_EN),
    Purpose.MATCHING: ("matching-2026-11", MATCHING_VI, MATCHING_EN),
}
"""By purpose: the version of the words in force, and the words."""


async def describe(session: AsyncSession, volunteer_id: UUID) -> ConsentsRead:
    said = await repository.list_said(session, volunteer_id)
    last = {row.purpose: row for row in said}
    return ConsentsRead(
        purposes=[
            PurposeRead(purpose=purpose, state=_state(last.get(purpose.value)), text_version=v, text_vi=vi, text_en=en)
            for purpose, (v, vi, en) in TEXTS.items()
        ],
        items=[ConsentRead.model_validate(row) for row in said],
    )


def _state(last: Consent | None) -> ConsentState:
    if last is None:
        return ConsentState.NOT_ASKED
    return ConsentState.GIVEN if last.is_given else ConsentState.WITHDRAWN


async def record(session: AsyncSession, consent: Consent) -> None:
    """The same as what holds already adds nothing. Who withdraws MATCHING is matched no more: their days are gone."""
    last = {row.purpose: row for row in await repository.list_said(session, consent.volunteer_id)}.get(consent.purpose)
    if last is not None and (last.is_given, last.text_version) == (consent.is_given, consent.text_version):
        return
    session.add(consent)
    if consent.purpose == Purpose.MATCHING and not consent.is_given:
        person = await session.get_one(Volunteer, consent.volunteer_id, with_for_update=True)
        is_own = consent.channel == ConsentChannel.PAGE
        take_back(person, by="person" if is_own else "school", at=clock.now())
    await session.flush()
    log.info(
        "consent.recorded", volunteer_id=str(consent.volunteer_id), purpose=consent.purpose, is_given=consent.is_given
    )


def by_the_person(volunteer_id: UUID, *, purpose: Purpose, is_given: bool, link_id: UUID) -> Consent:
    """To be recorded: said on the person's own page, in the words in force."""
    return Consent(
        volunteer_id=volunteer_id,
        purpose=purpose.value,
        is_given=is_given,
        text_version=TEXTS[purpose][0],
        channel=ConsentChannel.PAGE.value,
        proof=str(link_id),
        recorded_by="the person",
    )


async def list_withdrawn(session: AsyncSession, volunteer_ids: Collection[UUID]) -> set[UUID]:
    """Of these people, whose last word is that they want no messages."""
    return await repository.list_withdrawn(session, volunteer_ids, purpose=Purpose.MESSAGES)
