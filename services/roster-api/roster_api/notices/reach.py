"""Whom publishing a plan would tell, by how many messages, and whom it would not reach: to be confirmed in numbers."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.amounts import amount
from commune_schemas.notices import Channel
from commune_schemas.problem import FieldError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.unable import list_unable_since_pins
from roster_api.campaigns.models import Campaign
from roster_api.consents.service import list_withdrawn
from roster_api.deliveries.refused import Refusals
from roster_api.errors import ConflictError
from roster_api.notices.unreached import describe_unreached, find_reached
from roster_api.plans.changes import Change, PersonChange, list_changes
from roster_api.plans.models import Plan
from roster_api.plans.schemas import SEGMENTS_AT_MOST, Confirmation, Reach, ToldAgain, UnablePerson, UnreachedPerson
from roster_api.provinces.models import Province
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

NOT_ASKED_WORDS = (
    " Bộ gửi tin chưa trả lời: chưa biết liên hệ nào đã từng bị từ chối.",
    " The notifier does not answer: whose contacts were refused for good before is not known.",
)


async def measure_reach(
    session: AsyncSession, plan: Plan, changes: Sequence[PersonChange], *, refusals: Refusals
) -> Reach:
    """By the roster as it is now, and by what the notifier said of its contacts (`refusals`). Text messages go to
    Vietnamese mobiles alone: a landline reaches nobody."""
    news = {change.volunteer_id: channels for change in changes if (channels := _list_news(change, refusals))}
    unchanged = {change.volunteer_id for change in changes if change.change is Change.UNCHANGED}
    withdrawn = await list_withdrawn(session, list(news))
    people, messages, texts, unreached, again = 0, 0, 0, [], []
    for person, school_code in await _list_people(session, list(news)):
        reached = find_reached(person, refusals, is_withdrawn=person.id in withdrawn)
        used = [channel for channel in reached.used if channel in news[person.id]]
        if not used and len(news[person.id]) < len(Channel):
            continue  # told by one channel, and nothing would go by the other
        people += 1
        if person.id in unchanged:
            again.append(_describe_again(person, school_code, used))
        messages += len(used)
        texts += Channel.SMS in used
        if reached.is_to_be_shown:
            unreached.append(describe_unreached(person, school_code, reached))
    nowhere = sum(len(person.without) == len(Channel) for person in unreached)
    segments = texts * SEGMENTS_AT_MOST
    price, unable = await _find_price(session, plan), await _list_unable(session, plan, changes)
    confirm = Confirmation(
        people=people,
        messages=messages,
        unreachable=nowhere,
        sms=texts,
        segments=segments,
        cost_vnd=None if price is None else segments * price,
        unable=sum(person.change is not Change.UNCHANGED for person in unable),
    )
    return Reach(confirm=confirm, unreached=unreached, again=again, unable=unable, is_notifier_asked=refusals.is_known)


def _list_news(change: PersonChange, refusals: Refusals) -> list[Channel]:
    """The channels by which the notifier will have something to tell, as it decides when it sends."""
    if change.change is not Change.UNCHANGED:
        return refusals.list_news(change.volunteer_id, change.now)
    return [channel for channel in Channel if (change.volunteer_id, channel) in refusals.untold]


def _describe_again(person: Volunteer, school_code: str, used: list[Channel]) -> ToldAgain:
    return ToldAgain(volunteer_id=person.id, full_name=person.full_name, school_code=school_code, channels=used)


async def _list_unable(session: AsyncSession, plan: Plan, changes: Sequence[PersonChange]) -> list[UnablePerson]:
    """By school and name. A plan computed before an answer does not know of it."""
    said_no = await list_unable_since_pins(session, plan.campaign_id)
    placed = {change.volunteer_id: change for change in changes if change.now and change.volunteer_id in said_no}
    return [
        UnablePerson(
            volunteer_id=person.id,
            full_name=person.full_name,
            school_code=school_code,
            commune_code=place.commune_code,
            change=placed[person.id].change,
            answered_at=said_no[person.id],
        )
        for person, school_code in await _list_people(session, list(placed))
        if (place := placed[person.id].now) is not None
    ]


async def _find_price(session: AsyncSession, plan: Plan) -> int | None:
    """Of one segment, in the plan's province."""
    query = sa.select(Province.sms_price_vnd).join(Campaign, Campaign.province_code == Province.code)
    price: int | None = await session.scalar(query.where(Campaign.id == plan.campaign_id))
    return price


