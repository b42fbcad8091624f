"""The routes of limits: what today used of each, what waits; an officer lets go what too many refusals held."""

from typing import Annotated

from commune_schemas.notices import Channel, NoticeKind
from commune_service import clock
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, literal_column, select

from notifier import limits
from notifier.api.access import GatedRoute
from notifier.api.routes import PROBLEMS
from notifier.database import SessionDep
from notifier.limits import NEAR, REFUSED_FROM, REFUSED_NEAR, Period, Scope
from notifier.models import Counter, Message
from notifier.quiet_hours import is_quiet
from notifier.settings import Settings

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute, tags=["limits"])


class LimitRead(BaseModel):
    """`scope`: 'sms', 'sms/segments', 'email/kind/reserve'. `at_most` None: no limit is set."""

    scope: str
    period: Period
    used: int
    at_most: int | None
    is_near: bool
    """80 % of it are used."""


class RefusedRead(BaseModel):
    """Of today's messages of a channel, how many came back as undeliverable."""

    channel: Channel
    handed_over: int
    refused: int
    is_near: bool
    """5 % came back: look at the lists."""
    is_held: bool
    """10 % came back: what is not urgent waits until it is released."""
    is_released: bool


class LimitsRead(BaseModel):
    limits: list[LimitRead]
    refused: list[RefusedRead]
    waiting: dict[str, int]
    """Messages that wait, by the limit they wait for (`limits.day`, `limits.cost` ...)."""
    is_quiet_now: bool
    """Text messages that are not urgent wait for the morning."""


class ReleaseRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]+$")]


@router.get("/limits", operation_id="get_limits", summary="What today used of each limit, and what waits for one")
async def get_limits(request: Request, session: SessionDep) -> LimitsRead:
    settings: Settings = request.app.state.settings
    used = await _read_counters(session)
    waiting = await session.execute(
        select(Message.reason_code, func.count())
        .where(Message.status == "pending", Message.reason_code.startswith("limits."))
        .group_by(Message.reason_code)
    )
    return LimitsRead(
        limits=[_describe(settings, scope, used.get(scope, 0)) for scope in _list_scopes(settings)],
        refused=[_describe_refused(used, channel) for channel in Channel],
        waiting={code: number for code, number in waiting if code is not None},
        is_quiet_now=is_quiet(settings, clock.now()),
    )


@router.post(
    "/limits/{channel}/release",
    operation_id="release_channel",
    summary="Send what too many refusals held, for today",
    status_code=204,
)
async def release_channel(request: Request, session: SessionDep, channel: Channel, body: ReleaseRequest) -> None:
    """Messages held go within a quarter of an hour."""
    await limits.release(session, channel.value)
    request.state.audit_details = {"channel": channel.value, "reason": body.reason}


async def _read_counters(session: SessionDep) -> dict[Scope, int]:
    """Of this minute and day, those of one recipient or officer left out."""
    now = func.date_trunc(Counter.period, literal_column(limits.CLOCK), limits.TIME_ZONE)
    rows = await session.execute(
        select(Counter.scope, Counter.period, Counter.used).where(
            Counter.starts_at == now, ~Counter.scope.contains("/to/"), ~Counter.scope.contains("/test/")
        )
    )
    return {Scope(scope, Period(period)): used for scope, period, used in rows}


def _list_scopes(settings: Settings) -> list[Scope]:
    scopes = [Scope(channel.value, period) for channel in Channel for period in Period]
    kinds = [Scope(f"{c.value}/kind/{k.value}", Period.DAY) for c in Channel for k in NoticeKind]
    limited = [scope for scope in kinds if limits.find_limit(settings, scope) is not None]
    return [*scopes, Scope("sms/segments", Period.DAY), *limited]


def _describe(settings: Settings, scope: Scope, used: int) -> LimitRead:
    at_most = limits.find_limit(settings, scope)
    is_near = at_most is not None and used >= NEAR * at_most
    return LimitRead(scope=scope.name, period=scope.period, used=used, at_most=at_most, is_near=is_near)


def _describe_refused(used: dict[Scope, int], channel: Channel) -> RefusedRead:
    handed = used.get(Scope(channel.value, Period.DAY), 0)
    refused = used.get(Scope(f"{channel.value}/refused", Period.DAY), 0)
    is_released = used.get(Scope(f"{channel.value}/released", Period.DAY), 0) > 0
    return RefusedRead(
        channel=channel,
        handed_over=handed,
        refused=refused,
        is_near=handed >= REFUSED_FROM and refused >= REFUSED_NEAR * handed,
        is_held=limits.is_refused_too_often(handed=handed, refused=refused, is_released=is_released),
        is_released=is_released,
    )
