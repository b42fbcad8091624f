"""A small province in front of a real notifier with its sinks: officers of a province and of the nation, signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from commune_stack.mail_sink import MailSink
from commune_stack.serving import served
from commune_stack.sms_gateway import SmsGateway
from notifier.app import create_app
from pydantic import SecretStr
from roster_api.audit.models import AuditEntry
from roster_api.notices.of_plans import list_notices_of_plan
from roster_api.volunteers.models import Volunteer
from sqlalchemy import select

from tests.notifier.people import CONTACTS, Reached
from tests.notifier.world import OFFICE_KEY, READER_KEY, notifier_world
from tests.notifier.world import World as Notifier
from tests.roster_api.planning_world import World, planning_world
from tests.support.issuer import TestIssuer, add_account, serving
from tests.support.shared_routes import with_shared_routes

ROLES: dict[str, dict[str, Any]] = {
    "an": {"role": "admin", "province_code": "56"},
    "far": {"role": "admin", "province_code": "11"},
    "nation": {"role": "admin"},
}


@dataclass
class MessageDesk:
    world: World
    notifier: Notifier
    issuer: TestIssuer
    accounts: dict[str, str]

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, *, once: str | None = None, **query: Any
    ) -> httpx.Response:
        """`who`: an officer of ROLES, or a key's name of the planning world."""
        headers = {"Idempotency-Key": once} if once else {}
        if who in self.accounts:
            headers["Authorization"] = f"Bearer {self.issuer.token(who)}"
            who = "nobody"
        return await self.world.as_(who).request(method, path, json=body, headers=headers, params=query)

    async def prepare(self, plan_id: str) -> int:
        """The plan's own notices, as roster-api lists them, made into messages. How many."""
        async with self.world.session() as session:
            notices = [
                notice
                for unchanged in (False, True)
                for notice in (
                    await list_notices_of_plan(
                        session, source_id=UUID(plan_id), unchanged=unchanged, limit=100, offset=0
                    )
                ).items
            ]
            for person in await session.scalars(select(Volunteer)):
                CONTACTS[str(person.id)] = Reached(person.email, person.phone, "http://127.0.0.1/a/x")
        return await self.notifier.prepare(*notices)

    async def entries(self) -> list[AuditEntry]:
        """Changes, oldest first."""
        async with self.world.session() as session:
            query = select(AuditEntry).where(AuditEntry.action == "change").order_by(AuditEntry.id)
            return list(await session.scalars(query))

    async def entries_there(self) -> list[dict[str, Any]]:
        """The notifier's own, with the officer that it was done for."""
        rows = await self.notifier.rows("select * from notifier.audit_entries where action = 'change' order by id")
        return [row | {"actor": row["details"].get("acting_for")} for row in rows]


@asynccontextmanager
async def message_desk(
    roster_url: str, notifier_url: str, *, mail: MailSink, sms: SmsGateway, **changes: Any
) -> AsyncIterator[MessageDesk]:
    """`changes`: of the notifier's settings."""
    async with (
        planning_world(roster_url) as world,
        serving(TestIssuer()) as issuer,
        notifier_world(notifier_url, mail=mail, sms=sms) as notifier,
    ):
        app = with_shared_routes(create_app(notifier.settings.model_copy(update=changes)))
        async with served(app) as port:
            state = world.app.state
            there = {
                "notifier_url": f"http://127.0.0.1:{port}",
                "notifier_api_key": SecretStr(READER_KEY),
                "notifier_office_key": SecretStr(OFFICE_KEY),
            }
            state.settings = state.settings.model_copy(update={"issuers": [issuer.settings()], **there})
            accounts = {}
            for subject, role in ROLES.items():
                async with world.session() as session:
                    made = await add_account(
                        session, issuer, subject=subject, email=f"{subject}@example.vn", roles=[role]
                    )
                accounts[subject] = str(made[0])
            yield MessageDesk(world, notifier, issuer, accounts)
