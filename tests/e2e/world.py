"""Everything running for the browser: the real stack with the portal, a small campaign published, an account a role."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import roster_api.migrations.tables  # noqa: F401 - every table, for the foreign keys
from commune_demo import case
from commune_stack.issuer import PEOPLE
from commune_stack.places import throwaway_directory
from commune_stack.portal import sign_ins
from commune_stack.stack import Stack
from roster_api.access.models import Account, RoleAssignment
from roster_api.database import create_engine
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.small_campaign import SmallCampaign

T = TypeVar("T")
SCHOOL = "DHNT"
ROLES = ("admin", "overseer", "school_coordinator", "commune_officer", "finance")


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

    @property
    def url(self) -> str:
        return self.stack.addresses.portal

    def sign_in(self, role: str) -> str:
        return sign_ins(self.url, [role])[role]

    @property
    def commune_code(self) -> str:
        return self.campaign.communes[0].code

    @property
    def school_id(self) -> str:
        return self.campaign.school_ids[SCHOOL]


@contextmanager
def portal_stack() -> Iterator[PortalStack]:
    loop = LoopOfItsOwn()
    try:
        with throwaway_directory() as place:
            stack = Stack(place.path, environment={}, with_portal=True)
            try:
                loop.do(stack.start())
                yield loop.do(fill(stack, loop, place.path / "rosters"))
            finally:
                loop.do(stack.stop())
    finally:
        loop.end()


async def fill(stack: Stack, loop: LoopOfItsOwn, rosters: Path) -> PortalStack:
    """Lists, a campaign with needs, a published plan, and somebody of each role who may sign in."""
    campaign = SmallCampaign(stack)
    await campaign.prepare(rosters)
    await invite(stack, school_id=campaign.school_ids[SCHOOL], commune_code=campaign.communes[0].code)
    campaign_id = await campaign.open_campaign()
    run = await campaign.wait_for_run(await campaign.ask_for_run(campaign_id))
    plan = await campaign.publish(run["id"])
    return PortalStack(stack, loop, campaign, campaign_id, plan, rosters)


async def invite(stack: Stack, *, school_id: str, commune_code: str) -> None:
    """The issuer's people get their roles in Khánh Hòa, straight into the tables."""
    bounds: dict[str, dict[str, Any]] = {
        "school_coordinator": {"school_id": school_id},
        "commune_officer": {"commune_code": commune_code},
    }
    engine = create_engine(stack.postgres.service_url("roster", scheme="postgresql+asyncpg"))
    try:
        async with AsyncSession(engine) as session, session.begin():
            for person in PEOPLE:
                if person.subject in ROLES:
                    account = Account(
                        issuer=stack.addresses.issuer, email=person.email, display_name=person.name, subject=None
                    )
                    session.add(account)
                    await session.flush()
                    role = {"role": person.subject, "province_code": case.PROVINCE_CODE, "granted_by": "test"}
                    session.add(RoleAssignment(account_id=account.id, **role, **bounds.get(person.subject, {})))
    finally:
        await engine.dispose()
