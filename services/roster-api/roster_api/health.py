"""/health/live (the process), /health (the database, and what the relay says of the queue) and /metrics."""

from typing import Literal

from commune_service.queue_health import QueueState
from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from roster_api.access.authorize import GatedRoute
from roster_api.outbox.service import are_notices_overdue, find_queue_state
from roster_api.routing import gated_router, problems

router = gated_router(tag="health", route_class=GatedRoute)


class Health(BaseModel):
    """`degraded`: people are served, and jobs wait in rows until the queue, or the notifier, takes them."""

    status: Literal["ok", "degraded"] = "ok"
    database: Literal["ok", "not asked"] = "not asked"
    queue: Literal["ok", "away", "read_only", "full", "refuses", "not known", "not asked"] = "not asked"
    """By the relay that was heard last; `not known` where none was heard for 30 s."""
    notices: Literal["ok", "overdue", "not asked"] = "not asked"
    """`overdue`: the notifier has not done for five minutes what it was asked for. It is away, or older than roster-api
    and does not know such notices yet; they are handed to it again until it has done it."""


@router.head("/health/live", include_in_schema=False)
@router.get("/health/live", operation_id="get_liveness", summary="The process runs")
async def get_liveness() -> Health:
    """Asks nothing of any other server."""
    return Health()


@router.head("/health", include_in_schema=False)
@router.get("/health", operation_id="get_health", summary="The database answers", responses=problems(503))
async def get_health(request: Request) -> Health:
    """503 while Postgres is away; the service itself waits and goes on when it is back."""
    async with request.app.state.sessions() as session:
        state = await find_queue_state(session)
        is_overdue = await are_notices_overdue(session)
    is_well = state in {None, QueueState.OK} and not is_overdue
    return Health(
        status="ok" if is_well else "degraded",
        database="ok",
        queue="not known" if state is None else state.value,
        notices="overdue" if is_overdue else "ok",
    )


@router.get("/metrics", operation_id="get_metrics", summary="Prometheus metrics", response_class=Response)
async def get_metrics(request: Request) -> Response:
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
