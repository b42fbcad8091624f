"""Who would be given a place counts by their own contact, too: in a change by hand, undone and done again, and where a
vacancy is filled. They are in no plan yet when the notifier is asked.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.roster_api.editing_world import EditingWorld, editing_world
from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_filling_vacancies import PLACES, fill, offer, pick, publish_judged
from tests.roster_api.test_refusals_misspoken import answering, say


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


@pytest.fixture
async def editing(roster_database_url: str) -> AsyncIterator[EditingWorld]:
    async with editing_world(roster_database_url) as made:
        yield made


async def refuse_all(question: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    """Every contact that is asked about, whosever it is."""
    refusal = {"reason": "dead_address", "since": "2026-11-01T00:00:00Z"}
    channels = (("email", "email"), ("sms", "phone"))
    await say(
        writer,
        *(
            {"recipient": item["recipient"], "channel": channel} | refusal
            for item in question["items"]
            for channel, contact in channels
            if item[contact]
        ),
    )


def reached(edited: dict[str, Any]) -> tuple[int, int, int]:
    confirm = edited["confirm"]
    return confirm["people"], confirm["messages"], confirm["unreachable"]


async def test_somebody_placed_by_hand_counts_by_their_own_contact_also_undone_and_done_again(
    editing: EditingWorld,
) -> None:
    plan_id = await editing.plan()
    assert (await editing.world.publish(plan_id)).status_code == 200
    assert 1 not in await editing.places(plan_id)
    async with answering(editing.world, refuse_all):
        edited = (await editing.edit(plan_id, editing.move(1, "C1", weekdays=[0]))).json()
        assert (reached(edited), edited["is_notifier_asked"]) == ((1, 0, 1), True)
        draft = f"/v1/plans/{edited['plan']['id']}"
        undone = (await editing.admin.post(f"{draft}/undo", headers={"If-Match": "*"})).json()
        again = (await editing.admin.post(f"{draft}/redo", headers={"If-Match": "*"})).json()
    assert (reached(undone), reached(again)) == ((0, 0, 0), (1, 0, 1))


async def test_who_steps_in_counts_by_their_own_contact(world: World) -> None:
    first = await publish_judged(world, PLACES)
    await offer(world, first, 1, people={2: [0]})
    async with answering(world, refuse_all):
        refused = (await fill(world, first, pick(world, 1, 2))).json()
    assert (refused["code"], reached(refused["facts"])) == ("plan.confirm", (2, 0, 2))
