"""/health/live (the process), /health (the database too) and /metrics."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy import text

from roster_api.access.authorize import GatedRoute
from roster_api.routing import problems

router = APIRouter(tags=["health"], route_class=GatedRoute)


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    database: Literal["ok", "not asked"] = "not asked"


@router.get("/health/live", operation_id="get_liveness", summary="The process runs")
async def get_liveness() -> Health:
    """Asks nothing of any other server."""
    return Health()


@router.get("/health", operation_id="get_health", summary="The database answers", responses=problems(503))
async def get_health(request: Request) -> Health:
    """503 while Postgres is away; the service itself waits and goes on when it is back."""
    async with request.app.state.engine.connect() as connection:
        await connection.execute(text("select 1"))
    return Health(database="ok")


@router.get("/metrics", operation_id="get_metrics", summary="Prometheus metrics", response_class=Response)
async def get_metrics(request: Request) -> Response:
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
