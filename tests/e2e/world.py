"""Everything running for the browser: the real stack with the portal, a small campaign published, an account a role."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import redis
from commune_stack.development_accounts import seed_accounts
from commune_stack.places import throwaway_directory
from commune_stack.portal import sign_ins
from commune_stack.stack import Stack

from tests.support.small_campaign import SmallCampaign

T = TypeVar("T")
ROLES = ("admin", "overseer", "group_overseer", "school_coordinator", "commune_officer", "finance", "leader", "auditor")


class LoopOfItsOwn:
    """An event loop in a thread, for the stack: the browser's driver is a synchronous one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="stack", daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T], *, seconds: float = 240) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


@dataclass
class PortalStack:
    """`published`: the plan in force; `draft`: one that waits for a decision."""

    stack: Stack
    loop: LoopOfItsOwn
    campaign: SmallCampaign
    campaign_id: str
    published: dict[str, Any]
    rosters: Path
    school_id: str
    """Of the coordinator who signs in; `commune_code`: of the officer."""
    commune_code: str
    incomplete_id: str
    """Of somebody of that school of whom a name is known and nothing else; `placed_id`: of somebody the plan places."""
    placed_id: str

    @property
    def url(self) -> str:
        return self.stack.addresses.portal

    def sign_in(self, role: str) -> str:
        return sign_ins(self.url, [role])[role]


@contextmanager
def portal_stack() -> Iterator[PortalStack]:
    loop = LoopOfItsOwn()
    try:
        with throwaway_directory() as place:
            stack = Stack(place.path, environment={}, with_portal=True)
            try:
                loop.do(stack.start())
                yield loop.do(fill(stack, loop, place.path / "rosters"))
                assert list_denied(stack) == [], "Valkey refused a service what it uses"
            finally:
                loop.do(stack.stop())
    finally:
        loop.end()


def list_denied(stack: Stack) -> list[tuple[str, str]]:
    """(user, key or command) of what the users of Valkey were refused."""
    with redis.Redis.from_url(stack.valkey.url()) as client:
        log: list[dict[str, str]] = client.acl_log()
    return [(entry["username"], entry["object"]) for entry in log]


async def fill(stack: Stack, loop: LoopOfItsOwn, rosters: Path) -> PortalStack:
    """Lists, a campaign with needs, a published plan, and somebody of each role who may sign in."""
    campaign = SmallCampaign(stack)
    await campaign.prepare(rosters)
    await asyncio.to_thread(seed_accounts, stack.addresses.roster_api, stack.keys.admin)
    campaign_id = await campaign.open_campaign()
    run = await campaign.wait_for_run(await campaign.ask_for_run(campaign_id))
    plan = await campaign.publish(run["id"])
    places = [await first_of(campaign.roster, path) for path in ("/v1/schools", "/v1/communes")]
    somebody = {"school_id": places[0]["id"], "full_name": "Đinh Văn Thiếu", "role": "student"}
    incomplete = await campaign.post("/v1/volunteers", somebody)
    # its officer may ask for people here: a plan that sends them is published where the office can be called
    office = {"office_address": "1 Đường Mẫu", "contact_name": "Lê Văn Mẫu", "contact_phone": "0950000199"}
    where = f"/v1/communes/{places[1]['code']}"
    etag = (await campaign.roster.get(where)).headers["ETag"]
    (await campaign.roster.patch(where, json=office, headers={"If-Match": etag})).raise_for_status()
    placements = await campaign.roster.get(
        f"/v1/plans/{plan['id']}/placements", params={"school_code": places[0]["code"]}
    )
    codes = {
        "school_id": places[0]["id"],
        "commune_code": places[1]["code"],
        "incomplete_id": incomplete["id"],
        "placed_id": placements.json()["items"][0]["volunteer_id"],
    }
    return PortalStack(stack, loop, campaign, campaign_id, plan, rosters, **codes)


async def first_of(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """Whose people the accounts of the development issuer are."""
    found: dict[str, Any] = (await client.get(path, params={"province_code": "56", "limit": 1})).json()["items"][0]
    return found
