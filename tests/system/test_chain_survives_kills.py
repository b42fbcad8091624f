"""The whole chain on real processes: whatever is killed midway, every run ends and everyone is told once.

Each test kills with SIGKILL and counts in the sinks. A message the notifier shows as "unknown" (killed between the
provider's taking it and our writing so) may have arrived or not, but never twice.
"""

import os
import shutil
import signal
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from commune_stack.places import throwaway_directory
from commune_stack.stack import Stack

from tests.support.deadlines import until
from tests.support.small_campaign import SmallCampaign
from tests.system.faults.play import SEEDED, read_traces
from tests.system.faults.verdict import judge_privacy

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
]

SLOW_MAIL = [{"action": "hang", "seconds": 0.15}]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chain(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SmallCampaign]:
    """Everything running, with two matching workers and two notifiers. The logs outlive it, for whoever looks why."""
    logs = tmp_path_factory.mktemp("chain")
    with throwaway_directory() as place:
        stack = Stack(place.path, environment={}, matching_workers=2, notifier_workers=2)
        try:
            await stack.start()
            campaign = SmallCampaign(stack)
            await campaign.prepare(place.path / "rosters")
            yield campaign
            await campaign.close()
        finally:
            await stack.stop()
            shutil.copytree(stack.supervisor.logs, logs / "logs")


async def assert_everyone_was_told_once(chain: SmallCampaign, plan: dict[str, Any]) -> None:
    messages = await chain.wait_for_messages(plan)
    arrived = await chain.arrived()
    assert len(messages) == 2 * plan["counts"]["people_placed"]
    doubled = [message["id"] for message in messages if arrived[message["reference"]] > 1]
    lost = [m["id"] for m in messages if arrived[m["reference"]] == 0 and m["status"] != "unknown"]
    assert (doubled, lost) == ([], [])
    assert {message["status"] for message in messages} <= {"sent", "delivered", "unknown"}
    assert chain.officer.history.defects == []


async def test_two_workers_and_two_notifiers_at_once_neither_double_nor_lose(chain: SmallCampaign) -> None:
    run = await chain.wait_for_run(await chain.ask_for_run(await chain.open_campaign()))
    assert run["status"] == "succeeded"
    plan = await chain.publish(run["id"])
    await assert_everyone_was_told_once(chain, plan)
    again = await chain.post(f"/v1/matching-runs/{run['id']}/publish")
    assert again["id"] == plan["id"]
    await assert_everyone_was_told_once(chain, plan)


async def test_a_matching_worker_killed_while_solving_is_replaced(chain: SmallCampaign) -> None:
    run_id = await chain.ask_for_run(await chain.open_campaign())
    seen: dict[str, Any] = {}

    async def is_being_solved() -> bool:
        seen.update(await chain.read(chain.roster, f"/v1/matching-runs/{run_id}") or {})
        return seen.get("status") == "running"

    await until(is_being_solved, is_brief=True)
    os.kill(int(seen["worker"].rsplit(":", 1)[-1]), signal.SIGKILL)
    run = await chain.wait_for_run(run_id)
    assert run["status"] == "succeeded"
    assert run["attempts"] >= 2
    plan = await chain.publish(run_id)
    await assert_everyone_was_told_once(chain, plan)


async def test_notifiers_killed_while_sending_lose_and_double_nothing(chain: SmallCampaign) -> None:
    run = await chain.wait_for_run(await chain.ask_for_run(await chain.open_campaign()))
    before = sum((await chain.arrived()).values())
    await chain.script_mail(SLOW_MAIL)
    plan = await chain.publish(run["id"])
    for sent in (4, 12, 24):

        async def are_sent(sent: int = sent) -> bool:
            return sum((await chain.arrived()).values()) - before >= sent

        await until(are_sent)
        for name in ("notifier-worker-1", "notifier-worker-2"):
            chain.stack.kill(name)
    await chain.script_mail([])
    await assert_everyone_was_told_once(chain, plan)


async def test_a_wiped_valkey_loses_no_run_and_no_message(chain: SmallCampaign) -> None:
    run_id = await chain.ask_for_run(await chain.open_campaign())
    await chain.stack.wipe_valkey()
    run = await chain.wait_for_run(run_id)
    assert run["status"] == "succeeded"
    await chain.script_mail(SLOW_MAIL)
    plan = await chain.publish(run_id)
    await chain.stack.wipe_valkey()
    await chain.script_mail([])
    await assert_everyone_was_told_once(chain, plan)


async def test_a_killed_postgres_loses_no_run_and_no_message(chain: SmallCampaign) -> None:
    run_id = await chain.ask_for_run(await chain.open_campaign())
    chain.stack.kill("postgres")
    run = await chain.wait_for_run(run_id)
    assert run["status"] == "succeeded"
    before = sum((await chain.arrived()).values())
    await chain.script_mail(SLOW_MAIL)
    plan = await chain.publish(run_id)

    async def some_are_sent() -> bool:
        return sum((await chain.arrived()).values()) - before >= 6

    await until(some_are_sent)
    chain.stack.kill("postgres")
    await chain.script_mail([])
    await assert_everyone_was_told_once(chain, plan)


async def test_the_relay_and_the_api_killed_after_publishing_are_made_up_for(chain: SmallCampaign) -> None:
    run = await chain.wait_for_run(await chain.ask_for_run(await chain.open_campaign()))
    plan = await chain.publish(run["id"])
    chain.stack.kill("roster-relay")
    chain.stack.kill("roster-api")
    await assert_everyone_was_told_once(chain, plan)


async def break_a_constraint_on_everyone(chain: SmallCampaign) -> None:
    """What the server would print a row of, were it left to itself: 'Failing row contains (...)'."""
    connection = await asyncpg.connect(chain.stack.postgres.url("roster"))
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("update roster.volunteers set role = 'nobody'")
    finally:
        await connection.close()


async def test_no_log_and_nothing_valkey_wrote_names_a_person(chain: SmallCampaign) -> None:
    run = await chain.wait_for_run(await chain.ask_for_run(await chain.open_campaign()))
    await assert_everyone_was_told_once(chain, await chain.publish(run["id"]))
    await break_a_constraint_on_everyone(chain)
    traces = read_traces(chain.stack)
    assert "volunteers" in traces["postgres.log"], "the server wrote that a row was refused"
    assert all(run["id"] in traces[name] for name in ("roster-api.log", "Valkey's data")), "this is where they would be"
    assert list(judge_privacy(traces, SEEDED)) == []
