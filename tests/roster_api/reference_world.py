"""A world for the tests of reference data and access: two provinces, two schools in one of them, a key for each role.

The service is the real application over ASGI on a migrated database.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.settings import Settings

PROVINCE = "56"
OTHER_PROVINCE = "11"
NHA_TRANG = "22366"
TRUONG_SA = "22736"
DIEN_BIEN_COMMUNE = "03127"
MISSING_ID = "00000000-0000-4000-8000-000000000000"

SCHOOL = {
    "code": "DHKH",
    "province_code": PROVINCE,
    "name": "Trường Đại học Khánh Hòa",
    "kind": "university",
    "latitude": 12.2512,
    "longitude": 109.1967,
    "contact_name": "Trần Văn Phòng",
    "contact_phone": "0258 3831 170",
    "contact_email": "vanphong@example.edu.vn",
}
CAMPAIGN = {
    "province_code": PROVINCE,
    "name": "Tháng cao điểm chuyển đổi số",
    "starts_on": "2025-11-03",
    "ends_on": "2025-11-28",
}
NEED = {"lacks_it_staff": True, "items": [{"duty_code": "digitise", "people": 2, "days_per_week": 3}]}

PROVINCIAL = (
    Role.DIRECTOR,
    Role.OVERSEER,
    Role.SECRETARY_OFFICE,
    Role.EDUCATION_DEPARTMENT,
    Role.UNIT_OFFICER,
    Role.FINANCE,
    Role.LEADER,
    Role.AUDITOR,
)
"""Roles bound to a province and nothing else: each has a key named after it."""


@dataclass
class World:
    app: FastAPI
    keys: dict[str, str] = field(default_factory=dict)
    """By name: admin, those of PROVINCIAL, solver, notifier, coordinator, other_coordinator, school_viewer, officer,
    other_officer, other_admin (of another province)."""
    ids: dict[str, str] = field(default_factory=dict)
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def as_(self, who: str) -> httpx.AsyncClient:
        if who not in self.clients:
            headers = {"X-Api-Key": self.keys[who]} if who != "nobody" else {}
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            self.clients[who] = httpx.AsyncClient(
                transport=transport, base_url="http://roster.example", headers=headers
            )
        return self.clients[who]

    def session(self) -> Any:
        """A transaction of the test's own."""
        return self.app.state.sessions.begin()

    @property
    def database_url(self) -> str:
        return str(self.app.state.settings.database_url)

    async def close(self) -> None:
        for client in self.clients.values():
            await client.aclose()
        await self.app.state.engine.dispose()

    async def create(self, path: str, body: dict[str, Any], *, who: str = "admin") -> dict[str, Any]:
        answer = await self.as_(who).post(path, json=body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def patch(
        self, path: str, body: dict[str, Any], *, who: str = "admin", if_match: str = "*"
    ) -> httpx.Response:
        return await self.as_(who).patch(path, json=body, headers={"If-Match": if_match})


@asynccontextmanager
async def bare_world(database_url: str) -> AsyncIterator[World]:
    """The application and one admin key, nothing else."""
    world = World(app=create_app(Settings(database_url=database_url)))
    async with world.session() as session:
        world.keys["admin"] = (await add_key(session, role=Role.ADMIN, label="Sở Nội vụ"))[1]
    try:
        yield world
    finally:
        await world.close()


@asynccontextmanager
async def reference_world(database_url: str) -> AsyncIterator[World]:
    """Communes of two provinces, two schools with one person each, a campaign with one need, a key for each role."""
    async with bare_world(database_url) as world:
        for province in (PROVINCE, OTHER_PROVINCE):
            answer = await world.as_("admin").post(f"/v1/provinces/{province}/communes/import")
            assert answer.status_code == 200, answer.text
        other = {"code": "CDNT", "name": "Trường Cao đẳng Nha Trang", "kind": "college"}
        world.ids["school"] = (await world.create("/v1/schools", SCHOOL))["id"]
        world.ids["other_school"] = (await world.create("/v1/schools", SCHOOL | other))["id"]
        for name, school in (("volunteer", "school"), ("other_volunteer", "other_school")):
            person = volunteer(world.ids[school], phone="0950000456", email="an@example.edu.vn")
            world.ids[name] = (await world.create("/v1/volunteers", person))["id"]
        world.ids["campaign"] = (await world.create("/v1/campaigns", CAMPAIGN))["id"]
        for commune in (NHA_TRANG, TRUONG_SA):
            answer = await world.as_("admin").put(f"/v1/campaigns/{world.ids['campaign']}/needs/{commune}", json=NEED)
            assert answer.status_code == 200, answer.text
        await _add_keys(world)
        yield world


FILLED: dict[str, World] = {}


@asynccontextmanager
async def shared_reference_world(database_url: str) -> AsyncIterator[World]:
    """One filled database for a module's tests; each has an application of its own, as it has a loop of its own."""
    if database_url not in FILLED:
        async with reference_world(database_url) as made:
            FILLED[database_url] = made
    filled = FILLED[database_url]
    app = create_app(Settings(database_url=database_url))
    world = World(app=app, keys=dict(filled.keys), ids=filled.ids)
    try:
        yield world
    finally:
        await world.close()


async def _add_keys(world: World) -> None:
    coordinator, officer = Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER
    school, other_school = UUID(world.ids["school"]), UUID(world.ids["other_school"])
    async with world.session() as session:

        async def add(name: str, role: Role, **bounds: Any) -> None:
            province = bounds.pop("province_code", PROVINCE)
            world.keys[name] = (await add_key(session, role=role, label=name, province_code=province, **bounds))[1]

        for role in PROVINCIAL:
            await add(role.value, role)
        await add("solver", Role.SOLVER, province_code=None)
        await add("notifier", Role.NOTIFIER, province_code=None)
        await add("coordinator", coordinator, school_id=school)
        await add("other_coordinator", coordinator, school_id=other_school)
        await add("school_viewer", Role.SCHOOL_VIEWER, school_id=school)
        await add("officer", officer, commune_code=NHA_TRANG)
        await add("other_officer", officer, commune_code=TRUONG_SA)
        await add("other_admin", Role.ADMIN, province_code=OTHER_PROVINCE)


def volunteer(school_id: str, **changes: Any) -> dict[str, Any]:
    """A body for POST /v1/volunteers."""
    return {
        "school_id": school_id,
        "full_name": "Nguyễn Thị Ân",
        "role": "lecturer",
        "skills": {"digitise": 2},
        "free_weekdays": [0, 2],
    } | changes
