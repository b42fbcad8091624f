"""The API over a real database, for the tests of uploads: a school of one's own and keys for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.text import search_key, sort_key

from tests.support.reading import work_off


@dataclass(frozen=True)
class SchoolDesk:
    """A school's coordinator at work."""

    client: httpx.AsyncClient
    app: FastAPI
    school_id: UUID

    async def upload(self, content: bytes, *, name: str = "ds.xlsx", **headers: str) -> httpx.Response:
        url = f"/v1/schools/{self.school_id}/roster-uploads"
        return await self.client.post(url, files={"file": (name, content)}, headers=headers)

    async def settled(self, answer: httpx.Response) -> dict[str, Any]:
        """What an accepted upload came to, once the reader is done with it."""
        assert answer.status_code == 202, answer.text
        await work_off(self.app)
        return await self.look(answer.json())

    async def look(self, upload: dict[str, Any]) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/roster-uploads/{upload['id']}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def preview(self, content: bytes, *, name: str = "ds.xlsx") -> dict[str, Any]:
        """An upload that was read."""
        body = await self.settled(await self.upload(content, name=name))
        assert body["status"] == "in_review", body["refusal"]
        return body

    async def refused(self, content: bytes) -> str:
        """The code by which a file could not be read."""
        body = await self.settled(await self.upload(content))
        assert body["status"] == "failed"
        return str(body["refusal"]["code"])

    async def commit(self, upload: dict[str, Any], **body: bool) -> httpx.Response:
        return await self.client.post(f"/v1/roster-uploads/{upload['id']}/commit", json=body)

    async def take_in(self, content: bytes) -> dict[str, Any]:
        """Uploads and commits."""
        upload = await self.preview(content)
        answer = await self.commit(upload)
        assert answer.status_code == 200, answer.text
        return upload

    async def undo(self, upload: dict[str, Any]) -> httpx.Response:
        return await self.client.post(f"/v1/roster-uploads/{upload['id']}/undo")

    async def volunteers(self, **query: str) -> list[dict[str, Any]]:
        answer = await self.client.get(
            "/v1/volunteers", params={"school_id": str(self.school_id), "limit": "200", **query}
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


async def open_desk(app: FastAPI, client: httpx.AsyncClient) -> SchoolDesk:
    """A new school with a coordinator's key."""
    async with app.state.sessions.begin() as session:
        name = "Trường thử"
        school = School(
            code=f"T{uuid4().hex[:8]}", province_code="56", name=name, kind="university", latitude=12.2,
            longitude=109.2, search_key=search_key(name), sort_key=sort_key(name),
        )  # fmt: skip
        session.add(school)
        await session.flush()
        _, key = await add_key(session, role=Role.SCHOOL_COORDINATOR, label="test", school_id=school.id)
    own = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://roster", headers={"X-Api-Key": key}, timeout=30
    )
    return SchoolDesk(own, app, school.id)


@pytest.fixture
async def desk(module_roster_database_url: str) -> AsyncIterator[SchoolDesk]:
    app = create_app(Settings(database_url=module_roster_database_url))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://roster") as client:
        made = await open_desk(app, client)
        async with made.client:
            yield made
    await app.state.engine.dispose()


@pytest.fixture
async def other_desk(desk: SchoolDesk) -> AsyncIterator[SchoolDesk]:
    """Another school's coordinator."""
    made = await open_desk(desk.app, desk.client)
    async with made.client:
        yield made


@pytest.fixture
async def admin(desk: SchoolDesk) -> AsyncIterator[httpx.AsyncClient]:
    """Home Affairs."""
    async with desk.app.state.sessions.begin() as session:
        _, key = await add_key(session, role=Role.ADMIN, label="test")
    transport = httpx.ASGITransport(app=desk.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://roster", headers={"X-Api-Key": key}) as client:
        yield client
