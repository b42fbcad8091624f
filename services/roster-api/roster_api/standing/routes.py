"""The route of the leaders' numbers."""

from typing import Annotated

from fastapi import Depends, Request

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.plans.visibility import get_visible_campaign
from roster_api.routing import domain_router
from roster_api.shapes import IdPath
from roster_api.standing.schemas import CampaignStanding
from roster_api.standing.service import Standings

router = domain_router(tag="leaders")


async def get_standings(request: Request) -> Standings:
    """One an application."""
    kept: Standings | None = getattr(request.app.state, "standings", None)
    if kept is None:
        kept = request.app.state.standings = Standings()
    return kept


@router.get(
    "/campaigns/{campaign_id}/standing",
    operation_id="get_standing",
    summary="Communes covered, short, stuck, priority ones first; what the month has done so far",
)
async def get_standing(
    campaign_id: IdPath,
    session: SessionDep,
    principal: PrincipalDep,
    standings: Annotated[Standings, Depends(get_standings)],
) -> CampaignStanding:
    """Counted at most ten seconds ago. Names communes and schools, and nobody else."""
    campaign = await get_visible_campaign(session, principal, campaign_id)
    return await standings.get(session, campaign, principal=principal)
