"""The frozen problem of a run: communes, what they weigh, who is beside whom, how far it is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.documents import GroupCommune, GroupsDocument
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from roster_api.blockers.models import Blocker
from roster_api.boundaries.geometry import list_neighbours, make_cells
from roster_api.boundaries.models import ProvinceBoundaries
from roster_api.boundaries.service import list_communes
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.group_runs.schemas import GroupRunRequest, Weights
from roster_api.needs.models import IS_SENT, NeedDeclaration
from roster_api.secondments.distances import metres_between

METRES_A_KM = 1000
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Frozen:
    document: GroupsDocument
    joined: Pairs


async def freeze(session: AsyncSession, *, campaign: Campaign, run_id: UUID, request: GroupRunRequest) -> Frozen:
    """Every active commune of the campaign's province takes part."""
    communes = await list_communes(session, campaign.province_code)
    weights = await _weigh(session, campaign.id, communes, request.weights)
    edges = await _list_edges(session, campaign.province_code, communes)
    distances = await asyncio.to_thread(measure, communes)
    joined = await asyncio.to_thread(join_parts, sorted(weights), edges, distances)
    mean = sum(weights.values()) / max(1, len(request.overseers))
    share = mean * request.balance_pct / 100
    document = GroupsDocument(
        schema_="mw-groups/1",
        id=str(run_id),
        title=campaign.name,
        communes=[GroupCommune(id=one.code, name=one.full_name, weight=weights[one.code]) for one in communes],
        edges=sorted({*edges, *joined}),
        k=len(request.overseers),
        lo=int(mean - share),
        hi=-int(-(mean + share) // 1),
        dist_km=distances,
    )
    return Frozen(document, joined)


async def _weigh(
    session: AsyncSession, campaign_id: UUID, communes: Sequence[Commune], weights: Weights
) -> dict[str, int]:
    found: Mapping[str, int] = {}
    if weights is Weights.NEED:
        query = (
            sa.select(NeedDeclaration)
            .where(NeedDeclaration.campaign_id == campaign_id, IS_SENT)
            .options(selectinload(NeedDeclaration.items))
        )
        found = {
            row.commune_code: sum(item.people * item.days_per_week for item in row.items)
            for row in await session.scalars(query)
        }
        return {one.code: max(1, found.get(one.code, 0)) for one in communes}
    if weights is Weights.BLOCKERS:
        counted = sa.select(Blocker.commune_code, sa.func.count()).where(Blocker.campaign_id == campaign_id)
        found = dict((await session.execute(counted.group_by(Blocker.commune_code))).all())
    return {one.code: 1 + found.get(one.code, 0) for one in communes}


async def _list_edges(session: AsyncSession, province_code: str, communes: Sequence[Commune]) -> Pairs:
    """By the imported boundaries; while there are none, by the schematic cells round the communes' places."""
    codes = {commune.code for commune in communes}
    imported = await session.get(ProvinceBoundaries, province_code)
    if imported is not None:
        return [(a, b) for a, b in imported.neighbours if a in codes and b in codes]
    places = {one.code: (one.longitude, one.latitude) for one in communes if not one.is_remote}
    return await asyncio.to_thread(_beside, province_code, places)


def _beside(province_code: str, places: dict[str, tuple[float, float]]) -> Pairs:
    return list_neighbours(make_cells(province_code, places)) if len(places) > 1 else []


def measure(communes: Sequence[Commune]) -> dict[str, dict[str, int]]:
    """Great circles in whole kilometres."""
    places = {one.code: (one.latitude, one.longitude) for one in communes}
    return {
        a: {b: round(metres_between(here, there) / METRES_A_KM) for b, there in places.items()}
        for a, here in places.items()
    }


def join_parts(codes: Sequence[str], edges: Pairs, km: Mapping[str, Mapping[str, int]]) -> Pairs:
    """The fewest and shortest pairs that make one map of several: an island goes with the nearest commune."""
    part = {code: code for code in codes}

    def find(code: str) -> str:
        while part[code] != code:
            part[code] = part[part[code]]
            code = part[code]
        return code

    for a, b in edges:
        part[find(a)] = find(b)
    joined: Pairs = []
    while len({find(code) for code in codes}) > 1:
        _, a, b = min((km[a][b], a, b) for a in codes for b in codes if a < b and find(a) != find(b))
        joined.append((a, b))
        part[find(a)] = find(b)
    return joined
