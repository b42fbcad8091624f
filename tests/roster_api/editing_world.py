"""A province whose plans can be judged: the matching worker's own planner solves, and its documents are kept.

Two schools, four communes in a row, eight people; school S1 stands in the west, S2 in the east.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from matching_worker.jobs.run import solve_matching_run
from matching_worker.settings import Settings as WorkerSettings
from roster_api.app import create_app
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.policy import CampaignPolicy
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.plans.copies import begin_draft
from roster_api.plans.repository import find_plan, lock_campaign
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world
from tests.system.case_world import WorkersClient

WEST, MIDDLE, EAST = ("C1", 108.90), ("C2", 109.10), ("C3", 109.30)
SECONDS = 5
NEED_ALONE = CampaignPolicy(use="need", min_people=0, prices=None, theta_pct=115)
"""Who is not needed waits, so that there is somebody to give a place to."""


@dataclass
class EditingWorld:
    """People: 0 lecturer, 1 and 2 students of S1; 3 lecturer, 4 and 5 students of S2."""

    world: World
    worker: WorkersClient
    solved: UUID | None = None

    async def draft(self) -> str:
        """A draft of its own that says what the plan solved once says."""
        async with self.world.session() as session:
            plan = await find_plan(session, self.solved) if self.solved else None
            assert plan is not None
            await lock_campaign(session, plan.campaign_id)
            return str((await begin_draft(session, plan)).id)

    @property
    def admin(self) -> httpx.AsyncClient:
        return self.world.as_("admin")

    def person(self, number: int) -> str:
        return str(self.world.volunteer_ids[number])

    async def plan(self, **body: Any) -> str:
        """A draft, solved by the real planner; its id."""
        options = {"time_limit_seconds": SECONDS, **body.pop("options", {})}
        run_id = await self.world.request_run(options=options, **body)
        await self.solve(run_id)
        return str((await self.run(run_id))["plan_id"])

    async def solve(self, run_id: str) -> None:
        settings = WorkerSettings(matching_name="test", matching_memory_mb=2048)
        await solve_matching_run(UUID(run_id), roster=self.worker, settings=settings)

    async def run(self, run_id: str) -> dict[str, Any]:
        run: dict[str, Any] = (await self.admin.get(f"/v1/matching-runs/{run_id}")).json()
        assert run["status"] == "succeeded", run
        return run

    async def get(self, path: str) -> Any:
        answer = await self.admin.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def places(self, plan_id: str) -> dict[int, tuple[str, list[int]]]:
        """Person's number -> (commune, weekdays)."""
        rows = (await self.get(f"/v1/plans/{plan_id}/placements"))["items"]
        return {
            self.world.volunteer_ids.index(UUID(row["volunteer_id"])): (row["commune_code"], row["weekdays"])
            for row in rows
        }

    async def leads(self, plan_id: str) -> dict[str, str]:
        rows = (await self.get(f"/v1/plans/{plan_id}/responsibilities"))["items"]
        return {row["commune_code"]: row["school_code"] for row in rows if row["is_lead"]}

    async def preview(self, plan_id: str, *edits: dict[str, Any]) -> Any:
        answer = await self.admin.post(f"/v1/plans/{plan_id}/edits/preview", json={"edits": edits})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def edit(
        self, plan_id: str, *edits: dict[str, Any], if_match: str = "*", reason: str = "Theo đề nghị của xã"
    ) -> httpx.Response:
        return await self.admin.post(
            f"/v1/plans/{plan_id}/edits",
            json={"edits": edits, "reason": reason},
            headers={"If-Match": if_match},
        )

    async def decide(self, kind: str, number: int, commune: str, *, reason: str) -> None:
        person = self.world.volunteer_ids[number]
        async with self.world.session() as session:
            session.add(
                Decision(
                    campaign_id=self.world.campaign_id,
                    kind=kind,
                    commune_code=commune,
                    volunteer_id=person,
                    reason=reason,
                    decided_by="Sở Nội vụ",
                )
            )

    def move(self, number: int, commune: str, **more: Any) -> dict[str, Any]:
        return {"kind": "move_person", "volunteer_id": self.person(number), "commune_code": commune, **more}


@asynccontextmanager
async def editing_world(database_url: str) -> AsyncIterator[EditingWorld]:
    async with planning_world(database_url) as world:
        async with world.session() as session:
            for code, longitude in (WEST, MIDDLE, EAST):
                await session.execute(sa.update(Commune).where(Commune.code == code).values(longitude=longitude))
            for code, longitude in (("S1", 108.91), ("S2", 109.29)):
                await session.execute(sa.update(School).where(School.code == code).values(longitude=longitude))
            await session.execute(
                sa.update(Volunteer).values(skills={"digitise": 2, "kpi": 2}, free_weekdays=[0, 1, 2], max_days=2)
            )
            await session.execute(sa.update(NeedDeclaration).values(presence=[1, 0, 0, 0, 0]))
            await session.execute(sa.update(NeedItem).values(people=1, days_per_week=1))
            await session.execute(sa.update(Campaign).values(policy=NEED_ALONE.model_dump(mode="json")))
        worker = WorkersClient(world.app, world.keys["solver"])
        try:
            yield EditingWorld(world, worker)
        finally:
            await worker.close()


FILLED: dict[str, tuple[World, str]] = {}
"""By database: the world as it was filled, and the id of the plan that its planner made once."""


@asynccontextmanager
async def shared_editing_world(database_url: str) -> AsyncIterator[EditingWorld]:
    """One database and one solved plan for a module: `draft()` gives each test a copy; others' decisions are gone."""
    if database_url not in FILLED:
        async with editing_world(database_url) as made:
            FILLED[database_url] = (made.world, await made.plan())
    filled, plan_id = FILLED[database_url]
    settings = filled.app.state.settings
    world = replace(filled, app=create_app(settings), clients={})
    async with world.session() as session:
        await session.execute(sa.update(Decision).values(withdrawn_at=sa.func.now(), withdrawn_by="test"))
    worker = WorkersClient(world.app, world.keys["solver"])
    try:
        yield EditingWorld(world, worker, UUID(plan_id))
    finally:
        await worker.close()
        for client in world.clients.values():
            await client.aclose()
        await world.app.state.engine.dispose()


def levels_of(preview: dict[str, Any], stage: str) -> dict[str, tuple[int, int]]:
    return {level["level"]: (level["before"], level["after"]) for level in preview["levels"] if level["stage"] == stage}


def numbers(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["rule"] for row in rows]
