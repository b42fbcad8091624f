"""The Khánh Hòa case at its real size in roster-api, with the matching worker's own job run beside it, in one process.

Real Postgres, the real application over ASGI, the real worker job with its solver children; only HTTP's wire, Redis and
the relay are left out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

import httpx
from commune_demo import case
from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.matching import MatchingResult
from fastapi import FastAPI
from matching_worker.jobs.advice import answer_advice
from matching_worker.jobs.run import solve_matching_run
from matching_worker.roster.client import RosterClient
from matching_worker.settings import Settings as WorkerSettings
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.communes.models import Commune
from roster_api.decisions.models import ExistingRelation
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.text import name_sort_key, search_key, sort_key
from roster_api.volunteers.models import Volunteer
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.publishing import after_a_look

BASE_URL = "http://roster.example"
CAMPAIGN_ID = UUID(int=1)


def volunteer_id(number: int) -> UUID:
    """Of the case's person of this number: the same in every world, so that a plan made once fits them all."""
    return UUID(int=1000 + number)


class WorkersClient(RosterClient):
    """The worker's client, on the application instead of a socket. Keeps the results it hands in."""

    def __init__(self, app: FastAPI, key: str) -> None:
        super().__init__(BASE_URL, key=key)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url=BASE_URL, headers={API_KEY_HEADER: key}
        )
        self.results: dict[UUID, MatchingResult] = {}

    async def put_result(self, run_id: UUID, result: MatchingResult) -> None:
        self.results[run_id] = result
        await super().put_result(run_id, result)


@dataclass
class CaseWorld:
    """An open campaign with all 243 people; nothing planned yet."""

    app: FastAPI
    admin: httpx.AsyncClient
    service: WorkersClient
    notifier: httpx.AsyncClient
    schools: dict[str, UUID] = field(default_factory=dict)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.admin.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = await self.admin.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def request_run(self, *, campaign_id: UUID = CAMPAIGN_ID, **options: Any) -> str:
        body = {"options": options, "scenario": ", ".join(f"{name}={value}" for name, value in options.items())}
        return str((await self.post(f"/v1/campaigns/{campaign_id}/matching-runs", body, status=202))["id"])

    async def plan(self, **options: Any) -> dict[str, Any]:
        """Ask for a run, have the worker's job solve it; the run as it ended."""
        run_id = await self.request_run(**options)
        settings = WorkerSettings(matching_name="test", matching_memory_mb=2048)
        await solve_matching_run(UUID(run_id), roster=self.service, settings=settings)
        run: dict[str, Any] = await self.get(f"/v1/matching-runs/{run_id}")
        return run

    async def replay(
        self, result: MatchingResult, *, campaign_id: UUID = CAMPAIGN_ID, **options: Any
    ) -> dict[str, Any]:
        """A run that ends with a result found before."""
        run_id = await self.request_run(campaign_id=campaign_id, **options)
        lease = await self.service.claim(UUID(run_id), worker="test")
        await self.service.put_result(UUID(run_id), result.model_copy(update={"lease_token": lease.lease_token}))
        run: dict[str, Any] = await self.get(f"/v1/matching-runs/{run_id}")
        return run

    async def advise(self, run_id: str, **question: Any) -> dict[str, Any]:
        asked = await self.post(f"/v1/matching-runs/{run_id}/advice", question, status=202)
        await answer_advice(UUID(asked["id"]), roster=self.service, settings=WorkerSettings(matching_name="test"))
        answer: dict[str, Any] = await self.get(f"/v1/advice/{asked['id']}")
        return answer

    async def pin(self, kind: str, **subject: str) -> None:
        body = {"kind": kind, "reason": "Giữ như đã ban hành", **subject}
        await self.post(f"/v1/campaigns/{CAMPAIGN_ID}/decisions", body, status=201)

    async def publish(self, plan_id: str) -> None:
        body = after_a_look(await self.get(f"/v1/plans/{plan_id}/changes"))
        await self.post(f"/v1/plans/{plan_id}/approve", {"base_plan_id": body["base_plan_id"]})
        await self.post(f"/v1/plans/{plan_id}/publish", body)

    async def list_all(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while True:
            page = await self.get(path, limit=200, offset=len(items))
            items += page["items"]
            if len(items) >= page["total"]:
                return items


@asynccontextmanager
async def case_world(database_url: str) -> AsyncIterator[CaseWorld]:
    settings = Settings(database_url=database_url, link_secret="a-secret-of-the-tests-only", database_pool=4)
    app = create_app(settings)
    async with app.state.sessions.begin() as session:
        schools = await fill(session)
        keys = {
            role: (await add_key(session, role=role, label=role.value))[1]
            for role in (Role.ADMIN, Role.SOLVER, Role.NOTIFIER)
        }
    service = WorkersClient(app, keys[Role.SOLVER])
    transport = httpx.ASGITransport(app=app)

    def asking(role: Role) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers={API_KEY_HEADER: keys[role]})

    try:
        async with asking(Role.ADMIN) as admin, asking(Role.NOTIFIER) as notifier:
            yield CaseWorld(app, admin, service, notifier, schools)
    finally:
        await service.close()
        await app.state.engine.dispose()


async def fill(session: AsyncSession) -> dict[str, UUID]:
    """Everything the officer and the schools would have entered by now. Returns school code -> id."""
    for commune in case.communes():
        keys = {"search_key": search_key(commune.full_name), "sort_key": sort_key(commune.name)}
        session.add(Commune(**asdict(commune), **keys, province_code=case.PROVINCE_CODE))
    schools = {}
    for school in case.schools():
        facts = asdict(school)
        facts.pop("short_name")
        schools[school.code] = School(**facts, search_key=search_key(school.name), sort_key=sort_key(school.name))
    facts = asdict(case.campaign()) | {"status": CampaignStatus.OPEN.value}
    session.add_all([*schools.values(), Campaign(id=CAMPAIGN_ID, **facts, search_key=search_key(facts["name"]))])
    await session.flush()
    for need in case.needs():
        items = [NeedItem(**asdict(item)) for item in need.items]
        facts = asdict(need) | {"items": items, "presence": list(need.presence)}
        session.add(NeedDeclaration(campaign_id=CAMPAIGN_ID, declared_by="test", **facts))
    for relation in case.existing():
        school_id = schools[relation.school_code].id
        session.add(
            ExistingRelation(
                campaign_id=CAMPAIGN_ID,
                commune_code=relation.commune_code,
                school_id=school_id,
                note=relation.note,
                recorded_by="test",
            )
        )
    session.add_all(make_volunteer(person, schools[person.school_code].id) for person in case.people())
    await session.flush()
    return {code: school.id for code, school in schools.items()}


def make_volunteer(person: case.Person, school_id: UUID) -> Volunteer:
    name = f"{person.family_and_middle} {person.given}"
    return Volunteer(
        id=volunteer_id(person.number),
        school_id=school_id,
        external_ref=person.external_ref,
        full_name=name,
        search_key=search_key(name),
        sort_key=name_sort_key(name),
        role=person.role,
        email=person.email,
        phone=person.phone,
        skills=dict.fromkeys(person.fields, 2),
        free_weekdays=list(person.free_weekdays),
        max_days=person.max_days,
        max_distance_m=person.max_distance_km * 1000,
        team=person.team,
    )
