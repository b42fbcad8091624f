"""A person's own placement and answer, and the list of everyone's answers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from commune_schemas.amounts import amount
from commune_schemas.notices import WithdrawalCause
from commune_schemas.placement_details import PlacementDetails
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.answers import repository
from roster_api.answers.models import Answer, PersonalLink, PlacementAnswer
from roster_api.answers.schemas import AnswerCounts, AnswerFilter, AnswerOut, AnswerPage, MyPlacement
from roster_api.answers.vacancies import open_vacancy
from roster_api.campaigns.models import CampaignStatus
from roster_api.errors import ConflictError, TooManyError
from roster_api.fields.repository import list_guidance
from roster_api.plans import repository as plans
from roster_api.plans.frozen import read_told_of
from roster_api.plans.models import Plan
from roster_api.plans.scope import RowScope, row_scope
from roster_api.plans.visibility import may_see_contacts
from roster_api.plans.withdrawals import find_last_cause
from roster_api.volunteers.models import VolunteerStatus

log = structlog.get_logger(__name__)
ANSWERS_AN_HOUR = 10
"""Of one link: more than anybody needs to make up their mind, and few enough to be read."""


async def describe_mine(session: AsyncSession, link: PersonalLink) -> MyPlacement:
    """What the holder of a link sees now: the plan in force, whichever version the link came with."""
    owner = await repository.get_owner(session, link)
    plan = await plans.find_plan_in_force(session, link.campaign_id)
    placement = answer = before = cause = None
    if plan is not None:
        placement = await repository.find_placement(session, plan_id=plan.id, volunteer_id=link.volunteer_id)
        if plan.previous_plan_id is not None:
            before = await repository.find_placement(
                session, plan_id=plan.previous_plan_id, volunteer_id=link.volunteer_id
            )
    if placement is not None:
        answer = await repository.find_answer(session, placement, campaign_id=link.campaign_id)
    has_left = owner.volunteer.status != VolunteerStatus.ACTIVE.value
    if placement is None:
        cause = await find_last_cause(session, campaign_id=link.campaign_id, volunteer_id=link.volunteer_id)
    elif has_left and answer is not None and answer.answer == Answer.CANNOT_GO:
        cause = WithdrawalCause.CANNOT_GO
    if has_left:  # nobody's contact is shown to whom it no longer concerns
        placement = before = answer = None
        cause = cause or WithdrawalCause.LEFT
    details = await read_told_of(session, placement) if placement else None
    is_over = owner.campaign.ends_on < clock.today() or owner.campaign.status != CampaignStatus.OPEN
    return MyPlacement(
        full_name=owner.volunteer.full_name,
        school_name=owner.school.name,
        campaign_name=owner.campaign.name,
        plan_version=plan.version if plan else None,
        placement=details,
        guidance=await list_guidance(session, duties=details.duties) if details else {},
        withdrawal=cause,
        told_sha256=placement.told_sha256 if placement else None,
        changed_since_previous=bool(placement and before and placement.told_sha256 != before.told_sha256),
        may_answer=placement is not None and not is_over,
        answer=Answer(answer.answer) if answer else None,
        reason=answer.reason if answer else None,
        answered_at=answer.answered_at if answer else None,
    )


async def give_answer(
    session: AsyncSession, link: PersonalLink, *, answer: Answer, reason: str | None, told_sha256: str | None
) -> MyPlacement:
    """Record the answer to the placement as it is now. The same answer again adds nothing; another one replaces it.

    409 when there is no placement to answer, the campaign is over, or the placement is not the one they saw; 429 when
    this link changed its answer ANSWERS_AN_HOUR times within the hour: the last one stands.
    """
    await plans.lock_campaign_for_reading(session, link.campaign_id)
    await repository.lock_link(session, link)
    mine = await describe_mine(session, link)
    plan = await plans.find_plan_in_force(session, link.campaign_id)
    if plan is None or mine.told_sha256 is None or not mine.may_answer:
        raise ConflictError(
            "placement.none",
            vi="Hiện không có phân công nào để trả lời.",
            en="There is no placement to answer at present.",
        )
    if told_sha256 is not None and told_sha256 != mine.told_sha256:
        raise ConflictError(
            "placement.changed",
            vi="Phân công đã thay đổi trong lúc bạn xem. Hãy xem lại rồi trả lời.",
            en="The placement changed while you were looking. Look again, then answer.",
        )
    if mine.answer is not answer or (mine.reason or None) != (reason or None):
        await _refuse_too_many(session, link)
        given = PlacementAnswer(
            plan_id=plan.id, told_sha256=mine.told_sha256, answer=answer.value, reason=reason or None
        )
        await _record(session, link, given)
        if answer is Answer.CANNOT_GO and mine.answer is not answer:
            await open_vacancy(session, answer_id=given.id, plan_id=plan.id, volunteer_id=link.volunteer_id)
        log.info("placement.answered", plan_id=str(plan.id), volunteer_id=str(link.volunteer_id), answer=answer.value)
    return await describe_mine(session, link)


async def _record(session: AsyncSession, link: PersonalLink, given: PlacementAnswer) -> None:
    given.id, given.campaign_id, given.volunteer_id = uuid4(), link.campaign_id, link.volunteer_id
    session.add(given)
    await session.flush()


async def _refuse_too_many(session: AsyncSession, link: PersonalLink) -> None:
    ages = await repository.list_answer_ages(session, link, within=timedelta(hours=1))
    if len(ages) < ANSWERS_AN_HOUR:
        return
    seconds = max(1, 3600 - int(max(ages)))
    minutes = -(-seconds // 60)
    raise TooManyError(
        "placement.too_many_answers",
        vi=f"Bạn đã đổi câu trả lời {len(ages)} lần trong một giờ qua; câu trả lời cuối cùng vẫn được giữ. Hãy thử"
        f" lại sau {minutes} phút, hoặc gọi cho đầu mối của trường.",
        en=f"You changed your answer {amount(len(ages), 'time')} within the hour; the last one stands. Try again in"
        f" {amount(minutes, 'minute')}, or call your school's contact.",
        headers={"Retry-After": str(seconds)},
    )


async def find_withdrawn(session: AsyncSession, link: PersonalLink) -> PlacementDetails | None:
    """The placement a person had before the plan in force left them out; whom to call there is theirs no longer."""
    last = await repository.find_last_placement(session, campaign_id=link.campaign_id, volunteer_id=link.volunteer_id)
    return (await read_told_of(session, last)).without_contacts() if last else None


async def list_answers(
    session: AsyncSession,
    principal: Principal,
    plan: Plan,
    *,
    filters: RowScope,
    answer: AnswerFilter | None,
    limit: int,
    offset: int,
) -> AnswerPage:
    """Everyone placed whom the principal may see, with the answer that counts; `answer` narrows the list alone.

    A commune sees whether its people come, and not why somebody cannot.
    """
    query = repository.select_answers(plan, row_scope(principal), filters)
    listed = repository.narrow_to_answer(query, answer) if answer else query
    rows, total = await plans.fetch_rows(session, listed, limit=limit, offset=offset)
    totals = AnswerCounts()
    by_school: dict[str, AnswerCounts] = defaultdict(AnswerCounts)
    by_commune: dict[str, AnswerCounts] = defaultdict(AnswerCounts)
    for school_code, commune_code, given, people in await repository.count_answers(session, query):
        for counts in (totals, by_school[school_code], by_commune[commune_code]):
            name = given or "no_answer"
            setattr(counts, name, getattr(counts, name) + people)
    return AnswerPage(
        items=[_answer(principal, row) for row in rows],
        total=total,
        limit=limit,
        offset=offset,
        counts=totals,
        by_school=dict(by_school),
        by_commune=dict(by_commune),
    )


def _answer(principal: Principal, row: Sequence[Any]) -> AnswerOut:
    placement, person, school, answer, reason, answered_at = row
    may_ask_why = principal.role is not Role.COMMUNE_OFFICER
    shows = may_see_contacts(principal, school_id=placement.school_id, commune_code=placement.commune_code)
    return AnswerOut(
        volunteer_id=person.id,
        full_name=person.full_name,
        email=person.email if shows else None,
        phone=person.phone if shows else None,
        school_code=school.code,
        commune_code=placement.commune_code,
        answer=answer,
        reason=reason if may_ask_why else None,
        answered_at=answered_at,
    )
