"""Composition root of the HTTP service: settings in, application out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog
from asgi_correlation_id import CorrelationIdMiddleware
from commune_schemas.jobs import CORRELATION_HEADER
from commune_schemas.notices import SourceKind
from commune_service.sealing import use_sealer
from fastapi import APIRouter, Depends, FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

import roster_api.accounts.routes
import roster_api.advice.routes
import roster_api.allowances.routes
import roster_api.answers.consent_routes
import roster_api.answers.link_routes
import roster_api.answers.routes
import roster_api.api_keys.routes
import roster_api.attendance.paper_routes
import roster_api.attendance.routes
import roster_api.audit.routes
import roster_api.blockers.routes
import roster_api.boundaries.routes
import roster_api.campaigns.routes
import roster_api.communes.routes
import roster_api.consents.routes
import roster_api.data_requests.link_routes
import roster_api.data_requests.routes
import roster_api.data_requests.subject_routes
import roster_api.decisions.routes
import roster_api.deliveries.order_routes
import roster_api.deliveries.routes
import roster_api.editing.routes
import roster_api.evaluations.link_routes
import roster_api.evaluations.routes
import roster_api.fields.routes
import roster_api.group_runs.internal_routes
import roster_api.group_runs.routes
import roster_api.health
import roster_api.invitations.routes
import roster_api.matching_runs.internal_routes
import roster_api.matching_runs.routes
import roster_api.message_settings.suppression_routes
import roster_api.message_settings.template_routes
import roster_api.message_settings.webhook_routes
import roster_api.national.routes
import roster_api.need_reviews.routes
import roster_api.needs.routes
import roster_api.notices.routes
import roster_api.notices.unsubscribe_routes
import roster_api.papers.routes
import roster_api.plans.routes
import roster_api.provinces.routes
import roster_api.public_plans.routes
import roster_api.registers.routes
import roster_api.review.routes
import roster_api.rosters.routes
import roster_api.scenarios.routes
import roster_api.schools.routes
import roster_api.secondments.internal_routes
import roster_api.secondments.routes
import roster_api.secondments.run_routes
import roster_api.service_papers.routes
import roster_api.staff.member_routes
import roster_api.staff.post_routes
import roster_api.staff.review_routes
import roster_api.staff.unit_routes
import roster_api.standing.routes
import roster_api.timeline.routes
import roster_api.training.routes
import roster_api.volunteers.routes
from roster_api.access.authorize import refuse_ungated
from roster_api.access.grant_watch import GrantWatch
from roster_api.access.key_sets import KeySets
from roster_api.access.keys import ensure_configured_keys
from roster_api.access.last_use import LastUse
from roster_api.access.rates import Rates
from roster_api.at_once import Turns
from roster_api.audit.recording import record_binding, record_refusal, recorded
from roster_api.data_requests.notices import list_notices_of_data_request
from roster_api.database import create_engine, create_reading_sessions, create_sessions
from roster_api.edge import EdgedApp, answer_outside_routes
from roster_api.error_answers import add_error_handlers
from roster_api.matching_runs.watching import RunWatches
from roster_api.metrics import MetricsMiddleware
from roster_api.notices.sources import add_lister
from roster_api.openapi import DESCRIPTION, describe
from roster_api.origins import allow_portals
from roster_api.ports import PortMiddleware
from roster_api.routing import MAXIMUM_BODY_BYTES, add_routes
from roster_api.settings import Settings

log = structlog.get_logger(__name__)

KEY_RETRY_SECONDS = 2.0

ROUTERS: tuple[APIRouter, ...] = (
    roster_api.health.router,
    roster_api.volunteers.routes.router,  # early: routes are looked for in this order, and these are asked for most
    roster_api.plans.routes.router,
    roster_api.accounts.routes.router,
    roster_api.provinces.routes.router,
    roster_api.communes.routes.router,
    roster_api.boundaries.routes.router,
    roster_api.schools.routes.router,
    roster_api.staff.unit_routes.router,
    roster_api.staff.member_routes.router,
    roster_api.staff.post_routes.router,
    roster_api.staff.review_routes.router,
    roster_api.secondments.run_routes.router,
    roster_api.group_runs.routes.router,
    roster_api.group_runs.internal_routes.router,
    roster_api.secondments.routes.router,
    roster_api.secondments.internal_routes.router,
    roster_api.fields.routes.router,
    roster_api.campaigns.routes.router,
    roster_api.needs.routes.router,
    roster_api.need_reviews.routes.router,
    roster_api.decisions.routes.router,
    roster_api.rosters.routes.router,
    roster_api.registers.routes.router,
    roster_api.api_keys.routes.router,
    roster_api.audit.routes.router,
    roster_api.matching_runs.routes.router,
    roster_api.matching_runs.internal_routes.router,
    roster_api.scenarios.routes.router,
    roster_api.advice.routes.router,
    roster_api.advice.routes.internal,
    roster_api.national.routes.router,
    roster_api.national.routes.internal,
    roster_api.papers.routes.router,
    roster_api.allowances.routes.router,
    roster_api.service_papers.routes.router,
    roster_api.review.routes.router,
    roster_api.service_papers.routes.public,
    roster_api.editing.routes.router,
    roster_api.notices.routes.router,
    roster_api.notices.routes.internal,
    roster_api.notices.unsubscribe_routes.pages,
    roster_api.answers.routes.router,
    roster_api.attendance.routes.router,
    roster_api.attendance.paper_routes.router,
    roster_api.blockers.routes.router,
    roster_api.evaluations.routes.router,
    roster_api.standing.routes.router,
    roster_api.timeline.routes.router,
    roster_api.training.routes.router,
    roster_api.evaluations.link_routes.router,
    roster_api.deliveries.routes.router,
    roster_api.deliveries.order_routes.router,
    roster_api.deliveries.order_routes.internal,
    roster_api.message_settings.suppression_routes.router,
    roster_api.message_settings.template_routes.router,
    roster_api.message_settings.webhook_routes.router,
    roster_api.public_plans.routes.router,
    roster_api.answers.link_routes.router,
    roster_api.answers.consent_routes.router,
    roster_api.consents.routes.router,
    roster_api.data_requests.routes.router,
    roster_api.data_requests.subject_routes.router,
    roster_api.data_requests.routes.internal,
    roster_api.data_requests.link_routes.router,
    roster_api.data_requests.link_routes.pages,
    roster_api.answers.routes.pages,
    roster_api.invitations.routes.router,
    roster_api.invitations.routes.pages,
)
"""One line a domain folder."""
add_lister(SourceKind.DATA_REQUEST, list_notices_of_data_request)


async def ensure_keys(app: FastAPI) -> None:
    """Makes sure that the configured keys exist; tries again while the database is away or not migrated yet."""
    while True:
        try:
            async with app.state.sessions.begin() as session:
                await ensure_configured_keys(session, app.state.settings)
        except (SQLAlchemyError, OSError) as error:
            log.warning("keys.not_ensured_yet", error=type(error).__name__)
            await asyncio.sleep(KEY_RETRY_SECONDS)
        else:
            return


@contextlib.asynccontextmanager
async def _run(app: FastAPI) -> AsyncIterator[None]:
    working = [asyncio.create_task(ensure_keys(app)), asyncio.create_task(app.state.last_use.write_for_ever())]
    try:
        yield
    finally:
        for task in working:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await app.state.rates.close()
        await app.state.engine.dispose()


def keep_state(app: FastAPI, settings: Settings) -> None:
    """What every request finds in `app.state`: one of each an application."""
    app.state.settings = settings
    app.state.engine = create_engine(
        settings.database_url,
        pool_size=settings.database_pool,
        timeout_seconds=settings.database_timeout_seconds,
    )
    app.state.sessions = create_sessions(app.state.engine)
    app.state.reading_sessions = create_reading_sessions(app.state.engine)
    app.state.recorded = recorded
    app.state.record_refusal = record_refusal
    app.state.record_binding = record_binding
    app.state.turns = Turns()
    app.state.rates = Rates(settings)
    app.state.keys_in_hand = set()
    app.state.grant_watch = GrantWatch(app.state.sessions)
    app.state.last_use = LastUse(app.state.sessions)
    app.state.key_sets = KeySets(rule=settings.outbound_rule, refetch_seconds=settings.issuers_asked_every_seconds)
    app.state.run_watches = RunWatches(app.state.sessions)
    app.state.metrics = CollectorRegistry()


def create_app(settings: Settings) -> FastAPI:
    """The application; needs a migrated database, but starts and answers 503 without one."""
    app = EdgedApp(
        title="Commune roster",
        version="1",
        description=DESCRIPTION,
        lifespan=_run,
        dependencies=[Depends(refuse_ungated)],
        max_body_size=MAXIMUM_BODY_BYTES,
        separate_input_output_schemas=False,
        redirect_slashes=False,  # a redirect would name whatever host the request did
        docs_url=None,  # pages that run another host's scripts, where people would paste their keys
        redoc_url=None,
        openapi_url=None if settings.is_production else "/openapi.json",
    )
    keep_state(app, settings)
    use_sealer(settings.make_sealer())
    add_error_handlers(app)
    app.add_exception_handler(HTTPException, answer_outside_routes)
    for router in ROUTERS:
        add_routes(app, router)
    describe(app)
    app.add_middleware(PortMiddleware)
    allow_portals(app, settings.portal_origins)
    app.add_middleware(MetricsMiddleware, registry=app.state.metrics)
    app.add_middleware(CorrelationIdMiddleware, header_name=CORRELATION_HEADER)
    return app
