"""An office that works on while everything around it dies: uploads two lists, adds people, changes them, all the time.

Its schools lie in another province, so the campaign's problem stays what it is. What is acknowledged goes into the
client's history; how many of each there must be at the end, too: one for each request, however often it was sent.
"""

import asyncio
import random
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from commune_demo import case

from tests.support.careful_client import CarefulClient

PROVINCE = "79"
UPLOADED = ("TCVN", "TCCR")
TYPED_IN = ("CDKTCN", "CDNNT")
PACE_SECONDS = 0.2
"""Between two requests; the machine has the solver to feed too."""
RUSH = 12
MOVING = frozenset({"updated_at"})


class Clerk:
    def __init__(self, client: CarefulClient, *, seed: int, folder: Path) -> None:
        self._client = client
        self._rng = random.Random(seed)
        self._folder = folder
        self._newcomers: list[tuple[str, case.Person]] = []
        self._people: list[str] = []
        """Typed in, and not being changed just now: nobody else writes them."""
        self._added: Counter[str] = Counter()
        self._rushed: list[asyncio.Task[None]] = []

    async def work(self, stop: asyncio.Event) -> None:
        """Until told to stop; what is in hand is finished."""
        schools = [school for school in case.schools() if school.code in (*UPLOADED, *TYPED_IN)]
        ids = {school.code: await self._register(school) for school in schools}
        books = {book.school_code: book for book in case.write_workbooks(self._folder)}
        for code in UPLOADED:
            await self._upload(ids[code], books[code].path, people=books[code].people)
        self._newcomers = [(ids[self._rng.choice(TYPED_IN)], person) for person in case.people()]
        while not stop.is_set():
            await self._write()
            await asyncio.sleep(PACE_SECONDS)
        await asyncio.gather(*self._rushed)
        for school_id, number in self._added.items():
            self._client.acknowledge(people_of(school_id), {"total": number})

    async def rush(self) -> None:
        """A dozen requests at once. Returns when the first is answered: a good moment to strike at the others."""
        if self._newcomers:
            tasks = [asyncio.create_task(self._write()) for _ in range(RUSH)]
            self._rushed += tasks
            await asyncio.wait(tasks, timeout=1, return_when=asyncio.FIRST_COMPLETED)

    async def _write(self) -> None:
        if self._newcomers and (not self._people or self._rng.random() < 0.5):
            await self._add(*self._newcomers.pop())
        elif self._people:
            await self._change(self._people.pop(self._rng.randrange(len(self._people))))

    async def _register(self, school: case.School) -> str:
        facts = asdict(school) | {"province_code": PROVINCE}
        facts.pop("short_name")
        answer = await self._client.post("/v1/schools", facts)
        self._client.acknowledge(f"/v1/schools/{answer['id']}", answer, but=MOVING)
        return str(answer["id"])

    async def _upload(self, school_id: str, book: Path, *, people: int) -> None:
        content = await asyncio.to_thread(book.read_bytes)
        files = {"file": (book.name, content, "application/octet-stream")}
        upload = await self._client.post(f"/v1/schools/{school_id}/roster-uploads", files=files)
        await self._at_rest(upload)
        committed = await self._at_rest(await self._client.post(f"/v1/roster-uploads/{upload['id']}/commit", {}))
        self._client.acknowledge(f"/v1/roster-uploads/{upload['id']}", committed)
        self._client.acknowledge(people_of(school_id), {"total": people})

    async def _at_rest(self, upload: dict[str, Any]) -> dict[str, Any]:
        """The upload once no reader has it, or will take it."""
        while upload["progress"] is not None:
            await asyncio.sleep(PACE_SECONDS)
            upload = await self._client.get(f"/v1/roster-uploads/{upload['id']}")
        return upload

    async def _add(self, school_id: str, person: case.Person) -> None:
        body = {
            "school_id": school_id,
            "external_ref": person.external_ref,
            "full_name": person.full_name,
            "role": person.role,
            "email": person.email,
            "phone": person.phone,
            "free_weekdays": person.free_weekdays,
        }
        self._keep(await self._client.post("/v1/volunteers", body))
        self._added[school_id] += 1

    async def _change(self, volunteer_id: str) -> None:
        days = sorted(self._rng.sample(range(5), self._rng.randint(1, 5)))
        change = {"free_weekdays": days, "max_days": self._rng.randint(1, 5)}
        self._keep(await self._client.patch(f"/v1/volunteers/{volunteer_id}", change))

    def _keep(self, volunteer: dict[str, Any]) -> None:
        self._people.append(volunteer["id"])
        self._client.acknowledge(f"/v1/volunteers/{volunteer['id']}", volunteer, but=MOVING)


def people_of(school_id: str) -> str:
    return f"/v1/volunteers?school_id={school_id}&limit=200"
