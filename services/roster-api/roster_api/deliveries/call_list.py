"""The call list: whom no channel reached with what they were to be told, why, and which number to telephone."""

from collections import Counter
from collections.abc import Sequence

from commune_schemas.notices import MessageStatus, RecipientKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.deliveries.asking import TheirReason, TheirUnreached
from roster_api.deliveries.calls import Calls, entry_of, list_calls_made
from roster_api.deliveries.reachable import Reachable, contact_of_school, is_theirs, list_reachable
from roster_api.deliveries.schemas import CallOut, CallOutcome, CallPage, CallReason
from roster_api.paging import Paging

MOST = 2000
NOT_KNOWN = ("Chưa rõ tin có đến hay không.", "Nobody can tell whether it arrived.")


async def describe_calls(
    session: AsyncSession,
    principal: Principal,
    unreached: Sequence[TheirUnreached],
    *,
    school_code: str | None,
    commune_code: str | None,
    is_reached: bool | None,
    paging: Paging,
) -> CallPage:
    """Those of them the caller answers for: Home Affairs their province, a coordinator the own school."""
    people = await list_reachable(session, [(each.recipient_kind, each.recipient_id) for each in unreached])
    made = await list_calls_made(session, unreached)
    everybody = []
    for each in unreached:
        who = people.get((each.recipient_kind, each.recipient_id))
        if who is not None and is_theirs(principal, who):
            everybody.append(_show(principal, each, who, made.get(entry_of(each), Calls())))
    calls = [call for call in everybody if is_reached in {None, _is_reached(call)}]
    listed = [
        call for call in calls if school_code in {None, call.school_code} and commune_code in {None, call.commune_code}
    ]
    return CallPage(
        items=listed[paging.offset : paging.offset + paging.limit],
        total=len(listed),
        limit=paging.limit,
        offset=paging.offset,
        is_cut=len(unreached) >= MOST,
        reached=sum(map(_is_reached, everybody)),
        by_school=dict(Counter(call.school_code for call in calls if call.school_code)),
        by_commune=dict(Counter(call.commune_code for call in calls if call.commune_code)),
    )


def _is_reached(call: CallOut) -> bool:
    return call.last_call is not None and call.last_call.outcome is CallOutcome.REACHED


def _show(principal: Principal, each: TheirUnreached, who: Reachable, made: Calls) -> CallOut:
    call = (who.name, who.phone) if who.phone or who.school is None else contact_of_school(who.school)
    may_see = who.school is None or principal.may_see_contacts_of_school(who.school.id)
    return CallOut(
        recipient_kind=each.recipient_kind,
        volunteer_id=who.volunteer_id,
        name=who.name,
        school_code=who.school.code if who.school else None,
        school_name=who.school.name if who.school else each.school_name,
        commune_code=each.recipient_id if each.recipient_kind is RecipientKind.COMMUNE else each.commune_code,
        kind=each.kind,
        since=each.since,
        why=[_reason(why) for why in each.why],
        call_name=call[0] if may_see and call[1] else None,
        call_phone=call[1] if may_see else None,
        calls=made.times,
        last_call=made.last,
    )


def _reason(why: TheirReason) -> CallReason:
    is_known = why.reason_vi and why.status is not MessageStatus.UNKNOWN
    vi, en = (why.reason_vi or "", why.reason_en or "") if is_known else NOT_KNOWN
    return CallReason(message_id=why.id, channel=why.channel, status=why.status, vi=vi, en=en)
