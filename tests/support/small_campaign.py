"""A small campaign played over HTTP against a running stack: a few schools and communes, real lists. For faults."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from commune_demo import case, officer
from commune_demo.api import Api
from commune_schemas.jobs import API_KEY_HEADER
from commune_stack.stack import Stack

from tests.support.careful_client import CarefulClient
from tests.support.deadlines import until
from tests.support.publishing import after_a_look

SCHOOLS = ("DHKH", "DHNT", "HVHQ", "TSQTT")
COMMUNES = 10
ENDED = {"succeeded", "infeasible", "failed", "cancelled"}
UNSENT = {"pending", "claimed", "sending"}


class SmallCampaign:
    """Reference data once (`prepare`), then as many campaigns as wished, each in weeks of its own."""

    def __init__(self, stack: Stack, *, schools: Collection[str] = SCHOOLS, communes: int = COMMUNES) -> None:
        self.stack = stack
        self.schools = schools
        self.communes = case.communes()[:communes]
        self.number = 0
        self.school_ids: dict[str, str] = {}
        self.officer = CarefulClient(stack.addresses.roster_api, stack.keys.admin)
        self.roster = self._client(stack.addresses.roster_api, stack.keys.admin)
        self.notifier = self._client(stack.addresses.notifier, stack.keys.notifier)
        self.sinks = httpx.AsyncClient(timeout=30)

    @staticmethod
    def _client(url: str, key: str) -> httpx.AsyncClient:
        transport = httpx.AsyncHTTPTransport(retries=3)
        return httpx.AsyncClient(base_url=url, headers={API_KEY_HEADER: key}, timeout=30, transport=transport)

    async def close(self) -> None:
        await self.officer.close()
        for client in (self.roster, self.notifier, self.sinks):
            await client.aclose()

    async def prepare(self, folder: Path) -> None:
        await asyncio.to_thread(self._prepare, folder)

    def _prepare(self, folder: Path) -> None:
        with Api(self.stack.addresses.roster_api, self.stack.keys.admin) as api:
            api.post(f"/v1/provinces/{case.PROVINCE_CODE}/communes/import")
            for commune in self.communes:
                contact = ("office_address", "contact_name", "contact_phone")
                api.patch(f"/v1/communes/{commune.code}", {name: getattr(commune, name) for name in contact})
            for school in case.schools():
                if school.code in self.schools:
                    facts = asdict(school)
                    facts.pop("short_name")
                    self.school_ids[school.code] = api.post("/v1/schools", facts)["id"]
            for book in case.write_workbooks(folder):
                if book.school_code in self.schools:
                    school_id = self.school_ids[book.school_code]
                    upload = officer.preview_upload(api, school_id=school_id, workbook=book)
                    officer.commit_upload(api, upload["id"])

    async def open_campaign(self) -> str:
        """A new open campaign, in weeks of its own; its id."""
        self.number += 1
        starts_on = date(2027, 1, 4) + timedelta(weeks=6 * self.number)
        facts = {
            "province_code": case.PROVINCE_CODE,
            "name": f"Đợt thử {self.number}",
            "starts_on": starts_on.isoformat(),
            "ends_on": (starts_on + timedelta(days=25)).isoformat(),
        }
        campaign_id = (await self.post("/v1/campaigns", facts))["id"]
        codes = {commune.code for commune in self.communes}
        needs = [{**asdict(n), "presence": list(n.presence)} for n in case.needs() if n.commune_code in codes]
        await self.officer.put(f"/v1/campaigns/{campaign_id}/needs", {"items": needs})
        await self.post(f"/v1/campaigns/{campaign_id}/open")
        return str(campaign_id)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self.officer.post(path, body)

    async def ask_for_run(self, campaign_id: str) -> str:
        """Two may be asked for at once, which is what `force` is for."""
        body = {"options": {"time_limit_seconds": 30}, "force": True}
        return str((await self.post(f"/v1/campaigns/{campaign_id}/matching-runs", body))["id"])

    async def read(self, client: httpx.AsyncClient, path: str, **query: Any) -> Any:
        """The answer's JSON, or None while the service cannot answer."""
        try:
            answer = await client.get(path, params=query or None)
        except httpx.TransportError:
            return None
        return answer.json() if answer.is_success else None

    async def wait_for_run(self, run_id: str, *, seconds: float = 90) -> dict[str, Any]:
        run: dict[str, Any] = {}

        async def has_ended() -> bool:
            run.update(await self.read(self.roster, f"/v1/matching-runs/{run_id}") or {})
            return run.get("status") in ENDED

        await until(has_ended, seconds=seconds)
        return run

    async def publish(self, run_id: str) -> dict[str, Any]:
        """Approved and published, as after a look at the changes."""
        plan_id = (await self.officer.get(f"/v1/matching-runs/{run_id}"))["plan_id"]
        body = after_a_look(await self.officer.get(f"/v1/plans/{plan_id}/changes"))
        await self.post(f"/v1/matching-runs/{run_id}/approve", {"base_plan_id": body["base_plan_id"]})
        plan: dict[str, Any] = await self.post(f"/v1/matching-runs/{run_id}/publish", body)
        return plan

    async def list_messages(self, **filters: str) -> list[dict[str, Any]] | None:
        """Every message the filters let through; None while the notifier cannot answer."""
        items: list[dict[str, Any]] = []
        while True:
            page = await self.read(self.notifier, "/v1/messages", **filters, limit=200, offset=len(items))
            if page is None:
                return None
            items += page["items"]
            if not page["items"] or len(items) >= page["total"]:
                return items

    async def wait_for_messages(self, plan: dict[str, Any], *, seconds: float = 90) -> list[dict[str, Any]]:
        """Until each person of the plan has both messages out of our hands."""
        messages: list[dict[str, Any]] = []

        async def all_settled() -> bool:
            messages[:] = await self.list_messages(plan_id=plan["id"]) or []
            settled = [message for message in messages if message["status"] not in UNSENT]
            return len(settled) == len(messages) >= 2 * int(plan["counts"]["people_placed"])

        await until(all_settled, seconds=seconds)
        return messages

    async def arrived(self) -> Counter[str]:
        """How often each message reference arrived, counted in the sinks."""
        mails = (await self.sinks.get(f"{self.stack.addresses.mail_page}/messages")).json()
        texts = (await self.sinks.get(f"{self.stack.addresses.sms_page}/texts")).json()
        return Counter([mail["Message-ID"].strip("<>") for mail in mails] + [text["reference"] for text in texts])

    async def script_mail(self, rules: list[dict[str, Any]]) -> None:
        (await self.sinks.post(f"{self.stack.addresses.mail_page}/script", json=rules)).raise_for_status()
