"""The sealing key is changed while the system runs; killed in the middle, it goes on where it stopped."""

import json
import os
import signal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from commune_service.data_keys import (
    DEVELOPMENT_DATA_KEYS,
    DEVELOPMENT_LOOKUP_KEY,
    add_key,
    drop_old_keys,
    promote_key,
    read_keyset,
)
from commune_service.sealed_columns import place_of
from commune_service.sealing import Sealer, UnsealError
from roster_api.plans.models import FrozenContact
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_retention import PLACES
from tests.support import forked
from tests.support.deadlines import until

PEOPLE = 6000
MAIN = "roster_api.main:main"
OLD = Sealer(DEVELOPMENT_DATA_KEYS, lookup_key=DEVELOPMENT_LOOKUP_KEY)


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def add_people(world: World) -> None:
    """Many rows sealed by the old key: only their sealed columns matter."""
    async with world.session() as session:
        school = await session.get_one(School, world.school_ids["S1"])
        rows = []
        for number in range(PEOPLE):
            one = UUID(int=number + 1)
            sealed = OLD.seal(f"+8495{number:07}".encode(), place=place_of("volunteers", "phone", (one,)))
            rows.append(
                {"id": one, "school_id": school.id, "full_name": "Lê An", "search_key": "le an", "sort_key": "an",
                 "role": "student", "phone_sealed": sealed, "phone_digest": b""}
            )  # fmt: skip
        await session.execute(sa.insert(Volunteer), rows)


def environment(url: str, keys: str) -> dict[str, str]:
    return {**os.environ, "ROSTER_DATABASE_URL": url, "ROSTER_DATA_KEYS": keys}


async def start(url: str, action: str, keys: str) -> forked.Forked:
    return await forked.fork(MAIN, ["data-keys", action], environment=environment(url, keys))


async def run(url: str, action: str, keys: str) -> tuple[int, str]:
    return await forked.run(MAIN, ["data-keys", action], environment=environment(url, keys))


async def count_new(world: World, sealer: Sealer) -> int:
    async with world.session() as session:
        new = sa.func.substring(Volunteer.phone_sealed, 1, 5) == sealer.prefix
        return await session.scalar(sa.select(sa.func.count()).where(new)) or 0


async def test_keys_are_changed_while_a_process_dies_and_then_the_old_one_is_dropped(
    world: World, roster_database_url: str
) -> None:
    await world.make_published(PLACES)
    await add_people(world)
    keys = promote_key(add_key(DEVELOPMENT_DATA_KEYS))
    new = Sealer(keys)
    assert (await run(roster_database_url, "status", keys))[0] == 1
    process = await start(roster_database_url, "rotate", keys)

    async def has_begun() -> bool:
        return await count_new(world, new) > 0

    await until(has_begun, seconds=60)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert 0 < await count_new(world, new) < PEOPLE, "killed in the middle"
    async with world.session() as session:
        some = (await session.scalars(sa.select(Volunteer).order_by(Volunteer.id).limit(PEOPLE))).all()
        both = Sealer(keys)
        for row in some:
            assert both.open(row.phone_sealed or b"", place=place_of("volunteers", "phone", (row.id,)))
    assert (await run(roster_database_url, "drop", keys))[0] == 1, "older keys still seal"
    status, output = await run(roster_database_url, "rotate", keys)
    assert status == 0
    counts = json.loads(output)
    assert 0 < counts["volunteers.phone_sealed"] < PEOPLE + 6
    async with world.session() as session:
        frozen = await session.scalar(sa.select(sa.func.count()).select_from(FrozenContact))
    assert counts["frozen_contacts.wrapped_key"] == frozen > 0, "the keys of what a plan says, and not what it says"
    assert (await run(roster_database_url, "status", keys))[0] == 0
    status, dropped = await run(roster_database_url, "drop", keys)
    assert len(read_keyset(dropped)["key"]) == 1
    only_new = Sealer(dropped)
    async with world.session() as session:
        row = await session.get_one(Volunteer, world.volunteer_ids[0])
        place = place_of("volunteers", "phone", (row.id,))
        assert only_new.open(row.phone_sealed or b"", place=place) == b"+84950000100"
        with pytest.raises(UnsealError):
            OLD.open(row.phone_sealed or b"", place=place)


def test_a_key_that_is_only_added_opens_and_does_not_seal_yet() -> None:
    added = add_key(DEVELOPMENT_DATA_KEYS)
    promoted = promote_key(added)
    assert Sealer(added).prefix == OLD.prefix != Sealer(promoted).prefix
    assert Sealer(added).open(Sealer(promoted).seal(b"x", place="p"), place="p") == b"x"
    assert len(read_keyset(drop_old_keys(promoted))["key"]) == 1
