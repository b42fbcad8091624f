"""The API against the bare thing: the same queries, the same client, one process each, with authorisation and audit on.

The ceiling of a row is a FastAPI route over raw asyncpg that asks nobody who they are (bench/api_bare.py), measured in
turn with the product, in the same run; a ratio is of throughputs, more is better.
"""

import asyncio
import contextlib
import json
import random
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import asyncpg
from commune_service.data_keys import DEVELOPMENT_DATA_KEYS
from commune_service.sealed_columns import place_of
from commune_service.sealing import Sealer
from commune_stack.ports import free_port
from commune_stack.programs import Program, answers
from commune_stack.supervisor import supervised
from roster_api.text import name_sort_key, search_key

from bench.api_client import Answers, ask_for
from bench.engine_questions import percentile
from bench.load_world import ADMIN_KEY, LoadWorld, load_world
from bench.rows import Row, make_row

SECONDS, ROUNDS = 2.0, 5
PEOPLE_OF_SCHOOL, PEOPLE = 500, 100_000
GET_SHARE, LIST_SHARE = 0.3, 0.6
SEARCH_P95_SECONDS, AUDIT_SHARE, FOREIGN_SECONDS = 0.05, 0.10, 0.010
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLES = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Bảo", "Khánh", "Gia", "Tuấn")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Đào",
    "Giang",
    "Hà",
    "Hương",
    "Khôi",
    "Lan",
    "Mai",
    "Ngân",
    "Oanh",
    "Phúc",
    "Quân",
)


@dataclass
class ApiWorld:
    """The product and the bare thing over one database."""

    load: LoadWorld
    bare_port: int
    school_id: str
    key: str
    """Of the school's coordinator."""
    volunteers: list[str]
    foreign: list[str]
    """Of another school."""
    unaudited_port: int
    """The product without its audit."""


@contextlib.asynccontextmanager
async def api_world(*, people: int = PEOPLE_OF_SCHOOL) -> AsyncIterator[ApiWorld]:
    async with load_world(ROSTER_REQUESTS_A_MINUTE="10000000") as load:
        (school_id, key), (other_id, _) = load.schools[1], load.schools[2]
        connection = await asyncpg.connect(load.database_url)
        try:
            own = await add_people(connection, school_id, people)
            foreign = await add_people(connection, other_id, 100)
            await connection.execute("analyze roster.volunteers")
        finally:
            await connection.close()
        bare_port, unaudited_port, unasked_port = free_port(), free_port(), free_port()
        bare = beside("api_bare", bare_port, BARE_DATABASE_URL=load.database_url)
        ports = {"ROSTER_PORT": str(unaudited_port), "ROSTER_INTERNAL_PORT": str(unasked_port)}
        unaudited = beside("api_unaudited", unaudited_port, **load.environment | ports)
        async with supervised(load.place / "beside", [bare, unaudited]):
            yield ApiWorld(load, bare_port, school_id, key, own, foreign, unaudited_port)


def beside(module: str, port: int, **environment: str) -> Program:
    """A module of this folder as a process."""
    here = Path(__file__).parents[1]
    probe = answers(f"http://127.0.0.1:{port}/health")
    argv = (sys.executable, "-m", f"bench.{module}")
    return Program(module, argv, environment | {"BARE_PORT": str(port)}, directory=here, probe=probe)


async def add_people(connection: asyncpg.Connection, school_id: str, count: int) -> list[str]:
    """Made-up people, straight into the table."""
    chance, sealer = random.Random(school_id), Sealer(DEVELOPMENT_DATA_KEYS)
    ids, records = [], []
    for number in range(count):
        volunteer_id = uuid4()
        name = f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
        records.append((
            volunteer_id, UUID(school_id), f"B{number:06d}", name, search_key(name), name_sort_key(name), "student",
            sealer.seal(f"+8495{number:07d}".encode(), place=place_of("volunteers", "phone", (volunteer_id,))),
            json.dumps({"digitise": 2}), [0, 2],
        ))  # fmt: skip
        ids.append(str(volunteer_id))
    await connection.copy_records_to_table(
        "volunteers", schema_name="roster", records=records,
        columns=[
            "id", "school_id", "external_ref", "full_name", "search_key", "sort_key", "role", "phone_sealed",
            "skills", "free_weekdays",
        ],
    )  # fmt: skip
    return ids


def held_against(name: str, product: list[Answers], bare: list[Answers], *, at_least: float) -> Row:
    """Throughput as a share of the bare thing's: the median of the rounds."""
    shares = [ours.a_second / theirs.a_second for ours, theirs in zip(product, bare, strict=True)]
    statuses = sorted({status for each in (*product, *bare) for status in each.statuses})
    assert statuses == [200], statuses
    return make_row(
        name, median(shares), "of the bare route's throughput", at_least=at_least,
        a_second=median(each.a_second for each in product), bare_a_second=median(each.a_second for each in bare),
        p95_seconds=percentile([seconds for each in product for seconds in each.seconds], 0.95), rounds=ROUNDS,
    )  # fmt: skip


