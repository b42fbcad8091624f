"""Routes of evaluation."""

from typing import Annotated

from fastapi import Depends, Path, Response

from roster_api.access.principal import PrincipalDep
from roster_api.campaigns.models import Campaign
from roster_api.database import SessionDep
from roster_api.etags import SeenDep, set_etag
from roster_api.evaluations import service
from roster_api.evaluations.models import Rated, Rater
from roster_api.evaluations.schemas import EvaluationOut, RateHelp, RateReadiness, Summary
from roster_api.evaluations.service import Verdict
from roster_api.paging import Page, PagingDep
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.text import CODE_PATTERN

router = domain_router(tag="evaluation")
EVALUATIONS = "/campaigns/{campaign_id}/evaluations"
CommunePath = Annotated[str, Path(max_length=64, pattern=CODE_PATTERN, examples=["22366"])]


async def get_campaign_of_path(campaign_id: IdPath, session: SessionDep, principal: PrincipalDep) -> Campaign:
    return await get_visible_campaign(session, principal, campaign_id)


CampaignDep = Annotated[Campaign, Depends(get_campaign_of_path)]


@router.put(
    EVALUATIONS + "/people/{volunteer_id}",
    operation_id="rate_person",
    summary="A commune rates a person who served there",
    responses=problems(412),
)
async def rate_person(
    campaign: CampaignDep, volunteer_id: IdPath, body: RateHelp, session: SessionDep, principal: PrincipalDep,
    seen: SeenDep, response: Response,
) -> EvaluationOut:  # fmt: skip
    given = await service.rate(
        session,
        campaign_id=campaign.id,
        seen=seen,
        verdict=_of_help(body, rated=Rated.PERSON, rated_id=str(volunteer_id), principal=principal),
        commune_code=principal.commune_code,
        volunteer_id=volunteer_id,
    )
    set_etag(response, given.row_version)
    return given


@router.put(
    EVALUATIONS + "/schools/{school_id}",
    operation_id="rate_school",
    summary="A commune rates a school that sent people there",
    responses=problems(412),
)
async def rate_school(
    campaign: CampaignDep, school_id: IdPath, body: RateHelp, session: SessionDep, principal: PrincipalDep,
    seen: SeenDep, response: Response,
) -> EvaluationOut:  # fmt: skip
    given = await service.rate(
        session,
        campaign_id=campaign.id,
        seen=seen,
        verdict=_of_help(body, rated=Rated.SCHOOL, rated_id=str(school_id), principal=principal),
        commune_code=principal.commune_code,
        school_id=school_id,
    )
    set_etag(response, given.row_version)
    return given


@router.put(
    EVALUATIONS + "/communes/{commune_code}",
    operation_id="rate_commune",
    summary="A school rates the readiness of a commune that its people served",
    responses=problems(412),
)
async def rate_commune(
    campaign: CampaignDep, commune_code: CommunePath, body: RateReadiness, session: SessionDep, principal: PrincipalDep,
    seen: SeenDep, response: Response,
) -> EvaluationOut:  # fmt: skip
    verdict = Verdict(
        rater=Rater.SCHOOL,
        rater_id=str(principal.school_id),
        rated=Rated.COMMUNE,
        rated_id=commune_code,
        marks={"readiness": body.readiness},
        words=body.words,
        by=principal.label,
    )
    given = await service.rate(
        session,
        campaign_id=campaign.id,
        seen=seen,
        verdict=verdict,
        commune_code=commune_code,
        school_id=principal.school_id,
    )
    set_etag(response, given.row_version)
    return given


@router.get(EVALUATIONS, operation_id="list_evaluations", summary="Single evaluations: one's own; Home Affairs all")
async def list_evaluations(
    campaign: CampaignDep, session: SessionDep, principal: PrincipalDep, paging: PagingDep
) -> Page[EvaluationOut]:
    return await service.list_evaluations(session, principal=principal, campaign=campaign, paging=paging)


@router.get(
    f"{EVALUATIONS}/summary",
    operation_id="summarise_evaluations",
    summary="Marks by school and commune (none of fewer than three), and words that were released",
)
async def summarise_evaluations(campaign: CampaignDep, session: SessionDep, principal: PrincipalDep) -> list[Summary]:
    return await service.summarise(session, principal=principal, campaign=campaign)


@router.post(
    EVALUATIONS + "/{evaluation_id}/release",
    operation_id="release_evaluation",
    summary="Let who is rated read its words",
)
async def release_evaluation(
    campaign: CampaignDep, evaluation_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> EvaluationOut:
    return await service.release(session, principal=principal, campaign=campaign, evaluation_id=evaluation_id)


def _of_help(body: RateHelp, *, rated: Rated, rated_id: str, principal: PrincipalDep) -> Verdict:
    return Verdict(
        rater=Rater.COMMUNE,
        rater_id=principal.commune_code or "",
        rated=rated,
        rated_id=rated_id,
        marks=body.model_dump(include={"help", "attitude", "skill"}),
        words=body.words,
        by=principal.label,
    )
