"""Three neighbouring provinces, each with an open campaign, a school, communes in need; the worker's own functions.

The service is the real application over ASGI on a migrated database. The matching worker's client speaks to it over
the same, so its jobs run here as they do in its process, solver children and all.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from commune_schemas.jobs import API_KEY_HEADER, SOLVE_BORDER_ROUND, SOLVE_MATCHING_RUN
from fastapi import FastAPI
from matching_worker.jobs.border_round import solve_border_round
from matching_worker.jobs.run import solve_matching_run
from matching_worker.roster.client import RosterClient
from matching_worker.settings import Settings as WorkerSettings
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.campaigns.policy import CampaignPolicy
from roster_api.communes.models import Commune
from roster_api.matching_runs.models import MatchingRun
from roster_api.national.gathering import gather_national_runs
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.outbox.models import OutboxRow
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.text import name_sort_key, search_key, sort_key
from roster_api.volunteers.models import Volunteer

from tests.roster_api.handed_in import stage_a
from tests.roster_api.planning_world import certificate

PLACES = {"56": (12.30, 109.10), "66": (12.60, 108.80), "68": (11.95, 108.45)}
"""Province -> where its school and communes lie: Khánh Hòa and Đắk Lắk 47 km apart, Lâm Đồng farther."""
FIRST_DAY = datetime.now(UTC).date() + timedelta(days=7)
OPTIONS = {"time_limit_seconds": 10}


@dataclass
class NationalWorld:
    app: FastAPI
    keys: dict[str, str] = field(default_factory=dict)
    campaigns: dict[str, str] = field(default_factory=dict)
    """By province code."""
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def as_(self, who: str) -> httpx.AsyncClient:
        """national (admin of all), admin (of Khánh Hòa), solver, overseer."""
        if who not in self.clients:
            self.clients[who] = self.client(self.keys[who])
        return self.clients[who]

    def client(self, key: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://roster.example", headers={API_KEY_HEADER: key})

    def session(self) -> Any:
        """A transaction of the test's own."""
        return self.app.state.sessions.begin()

    async def request(self, provinces: str = "56 66 68", **body: Any) -> dict[str, Any]:
        campaign_ids = [self.campaigns[code] for code in provinces.split()]
        answer = await self.as_("national").post(
            "/v1/national-runs", json={"name": "Cả nước", "campaign_ids": campaign_ids, "options": OPTIONS, **body}
        )
        assert answer.status_code == 202, answer.text
        made: dict[str, Any] = answer.json()
        assert answer.headers["Location"] == f"/v1/national-runs/{made['id']}"
        return made

    async def read(self, national_run_id: str, part: str = "") -> dict[str, Any]:
        answer = await self.as_("national").get(f"/v1/national-runs/{national_run_id}{part}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def open_jobs(self, topic: str) -> list[dict[str, str]]:
        """Arguments of the jobs of a name that are still to be done, as the relay would enqueue them."""
        query = sa.select(OutboxRow.args).where(OutboxRow.topic == topic, OutboxRow.done_at.is_(None))
        async with self.session() as session:
            return list((await session.scalars(query.order_by(OutboxRow.created_at, OutboxRow.id))).all())

    async def work(self, worker: str = "w1", *, runs: int | None = None) -> None:
        """What a matching worker does with the open jobs (`runs`: with so many of the provinces' only)."""
        roster = RosterClient("http://roster.example", key=self.keys["solver"])
        await roster.close()
        roster._http = self.client(self.keys["solver"])
        settings = WorkerSettings(matching_name=worker, matching_heartbeat_seconds=1)
        try:
            for args in (await self.open_jobs(SOLVE_MATCHING_RUN))[:runs]:
                await solve_matching_run(UUID(args["run_id"]), roster=roster, settings=settings)
            for args in await self.open_jobs(SOLVE_BORDER_ROUND):
                await solve_border_round(UUID(args["border_round_id"]), roster=roster, settings=settings)
        finally:
            await roster.close()

    async def play(self, run_id: str, province: str, *, worker: str = "played") -> None:
        """A worker that sends nobody: the school leads both communes, every need stays unmet."""
        service, path = self.as_("solver"), f"/v1/internal/matching-runs/{run_id}"
        lease = await service.post(f"{path}/claim", json={"worker": worker})
        needs = {"56": 8, "66": 1, "68": 2}
        led = [{"commune_code": f"{province}00{n}", "school_code": f"S{province}", "distance_m": 5_000} for n in (0, 1)]
        unmet = {"field": "digitise", "needed_days": needs[province], "unmet_days": needs[province]}
        result = {
            "lease_token": lease.json()["lease_token"],
            "status": "succeeded",
            "certificate": certificate(),
            "stage_a": stage_a({str(row["commune_code"]): str(row["school_code"]) for row in led}),
            "responsibilities": [{**row, "is_lead": True, "promised_days": {}} for row in led],
            "shortfalls": [{"commune_code": row["commune_code"], **unmet} for row in led],
        }
        answer = await service.put(f"{path}/result", json=result)
        assert answer.status_code == 204, answer.text

    async def gather(self) -> int:
        """The relay's sweep."""
        async with self.session() as session:
            return await gather_national_runs(session)

    async def let_lease_run_out(self, run_id: str) -> None:
        async with self.session() as session:
            past = sa.func.now() - sa.text("interval '1 second'")
            await session.execute(sa.update(MatchingRun).where(MatchingRun.id == run_id).values(held_until=past))


@asynccontextmanager
async def national_world(database_url: str) -> AsyncIterator[NationalWorld]:
    """Khánh Hòa needs more than its two people can give; Đắk Lắk's six have days to spare; Lâm Đồng is far away."""
    world = NationalWorld(app=create_app(Settings(database_url=database_url, database_pool=4)))
    async with world.session() as session:
        for code, people, days in (("56", 2, 8), ("66", 6, 1), ("68", 2, 2)):
            world.campaigns[code] = str(await _add_province(session, code, people=people, days_per_commune=days))
        for who, role, province in (
            ("national", Role.ADMIN, None),
            ("admin", Role.ADMIN, "56"),
            ("solver", Role.SOLVER, None),
            ("overseer", Role.OVERSEER, None),
        ):
            world.keys[who] = (await add_key(session, label=who, role=role, province_code=province))[1]
    try:
        yield world
    finally:
        for client in world.clients.values():
            await client.aclose()
        await world.app.state.engine.dispose()


async def _add_province(session: Any, code: str, *, people: int, days_per_commune: int) -> UUID:
    """A school with so many people of 3 days, two communes wanting so many person-days a week of digitising."""
    latitude, longitude = PLACES[code]
    school_name = f"Trường {code}"
    school = School(
        code=f"S{code}",
        province_code=code,
        name=school_name,
        kind="university",
        latitude=latitude,
        longitude=longitude,
        search_key=search_key(school_name),
        sort_key=sort_key(school_name),
    )
    campaign = Campaign(
        province_code=code,
        name=f"Đợt {code}",
        search_key=f"dot {code}",
        status=CampaignStatus.OPEN.value,
        starts_on=FIRST_DAY,
        ends_on=FIRST_DAY + timedelta(days=27),
        start_time=time(7, 30),
        end_time=time(16, 30),
        policy=CampaignPolicy().model_dump(mode="json"),
    )
    communes = [_commune(code, number) for number in (0, 1)]
    session.add_all([school, campaign, *communes])
    await session.flush()
    session.add_all(_person(school, number) for number in range(people))
    session.add_all(_need(campaign, commune, days=days_per_commune) for commune in communes)
    await session.flush()
    return campaign.id


def _commune(code: str, number: int) -> Commune:
    latitude, longitude = PLACES[code]
    name = f"Xã {code} {number}"
    return Commune(
        code=f"{code}00{number}",
        province_code=code,
        kind="commune",
        name=name,
        full_name=name,
        latitude=latitude + 0.05 * number,
        longitude=longitude,
        search_key=search_key(name),
        sort_key=sort_key(name),
    )


def _need(campaign: Campaign, commune: Commune, *, days: int) -> NeedDeclaration:
    return NeedDeclaration(
        campaign_id=campaign.id,
        commune_code=commune.code,
        lacks_it_staff=commune.code.endswith("0"),
        presence=[0, 0, 0, 0, 0],
        declared_by="test",
        items=[NeedItem(duty_code="digitise", people=days, days_per_week=1)],
    )


def _person(school: School, number: int) -> Volunteer:
    name = f"Nguyễn Văn {school.code} {number}"
    return Volunteer(
        school_id=school.id,
        full_name=name,
        search_key=search_key(name),
        sort_key=name_sort_key(name),
        role="lecturer",
        skills={"digitise": 2},
        free_weekdays=[0, 2, 4],
        max_days=3,
    )