def get() -> Iterator[Row]:
    """One volunteer by id."""
    yield asyncio.run(_compare("api.get", "/{}", GET_SHARE))


def list_() -> Iterator[Row]:
    """Fifty of a school's five hundred people: a bulk read, which leaves an audit row each time."""
    yield asyncio.run(_compare("api.list", "", LIST_SHARE))


async def _compare(name: str, suffix: str, at_least: float) -> Row:
    async with api_world() as world:

        def path_of(number: int) -> str:
            return "/volunteers" + suffix.format(world.volunteers[number % len(world.volunteers)])

        key = {"X-Api-Key": world.key}
        product, bare = [], []
        for seconds in (0.5, *[SECONDS] * ROUNDS):  # the first warms both up
            product.append(await ask_for(world.load.port, lambda n: f"/v1{path_of(n)}", headers=key, seconds=seconds))
            asked = f"?school_id={world.school_id}"
            bare.append(await ask_for(world.bare_port, lambda n: path_of(n) + asked, headers={}, seconds=seconds))  # noqa: B023
        return held_against(name, product[1:], bare[1:], at_least=at_least)


def search() -> Iterator[Row]:
    """Search without accents among 100,000 people, by an administrator; the same search without the API beside it."""
    yield asyncio.run(_search())


async def _search() -> Row:
    async with api_world(people=PEOPLE) as world:
        chance = random.Random(7)
        words = ["+".join(search_key(chance.choice(part)) for part in (FAMILIES, MIDDLES, GIVEN)) for _ in range(100)]
        key = {"X-Api-Key": ADMIN_KEY}
        await ask_for(world.load.port, lambda n: f"/v1/volunteers?q={words[n % 100]}", headers=key, seconds=1)
        found = await ask_for(
            world.load.port, lambda n: f"/v1/volunteers?q={words[n % 100]}", headers=key, seconds=5, connections=1
        )
        assert set(found.statuses) == {200}, found.statuses
        return make_row(
            "api.search_100k", percentile(found.seconds, 0.95), "s", at_most=SEARCH_P95_SECONDS,
            median_seconds=median(found.seconds), requests=len(found.seconds), people=PEOPLE,
        )  # fmt: skip


def audit_overhead() -> Iterator[Row]:
    """What a change's audit row costs: the INSERT's share of a write's time, as Postgres and the service count it."""
    yield asyncio.run(_audit_overhead())


async def _audit_overhead() -> Row:
    async with api_world() as world:
        headers = {"X-Api-Key": world.key, "If-Match": "*"}

        def path_of(number: int) -> str:
            return f"/v1/volunteers/{world.volunteers[number % len(world.volunteers)]}"

        def body_of(number: int) -> bytes:
            return json.dumps({"max_days": number % 5 + 1, "team": f"nhóm {number}"}).encode()

        seconds: dict[bool, list[float]] = {True: [], False: []}
        for with_audit in (True, False) * ROUNDS:
            port = world.load.port if with_audit else world.unaudited_port
            written = await ask_for(
                port, path_of, headers=headers, seconds=SECONDS, method="PATCH", body_of=body_of, connections=1
            )
            assert set(written.statuses) == {200}, written.statuses
            seconds[with_audit].append(median(written.seconds))
        share = median(a / b for a, b in zip(seconds[True], seconds[False], strict=True)) - 1
        return make_row(
            "api.audit_overhead", share, "of a write", at_most=AUDIT_SHARE,
            seconds=median(seconds[True]), seconds_without=median(seconds[False]),
        )  # fmt: skip


def foreign_and_missing() -> Iterator[Row]:
    """Does the time of an answer tell whether somebody else's object exists? Difference of the medians."""
    yield asyncio.run(_foreign_and_missing())


async def _foreign_and_missing() -> Row:
    async with api_world() as world:
        key = {"X-Api-Key": world.key}
        medians = []
        for ids in (world.foreign, [str(uuid4()) for _ in range(100)]):
            refused = await ask_for(
                world.load.port, lambda n, ids=ids: f"/v1/volunteers/{ids[n % 100]}", headers=key, seconds=SECONDS,  # type: ignore[misc]
                connections=1,
            )  # fmt: skip
            assert set(refused.statuses) == {404}, refused.statuses
            medians.append(median(refused.seconds))
        return make_row(
            "api.foreign_and_missing", abs(medians[0] - medians[1]), "s", at_most=FOREIGN_SECONDS,
            foreign_seconds=medians[0], missing_seconds=medians[1],
        )  # fmt: skip


CASES = {
    "api.get": get,
    "api.list": list_,
    "api.search_100k": search,
    "api.audit_overhead": audit_overhead,
    "api.foreign_and_missing": foreign_and_missing,
}
