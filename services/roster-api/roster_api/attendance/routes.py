"""Routes of attendance and of duties done; its papers are in paper_routes.py."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.attendance import counts, service
from roster_api.attendance.recording import record_ticks
from roster_api.attendance.schemas import (
    AttendanceDay,
    AttendanceState,
    AttendanceTotals,
    CountsBody,
    CountsOut,
    PossibleStandIn,
    TickAnswers,
    TickBatch,
)
from roster_api.campaigns.models import Campaign
from roster_api.database import SessionDep
from roster_api.etags import SeenDep
from roster_api.paging import Page, PagingDep
from roster_api.plans.scope import RowScope
from roster_api.plans.visibility import find_school_id, get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.shapes import Day, IdPath
from roster_api.text import CODE_PATTERN, Code

router = domain_router(tag="attendance")
ATTENDANCE = "/campaigns/{campaign_id}/attendance"
COUNTS = "/campaigns/{campaign_id}/duty-counts/{commune_code}/{week_on}"
CommunePath = Annotated[str, Path(max_length=64, pattern=CODE_PATTERN, examples=["22366"])]
MondayPath = Annotated[Day, Path(description="The week's Monday", examples=["2025-11-03"])]


async def get_campaign_of_path(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Campaign:
    return await get_visible_campaign(session, principal, campaign_id)


CampaignDep = Annotated[Campaign, Depends(get_campaign_of_path)]


async def get_day_filter(
    session: SessionDep,
    commune_code: Annotated[Code | None, Query()] = None,
    school_code: Annotated[Code | None, Query()] = None,
    first_on: Annotated[Day | None, Query(description="This day and later")] = None,
    last_on: Annotated[Day | None, Query(description="This day and before")] = None,
    state: AttendanceState | None = None,
) -> service.DayFilter:
    places = RowScope(school_id=await find_school_id(session, school_code), commune_code=commune_code)
    return service.DayFilter(places=places, first=first_on, last=last_on, state=state)


@router.post(
    ATTENDANCE,
    operation_id="record_attendance",
    summary="Say who came, a batch of ticks, each once by its key",
)
async def record_attendance(
    campaign: CampaignDep, body: TickBatch, session: SessionDep, principal: PrincipalDep
) -> TickAnswers:
    """A commune for its own days, a school its view of its own people's, Home Affairs to settle. Sent again, in another
    order or days late, a tick is recorded once; 200 says of each what became of it."""
    return await record_ticks(session, principal=principal, campaign=campaign, ticks=body.ticks)


@router.get(ATTENDANCE, operation_id="list_attendance", summary="Days of service, with each side's view")
async def list_attendance(
    campaign: CampaignDep,
    wanted: Annotated[service.DayFilter, Depends(get_day_filter)],
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
) -> Page[AttendanceDay]:
    return await service.list_days(session, principal=principal, campaign=campaign, wanted=wanted, paging=paging)


@router.get(
    f"{ATTENDANCE}/totals", operation_id="get_attendance_totals", summary="Days planned, served, missed, not confirmed"
)
async def get_attendance_totals(
    campaign: CampaignDep, session: SessionDep, principal: PrincipalDep
) -> AttendanceTotals:
    return await service.describe_totals(session, principal=principal, campaign=campaign)


@router.get(
    ATTENDANCE + "/{commune_code}/stand-ins",
    operation_id="list_attendance_stand_ins",
    summary="Who may have come instead on a day, by a part of the name",
)
async def list_attendance_stand_ins(
    campaign: CampaignDep,
    commune_code: CommunePath,
    on: Day,
    q: Annotated[str, Query(min_length=2, max_length=100)],
    session: SessionDep,
    principal: PrincipalDep,
) -> list[PossibleStandIn]:
    return await service.list_stand_ins(
        session, principal=principal, campaign=campaign, commune_code=commune_code, day=on, words=q
    )


@router.get(COUNTS, operation_id="get_duty_counts", summary="Duties done in a week, by person")
async def get_duty_counts(
    campaign: CampaignDep,
    commune_code: CommunePath,
    week_on: MondayPath,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
) -> CountsOut:
    week = await counts.read_counts(
        session, principal=principal, campaign=campaign, commune_code=commune_code, week_on=week_on
    )
    return _tagged(response, week)


def _tagged(response: Response, week: CountsOut) -> CountsOut:
    response.headers["ETag"] = f'"{counts.tag_of(week.items)}"'
    return week


@router.put(
    COUNTS, operation_id="put_duty_counts", summary="Declare a week's duties done, whole", responses=problems(412)
)
async def put_duty_counts(
    campaign: CampaignDep,
    commune_code: CommunePath,
    week_on: MondayPath,
    body: CountsBody,
    session: SessionDep,
    principal: PrincipalDep,
    seen: SeenDep,
    response: Response,
) -> CountsOut:
    week = await counts.put_counts(
        session,
        principal=principal,
        campaign=campaign,
        commune_code=commune_code,
        week_on=week_on,
        body=body,
        seen=seen,
    )
    return _tagged(response, week)
