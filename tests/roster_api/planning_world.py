"""A small province for the tests of runs, plans, notices and answers: two schools, three communes, six people.

The service is the real application over ASGI on a migrated database; the matching worker is played by `solve()`.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from fastapi import FastAPI
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.campaigns.calendar import is_holiday
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.communes.models import Commune
from roster_api.matching_runs.repository import get_problem
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.plans.models import Plan
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.text import name_sort_key, search_key, sort_key
from roster_api.volunteers.models import Volunteer
from sqlalchemy.ext.asyncio import AsyncSession

from tests.roster_api.handed_in import OBJECTIVE, stage_a, stage_b
from tests.support.publishing import after_a_look

PROVINCE = "56"
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Cẩm Châu", "Phạm Dũng", "Võ Thị Én", "Đỗ Giang")
PUBLIC_URL = "https://roster.example"


@dataclass
class World:
    """Ids of what was made, and a caller for each role."""

    app: FastAPI
    campaign_id: UUID
    school_ids: dict[str, UUID]
    volunteer_ids: list[UUID]
    """Three of school S1, then three of S2."""
    keys: dict[str, str]
    communes: tuple[str, ...] = ("C1", "C2", "C3")
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def as_(self, who: str) -> httpx.AsyncClient:
        """A caller: admin, solver, notifier, overseer, finance, s1, s2 (coordinators), c1 (commune officer), nobody."""
        if who not in self.clients:
            headers = {"X-Api-Key": self.keys[who]} if who != "nobody" else {}
            self.clients[who] = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=self.app), base_url=PUBLIC_URL, headers=headers
            )
        return self.clients[who]

    def session(self) -> Any:
        """A transaction of the test's own."""
        return self.app.state.sessions.begin()

    async def request_run(self, **body: Any) -> str:
        answer = await self.as_("admin").post(f"/v1/campaigns/{self.campaign_id}/matching-runs", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    async def claim(self, run_id: str, worker: str = "w1") -> httpx.Response:
        return await self.as_("solver").post(f"{run_path(run_id)}/claim", json={"worker": worker})

    async def solve(self, run_id: str, places: Sequence[tuple[int, str, Sequence[int]]] = ()) -> dict[str, Any]:
        """Play the worker: claim, and put a result placing person number n in a commune on weekdays."""
        claim = await self.claim(run_id)
        assert claim.status_code == 200, claim.text
        async with self.session() as session:
            frozen = await get_problem(session, UUID(run_id))
        communes = [row["code"] for row in frozen["communes"]]
        result = self.result(claim.json()["lease_token"], places, communes=communes)
        answer = await self.as_("solver").put(f"{run_path(run_id)}/result", json=result)
        assert answer.status_code == 204, answer.text
        return result

    def result(
        self,
        lease_token: str,
        places: Sequence[tuple[int, str, Sequence[int]]],
        *,
        communes: Collection[str] = ("C1", "C2", "C3"),
    ) -> dict[str, Any]:
        """`communes`: those of the frozen problem, each led by its school."""
        lead = {commune: school for commune, school in LEADS.items() if commune in communes}
        return {
            "lease_token": lease_token,
            "status": "succeeded",
            "certificate": certificate(),
            "responsibilities": [responsibility(commune, school) for commune, school in lead.items()],
            "placements": [
                {
                    "volunteer_id": str(self.volunteer_ids[number]),
                    "commune_code": commune,
                    "weekdays": list(weekdays),
                    "work_days": {"digitise": len(weekdays)},
                    "distance_m": 12_400,
                    "dates": [day.isoformat() for day in days_of_service(weekdays)],
                }
                for number, commune, weekdays in places
            ],
            "shortfalls": [{"commune_code": "C3", "field": "kpi", "needed_days": 2, "unmet_days": 1}],
            "conflict": [],
            "stage_a": stage_a(lead),
            "stage_b": self._stage_b(places),
            "explanations": {"C1": explanation("C1", "S1", person=str(self.volunteer_ids[2]))},
        }

    def _stage_b(self, places: Sequence[tuple[int, str, Sequence[int]]]) -> dict[str, Any]:
        placed: dict[str, list[tuple[str, str, Sequence[int]]]] = {"S1": [], "S2": []}
        for number, commune, weekdays in places:
            placed["S1" if number < 3 else "S2"].append((str(self.volunteer_ids[number]), commune, weekdays))
        return {school: stage_b(people, school=school) for school, people in placed.items() if people}

    async def make_plan(self, places: Sequence[tuple[int, str, Sequence[int]]], **body: Any) -> str:
        """A draft plan with these placements; returns its id."""
        run_id = await self.request_run(**body)
        await self.solve(run_id, places)
        run = (await self.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
        return str(run["plan_id"])

    async def publish(self, plan_id: str) -> httpx.Response:
        """Approve and publish, as after a look at the changes."""
        admin = self.as_("admin")
        body = after_a_look((await admin.get(f"/v1/plans/{plan_id}/changes")).json())
        await admin.post(f"/v1/plans/{plan_id}/approve", json={"base_plan_id": body["base_plan_id"]})
        return await admin.post(f"/v1/plans/{plan_id}/publish", json=body)

    async def make_published(self, places: Sequence[tuple[int, str, Sequence[int]]]) -> str:
        plan_id = await self.make_plan(places)
        answer = await self.publish(plan_id)
        assert answer.status_code == 200, answer.text
        return plan_id

    async def outbox_id_of(self, plan_id: str) -> str:
        """The row that asks for the notices of a published plan."""
        async with self.session() as session:
            return str(await session.scalar(sa.select(Plan.outbox_id).where(Plan.id == plan_id)))

    async def notices(self, plan_id: str, *, unchanged: bool = False) -> list[dict[str, Any]]:
        """As notifier reads them, each with its `volunteer_id`, and how the person is reached: email, phone, link."""
        service = self.as_("notifier")
        answer = await service.get(notices_path(plan_id), params={"unchanged": unchanged})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        asked = {"items": [{"recipient": item["recipient"], "source": item["source"]} for item in items]}
        cards = (await service.post("/v1/internal/contacts", json=asked)).json()["items"]
        reached = {card["recipient"]["id"]: card for card in cards}
        for item in items:
            card = reached[item["recipient"]["id"]]
            item |= {"volunteer_id": item["recipient"]["id"], "calendar_uid": item["thread"]}
            item |= {"email": card["email"], "phone": card["phone"], "answer_url": card["personal_url"]}
        return items


LEADS = {"C1": "S1", "C2": "S2", "C3": "S2"}
FIRST_DAY = datetime.now(UTC).date() + timedelta(days=7)
LAST_DAY = FIRST_DAY + timedelta(days=27)


def days_of_service(weekdays: Sequence[int]) -> list[date]:
    span = (FIRST_DAY + timedelta(days=offset) for offset in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in span if day.weekday() in weekdays and not is_holiday(day)]


def notices_path(plan_id: str) -> str:
    return f"/v1/internal/sources/plan/{plan_id}/notices"


def run_path(run_id: str) -> str:
    return f"/v1/internal/matching-runs/{run_id}"


def responsibility(commune: str, school: str) -> dict[str, Any]:
    return {
        "commune_code": commune,
        "school_code": school,
        "is_lead": True,
        "distance_m": 12_400,
        "promised_days": {"digitise": 3},
    }


def explanation(commune: str, school: str, *, person: str) -> dict[str, Any]:
    why_vi, why_en = f"{school} gần nhất; {person} còn rảnh", f"{school} is nearest; {person} is free"
    data = {"zeta": commune, "lead": school, "vi": why_vi, "en": why_en, "unmet": [{"person": person}]}
    return {"data": data, "text_vi": why_vi, "text_en": why_en}


def certificate(*, verified: bool = True) -> dict[str, Any]:
    stage = {
        "stage": "A",
        "school_code": None,
        "status": "optimal",
        "objective": OBJECTIVE,
        "bound": OBJECTIVE,
        "gap": dict.fromkeys(OBJECTIVE, 0.0),
        "problem_sha256": "p",
        "solution_sha256": "s",
        "solver": "HiGHS",
        "solver_versions": {},
        "seed": 0,
        "workers": 1,
        "time_limit_seconds": 60,
        "seconds": 1.0,
        "verified": verified,
    }
    return {
        "status": "optimal",
        "stages": [stage],
        "unmet_lower_bound": 1,
        "unmet_upper_bound": 1,
        "created_at": datetime.now(UTC).isoformat(),
        "worker": "w1",
    }


def progress(lease_token: str, percent: float = 10) -> dict[str, Any]:
    return {
        "lease_token": lease_token,
        "stage": "A",
        "level": "travel_km",
        "percent": percent,
        "objective": {"travel_km": 120},
        "bound": {"travel_km": 100},
        "gap": 0.1667,
        "seconds": 0.5,
        "message_vi": "Đang giải",
        "message_en": "Solving",
    }


@asynccontextmanager
async def planning_world(database_url: str, *, with_needs: bool = True) -> AsyncIterator[World]:
    settings = Settings(
        database_url=database_url, public_url=PUBLIC_URL, link_secret="a-secret-of-the-tests-only", database_pool=4
    )
    app = create_app(settings)
    async with app.state.sessions.begin() as session:
        world = await _fill(session, app, with_needs=with_needs)
    try:
        yield world
    finally:
        for client in world.clients.values():
            await client.aclose()
        await app.state.engine.dispose()


async def _fill(session: AsyncSession, app: FastAPI, *, with_needs: bool) -> World:
    schools = [_school("S1", "Trường Đại học Khánh Hòa"), _school("S2", "Trường Cao đẳng Y tế")]
    communes = [make_commune("C1", "Tây Khánh Vĩnh"), make_commune("C2", "Ninh Phước"), make_commune("C3", "Mỹ Sơn")]
    campaign = Campaign(
        province_code=PROVINCE,
        name="Đợt 1",
        search_key="dot 1",
        status=CampaignStatus.OPEN.value,
        starts_on=FIRST_DAY,
        ends_on=LAST_DAY,
        start_time=time(7, 30),
        end_time=time(16, 30),
    )
    session.add_all([*schools, *communes, campaign])
    await session.flush()
    people = [_person(number, name, schools[number // 3]) for number, name in enumerate(NAMES)]
    session.add_all(people)
    if with_needs:
        session.add_all(_need(campaign, commune) for commune in communes)
    await session.flush()
    return World(
        app=app,
        campaign_id=campaign.id,
        school_ids={school.code: school.id for school in schools},
        volunteer_ids=[person.id for person in people],
        keys=await _make_keys(session, schools),
    )


async def _make_keys(session: AsyncSession, schools: Sequence[School]) -> dict[str, str]:
    wanted: dict[str, dict[str, Any]] = {
        "admin": {"role": Role.ADMIN, "province_code": PROVINCE},
        "solver": {"role": Role.SOLVER},
        "notifier": {"role": Role.NOTIFIER},
        "overseer": {"role": Role.OVERSEER},
        "finance": {"role": Role.FINANCE},
        "s1": {"role": Role.SCHOOL_COORDINATOR, "school_id": schools[0].id},
        "s2": {"role": Role.SCHOOL_COORDINATOR, "school_id": schools[1].id},
        "c1": {"role": Role.COMMUNE_OFFICER, "commune_code": "C1"},
        "elsewhere": {"role": Role.ADMIN, "province_code": "11"},
    }
    return {who: (await add_key(session, label=who, **bounds))[1] for who, bounds in wanted.items()}


def _school(code: str, name: str) -> School:
    return School(
        code=code,
        province_code=PROVINCE,
        name=name,
        kind="university",
        latitude=12.24,
        longitude=109.19,
        contact_name="Cô Hoa",
        contact_phone="+84950000011",
        search_key=search_key(name),
        sort_key=sort_key(name),
    )


def make_commune(code: str, name: str) -> Commune:
    return Commune(
        code=code,
        province_code=PROVINCE,
        kind="commune",
        name=name,
        full_name=f"Xã {name}",
        latitude=12.3,
        longitude=108.9,
        search_key=search_key(name),
        sort_key=sort_key(name),
        office_address="1 Trần Phú",
        contact_name="Anh Nam",
        contact_phone="+84950000012",
    )


def _person(number: int, name: str, school: School) -> Volunteer:
    return Volunteer(
        school_id=school.id,
        full_name=name,
        search_key=search_key(name),
        sort_key=name_sort_key(name),
        role="lecturer" if number % 3 == 0 else "student",
        email=f"person{number}@example.vn",
        phone=f"+8495000010{number}",
        skills={"digitise": 2},
        free_weekdays=[0, 1, 2, 3, 4],
        max_days=5,
    )


def _need(campaign: Campaign, commune: Commune) -> NeedDeclaration:
    return NeedDeclaration(
        campaign_id=campaign.id,
        commune_code=commune.code,
        lacks_it_staff=commune.code == "C1",
        presence=[1, 0, 0, 0, 0],
        declared_by="test",
        items=[
            NeedItem(duty_code="digitise", people=1, days_per_week=3),
            NeedItem(duty_code="kpi", people=1, days_per_week=2),
        ],
    )
