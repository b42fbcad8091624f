"""What is played while the schedule strikes: run, approve, publish; people drop out; a second version, told at once.

Between the two plans stands a draft that nobody ever publishes. With the first, plans of other campaigns are published,
which were computed before anything struck: so there is much to tell. Everything is asked for as a careful client does,
and goes into its history.
"""

import asyncio
from dataclasses import replace
from typing import Any

from tests.support.careful_client import CarefulClient
from tests.support.deadlines import until
from tests.support.small_campaign import ENDED, SmallCampaign
from tests.system.faults.evidence import Correction, News, Person, Publication
from tests.system.faults.progress import Progress
from tests.system.faults.schedule import FIRST_PUBLISHED, FIRST_SOLVING, SECOND_PUBLISHED, SECOND_SOLVING

TRIES = 3
"""An officer asks again for a run that failed."""
SOLVED_WITHIN_SECONDS = 240
DELIVERED_WITHIN_SECONDS = 60
PUBLISHED = ("version", "content_sha256", "published_at")
CORRECTED = 3
LEAVERS = 10
BUSIER = 8
TOLD_BY = ("commune_code", "weekdays", "dates", "duties")
"""What a placement's row says and a person is told; everything else stays as it is in this story."""


class Story:
    def __init__(self, campaign: SmallCampaign, progress: Progress, *, others: int) -> None:
        """`others`: how many other campaigns are published with the first plan."""
        self.published: list[Publication] = []
        self.people: dict[str, Person] = {}
        self.runs: list[str] = []
        self.corrections: list[Correction] = []
        self._campaign = campaign
        self._client: CarefulClient = campaign.officer
        self._progress = progress
        self._placed: dict[str, dict[str, Any]] = {}
        self._others = others

    async def play(self, campaign_id: str) -> None:
        others = [await self._plan_another() for _ in range(self._others)]
        first = await self._plan(campaign_id, FIRST_SOLVING)
        await self._publish(campaign_id, first, FIRST_PUBLISHED)
        await asyncio.gather(self._publish_others(others), self._correct_numbers())
        await self._people_drop_out()
        _draft, second = await asyncio.gather(*(self._plan(campaign_id, SECOND_SOLVING) for _ in range(2)))
        await self._publish(campaign_id, second, SECOND_PUBLISHED)
        self._client.acknowledge(f"/v1/campaigns/{campaign_id}/matching-runs?limit=1", {"total": len(self.runs)})
        self._client.acknowledge(f"/v1/campaigns/{campaign_id}/plans?limit=1", {"total": 3})

    async def _plan_another(self) -> tuple[str, str]:
        """A campaign of the same people in other weeks, and its run, which succeeded."""
        campaign_id = await self._campaign.open_campaign()
        run_id = await self._campaign.ask_for_run(campaign_id)
        run = await self._campaign.wait_for_run(run_id, seconds=SOLVED_WITHIN_SECONDS)
        assert run["status"] == "succeeded", run
        return campaign_id, run_id

    async def _publish_others(self, others: list[tuple[str, str]]) -> None:
        for campaign_id, run_id in others:
            plan = await self._campaign.publish(run_id)
            path = f"/v1/plans/{plan['id']}"
            self._client.acknowledge(path, {name: plan[name] for name in PUBLISHED})
            rows = await self._client.get(f"{path}/placements?limit=200")
            placed = {row["volunteer_id"]: row for row in rows["items"]}
            for person, row in placed.items():
                self.people.setdefault(person, Person(row["email"], row["phone"]))
            told = compare({}, placed)
            self.published.append(Publication(plan["id"], plan["version"], told, campaign_id=campaign_id))

    async def _plan(self, campaign_id: str, solving: str) -> str:
        """A run that succeeded; its id."""
        for _ in range(TRIES):
            run_id = await self._campaign.ask_for_run(campaign_id)
            self.runs.append(run_id)
            if (await self._follow(run_id, solving))["status"] == "succeeded":
                return run_id
        raise AssertionError(f"none of {TRIES} runs succeeded")

    async def _follow(self, run_id: str, solving: str) -> dict[str, Any]:
        run: dict[str, Any] = {}

        async def has_ended() -> bool:
            run.update(await self._campaign.read(self._campaign.roster, f"/v1/matching-runs/{run_id}") or {})
            if run.get("status") == "running":
                self._progress.reach(solving)
            return run.get("status") in ENDED

        await until(has_ended, seconds=SOLVED_WITHIN_SECONDS)
        return run

    async def _publish(self, campaign_id: str, run_id: str, published: str) -> None:
        plan = await self._campaign.publish(run_id)
        self._progress.reach(published)
        path = f"/v1/plans/{plan['id']}"
        self._client.acknowledge(path, {name: plan[name] for name in PUBLISHED})
        rows = await self._client.get(f"{path}/placements?limit=200")
        self._client.acknowledge(f"{path}/placements?limit=200", rows)
        placed = {row["volunteer_id"]: row for row in rows["items"]}
        self.people |= {person: Person(row["email"], row["phone"]) for person, row in placed.items()}
        told = compare(self._placed, placed)
        self.published.append(
            Publication(plan["id"], plan["version"], told, draft_number=plan["draft_number"], campaign_id=campaign_id)
        )
        self._placed = placed

    async def _correct_numbers(self) -> None:
        """Some lecturers' texts went to wrong numbers: these are put right, and the messages ordered again."""
        lecturers = [who for who, row in self._placed.items() if row["role"] == "lecturer"][:CORRECTED]
        for number, person in enumerate(lecturers):
            delivered = await self._find_delivered(person)
            if delivered is None:
                continue  # what strikes is too much for it: the rest of the story is told all the same
            path = f"/v1/volunteers/{person}"
            change = {"phone": f"+84950009{number:03d}"}
            wrong = (await self._client.get(path))["phone"]
            await self._client.patch(path, change)
            self._client.acknowledge(path, change)
            self.people[person] = replace(self.people[person], phone=change["phone"])
            self._placed[person]["phone"] = change[
                "phone"
            ]  # so the acknowledged rows of the plan must read from now on
            order = {"message_ids": [delivered["id"]], "reason": "Số điện thoại đã sửa"}
            await self._client.post("/v1/message-orders", order)
            self.corrections.append(Correction(delivered["id"], delivered["reference"], wrong))

    async def _find_delivered(self, person: str) -> dict[str, Any] | None:
        """Their text message, once a receipt says that it arrived; None where none does in time."""
        found: list[dict[str, Any]] = []

        async def has_arrived() -> bool:
            wanted = {"volunteer_id": person, "channel": "sms", "status": "delivered"}
            found[:] = await self._campaign.list_messages(**wanted) or []
            return bool(found)

        try:
            await until(has_arrived, seconds=DELIVERED_WITHIN_SECONDS)
        except AssertionError:
            return None
        return found[0]

    async def _people_drop_out(self) -> None:
        """Some students of the first plan withdraw, others have one weekday less."""
        students = [row for row in self._placed.values() if row["role"] == "student"]
        for row in students[:LEAVERS]:
            gone = await self._client.post(f"/v1/volunteers/{row['volunteer_id']}/withdraw")
            self._client.acknowledge(f"/v1/volunteers/{row['volunteer_id']}", {"status": gone["status"]})
        for row in students[LEAVERS : LEAVERS + BUSIER]:
            path = f"/v1/volunteers/{row['volunteer_id']}"
            free = (await self._client.get(path))["free_weekdays"]
            change = {"free_weekdays": [day for day in free if day != row["weekdays"][0]]}
            await self._client.patch(path, change)
            self._client.acknowledge(path, change)


def compare(before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> dict[str, News]:
    """Each person's news in a version that follows another, by the rows of both."""
    told = {}
    for person in before.keys() | now.keys():
        old, new = before.get(person), now.get(person)
        if new is None:
            told[person] = News("placement_withdrawn", before[person]["commune_name"])
        elif old is None:
            told[person] = News("placement_assigned", new["commune_name"])
        elif any(old[name] != new[name] for name in TOLD_BY):
            told[person] = News("placement_changed", new["commune_name"])
    return told
