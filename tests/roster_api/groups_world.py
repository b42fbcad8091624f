"""Three communes in a row, two deputy directors who sign in, and a worker's answer to a run of groups."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from commune_schemas.groups import GroupExplanation, GroupsProblem, GroupsResult
from commune_schemas.matching import RunStatus, StageDocuments
from matching_worker.child.group_explanations import explain_groups
from matching_worker.child.messages import dump_document
from matching_worker.jobs.groups import certify_groups
from matching_worker.model.groups.solve import solve
from matching_worker.model.outcome import SILENT, Limits
from roster_api.app import create_app
from roster_api.communes.models import Commune
from roster_api.settings import Settings

from tests.roster_api.planning_world import PROVINCE, World, planning_world
from tests.support.issuer import TestIssuer, add_account, serving

PLACES = {"C1": 108.9, "C2": 109.0, "C3": 109.1}
CONTACT = {"name": "Lê Văn Theo", "email": "theo@so.example.vn", "phone": "0258 3822 222"}


@dataclass
class Deputies:
    """The world, and whoever signs in: 'anh' and 'binh' are overseers of the province."""

    world: World
    issuer: TestIssuer
    client: httpx.AsyncClient
    accounts: dict[str, str]

    async def get(self, who: str, path: str, **params: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.issuer.token(who)}"}
        return await self.client.get(path, params=params, headers=headers)

    async def post(self, who: str, path: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.issuer.token(who)}"}
        return await self.client.post(path, json=body, headers=headers)

    @property
    def campaign(self) -> str:
        return f"/v1/campaigns/{self.world.campaign_id}"


@asynccontextmanager
async def deputies_world(database_url: str) -> AsyncIterator[Deputies]:
    async with planning_world(database_url) as world, serving(TestIssuer()) as issuer:
        await world.make_published([(0, "C1", (0, 1)), (3, "C2", (0,)), (4, "C3", (0,))])
        accounts = {}
        async with world.session() as session:
            for code, longitude in PLACES.items():
                (await session.get_one(Commune, code)).longitude = longitude
            for who in ("anh", "binh"):
                role = {"role": "overseer", "province_code": PROVINCE}
                mail = f"{who}@so.example.vn"
                made = await add_account(session, issuer, subject=who, email=mail, roles=[role])
                accounts[who] = str(made[0])
        app = create_app(Settings(database_url=database_url, issuers=[issuer.settings()]))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://roster.example") as client:
            yield Deputies(world, issuer, client, accounts)
        await app.state.engine.dispose()


async def request_run(made: Deputies, overseers: Sequence[dict[str, Any]], **terms: Any) -> str:
    body = {"overseers": list(overseers), "balance_pct": 100, "weights": "equal"} | terms
    asked = await made.world.as_("admin").post(f"{made.campaign}/group-runs", json=body)
    assert asked.status_code == 202, asked.text
    run_id: str = asked.json()["id"]
    return run_id


def run_path(run_id: str) -> str:
    return f"/v1/internal/group-runs/{run_id}"


async def claim(world: World, run_id: str, worker: str = "w1") -> Any:
    return await world.as_("solver").post(f"{run_path(run_id)}/claim", json={"worker": worker})


async def solve_run(world: World, run_id: str, token: str) -> GroupsResult:
    """What a worker would hand in."""
    answer = await world.as_("solver").get(f"{run_path(run_id)}/problem")
    document, limits = GroupsProblem.model_validate(answer.json()).document, Limits()
    outcome = solve(document, limits=limits)
    plan: Any = outcome.solution
    reasons = explain_groups(document, plan, limits=limits, monitor=SILENT)
    return GroupsResult(
        lease_token=token,
        status=RunStatus.SUCCEEDED,
        certificate=certify_groups(document, outcome, limits=limits),
        documents=StageDocuments(problem=dump_document(document), solution=dump_document(plan)),
        explanations={name: GroupExplanation.model_validate(one) for name, one in reasons.items()},
    )


async def put_result(world: World, run_id: str, result: GroupsResult) -> Any:
    return await world.as_("solver").put(f"{run_path(run_id)}/result", json=result.model_dump(mode="json"))


async def finish_run(made: Deputies, overseers: Sequence[dict[str, Any]], **terms: Any) -> str:
    """The draft it makes."""
    run_id = await request_run(made, overseers, **terms)
    token = (await claim(made.world, run_id)).json()["lease_token"]
    kept = await put_result(made.world, run_id, await solve_run(made.world, run_id, token))
    assert kept.status_code == 204, kept.text
    run = (await made.world.as_("admin").get(f"/v1/group-runs/{run_id}")).json()
    assert run["status"] == "succeeded", run
    grouping_id: str = run["grouping_id"]
    return grouping_id


async def publish(made: Deputies, grouping_id: str) -> dict[str, Any]:
    path = f"/v1/groupings/{grouping_id}/publish"
    done = await made.world.as_("admin").post(path, headers={"If-Match": "*"})
    assert done.status_code == 200, done.text
    answer: dict[str, Any] = done.json()
    return answer


def who_follows(grouping: dict[str, Any]) -> dict[str, str]:
    """Overseer's account or name by commune."""
    return {
        commune["commune_code"]: group["overseer"]["account_id"] or group["overseer"]["name"]
        for group in grouping["groups"]
        for commune in group["communes"]
    }


async def list_notices(made: Deputies, grouping_id: str) -> list[dict[str, Any]]:
    answer = await made.world.as_("notifier").get(f"/v1/internal/sources/grouping/{grouping_id}/notices")
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