async def _list_people(session: AsyncSession, ids: Sequence[UUID]) -> list[tuple[Volunteer, str]]:
    query = (
        sa.select(Volunteer, School.code)
        .join(School, School.id == Volunteer.school_id)
        .where(Volunteer.id.in_(ids))
        .order_by(School.sort_key, School.id, Volunteer.sort_key, Volunteer.id)
    )
    return [(person, code) for person, code in await session.execute(query)]


async def refuse_if_not_confirmed(
    session: AsyncSession, plan: Plan, *, confirm: Confirmation | None, refusals: Refusals
) -> None:
    """409 with today's numbers and whom they leave out, unless `confirm` is these numbers.

    The caller holds a lock of the campaign, and the plan is not published yet.
    """
    reach = await measure_reach(session, plan, await list_changes(session, plan), refusals=refusals)
    now = reach.confirm
    if confirm is not None and confirm.agrees_with(now):
        return
    cost_vi = f" (nhiều nhất {now.cost_vnd} đồng)" if now.cost_vnd is not None else ""
    cost_en = f" (at most {now.cost_vnd} đồng)" if now.cost_vnd is not None else ""
    unable_vi, unable_en = _unable_in_words(now.unable)
    asked_vi, asked_en = NOT_ASKED_WORDS if not refusals.is_known else ("", "")
    raise ConflictError(
        "plan.confirm",
        vi=f"Ban hành lúc này sẽ báo cho {now.people} người bằng {now.messages} tin, trong đó {now.sms} SMS, nhiều nhất"
        f" {now.segments} phần tin{cost_vi}; {now.unreachable} người không nhận được gì{unable_vi}.{asked_vi} Hãy xem"
        " lại rồi gửi lại kèm confirm với đúng các số này.",
        en=f"Publishing now tells {amount(now.people, 'person')} by {amount(now.messages, 'message')},"
        f" {now.sms} of them SMS of at most {amount(now.segments or 0, 'segment')}{cost_en};"
        f" {now.unreachable} would get nothing{unable_en}.{asked_en} Look again, then"
        " send confirm with exactly these numbers.",
        errors=[
            *(_asked_again(person) for person in reach.unable if person.change is not Change.UNCHANGED),
            *map(_left_out, reach.unreached),
        ],
        facts={"confirm": now.model_dump(), "is_notifier_asked": refusals.is_known},
    )


def _unable_in_words(people: int) -> tuple[str, str]:
    if not people:
        return "", ""
    return (
        f"; {people} người bị xếp đi dù đã báo không đi được",
        f"; {people} are told to go although they said that they cannot",
    )


def _asked_again(person: UnablePerson) -> FieldError:
    return FieldError(
        pointer=f"volunteer:{person.volunteer_id}",
        code="volunteer.cannot_go",
        vi="Người này đã báo không đi được, mà phương án vẫn xếp đi. Hãy chạy lại việc ghép, hoặc thay người.",
        en="This person said that they cannot go; the plan places them all the same. Run the matching again, or place"
        " somebody else.",
    )


def _left_out(person: UnreachedPerson) -> FieldError:
    return FieldError(
        pointer=f"volunteer:{person.volunteer_id}",
        code=_code_of(person.without),
        vi=person.vi,
        en=person.en,
    )


def _code_of(without: Sequence[Channel]) -> str:
    if len(without) == len(Channel):
        return "volunteer.unreachable"
    return "volunteer.no_sms" if Channel.SMS in without else "volunteer.no_email"
