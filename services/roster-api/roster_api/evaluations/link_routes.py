"""The route by which a person rates the commune they served, by their own link."""

from fastapi import Response

from roster_api.answers.access import LinkDep, LinkRoute
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError
from roster_api.etags import SeenDep, set_etag
from roster_api.evaluations.models import Rated, Rater
from roster_api.evaluations.repository import find_service
from roster_api.evaluations.schemas import EvaluationOut, RateReadiness
from roster_api.evaluations.service import Verdict, rate
from roster_api.routing import domain_router, problems

router = domain_router(tag="personal links", route_class=LinkRoute)


@router.put(
    "/me/evaluation",
    operation_id="rate_my_commune",
    summary="How ready was the commune I served?",
    responses=problems(412, 429),
)
async def rate_my_commune(
    link: LinkDep, session: SessionDep, body: RateReadiness, seen: SeenDep, response: Response
) -> EvaluationOut:
    """404 for who has no day of service in the campaign. The commune never reads who said what."""
    served = await find_service(session, campaign_id=link.campaign_id, volunteer_id=link.volunteer_id)
    if served is None:
        raise NotFoundError
    verdict = Verdict(
        rater=Rater.PERSON,
        rater_id=str(link.volunteer_id),
        rated=Rated.COMMUNE,
        rated_id=served[0],
        marks={"readiness": body.readiness},
        words=body.words,
        by=None,
    )
    given = await rate(
        session,
        campaign_id=link.campaign_id,
        verdict=verdict,
        seen=seen,
        commune_code=served[0],
        volunteer_id=link.volunteer_id,
    )
    set_etag(response, given.row_version)
    return given
