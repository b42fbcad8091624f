"""Asking for a matching, watching it, reading what it found, comparing two of them."""

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from roster_api.access.models import ApiKey
from roster_api.access.principal import Grant
from roster_api.campaigns.models import Campaign
from roster_api.decisions.models import Decision, ExistingRelation
from roster_api.matching_runs.stream import watch_run
from roster_api.outbox.models import OutboxRow
from roster_api.volunteers.models import Volunteer

from tests.roster_api.handed_in import OBJECTIVE, stage_a
from tests.roster_api.planning_world import World, planning_world, progress, run_path

PLACES = ((0, "C1", (0, 1)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_request_writes_the_run_and_its_job_and_answers_where_to_look(world: World) -> None:
    path = f"/v1/campaigns/{world.campaign_id}/matching-runs"
    body = {"options": {"time_limit_seconds": 5, "seed": 7}, "scenario": "Thử", "note": "lần đầu"}
    key = {"Idempotency-Key": "once"}
    first = await world.as_("admin").post(path, json=body, headers=key)
    again = await world.as_("admin").post(path, json=body, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    shown = (await world.as_("admin").get(first.headers["Location"])).json()
    assert (shown["status"], shown["scenario"], shown["options"]["seed"]) == ("queued", "Thử", 7)
    async with world.session() as session:
        row = (await session.scalars(sa.select(OutboxRow))).one()
    assert (row.topic, row.queue, row.args) == ("solve_matching_run", "matching", {"run_id": shown["id"]})
    assert (await world.as_("overseer").get(path)).json()["total"] == 1
    assert (await world.as_("elsewhere").get(first.headers["Location"])).status_code == 404
    assert (await world.as_("s1").get(first.headers["Location"])).status_code == 403


async def test_a_campaign_that_is_not_ready_is_refused_with_all_that_is_missing(roster_database_url: str) -> None:
    async with planning_world(roster_database_url, with_needs=False) as world:
        async with world.session() as session:
            await session.execute(sa.update(Campaign).values(status="draft"))
            await session.execute(sa.update(Volunteer).values(status="withdrawn"))
        answer = await world.as_("admin").post(f"/v1/campaigns/{world.campaign_id}/matching-runs", json={})
        assert answer.status_code == 409
        codes = [error["code"] for error in answer.json()["errors"]]
        assert codes == ["campaign.not_open", "campaign.no_needs", "campaign.no_volunteers"]
        async with world.session() as session:
            assert await session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 0


async def write_decisions(world: World) -> None:
    """A pin, two forbids, a withdrawn pin and an existing tie."""
    made = {"campaign_id": world.campaign_id, "reason": "đã thống nhất", "decided_by": "t"}
    withdrawn = {"withdrawn_at": sa.func.now(), "withdrawn_by": "t"}
    first, second = world.volunteer_ids[:2]
    s1, s2 = world.school_ids["S1"], world.school_ids["S2"]
    async with world.session() as session:
        session.add_all(
            [
                Decision(**made, kind="responsibility_pin", commune_code="C1", school_id=s1),
                Decision(**made, kind="responsibility_forbid", commune_code="C2", school_id=s1),
                Decision(**made, kind="placement_forbid", commune_code="C3", volunteer_id=second),
                Decision(**made, kind="placement_pin", commune_code="C1", volunteer_id=first, **withdrawn),
                ExistingRelation(campaign_id=world.campaign_id, commune_code="C3", school_id=s2, recorded_by="t"),
            ]
        )


async def test_the_problem_is_frozen_with_decisions_ties_and_the_plan_in_force(world: World) -> None:
    await world.make_published(PLACES)
    await write_decisions(world)
    run_id = await world.request_run(options={"max_placement_changes": 2})
    async with world.session() as session:
        await session.execute(sa.update(Volunteer).values(max_days=1))
    problem = (await world.as_("solver").get(f"{run_path(run_id)}/problem")).json()
    assert [(pin["commune_code"], pin["school_code"]) for pin in problem["pins"]] == [("C1", "S1")]
    assert [(row["commune_code"], row["school_code"]) for row in problem["forbids"]] == [("C2", "S1")]
    assert problem["placement_pins"] == []
    assert [row["commune_code"] for row in problem["placement_forbids"]] == ["C3"]
    assert [(row["commune_code"], row["school_code"]) for row in problem["existing"]] == [("C3", "S2")]
    assert [(row["commune_code"], row["school_code"]) for row in problem["previous"]] == [
        ("C1", "S1"),
        ("C2", "S2"),
        ("C3", "S2"),
    ]
    assert sorted(row["weekdays"] for row in problem["previous_placements"]) == [[0, 1], [2]]
    assert {person["max_days"] for person in problem["volunteers"]} == {5}
    first = next(commune for commune in problem["communes"] if commune["code"] == "C1")
    assert (first["priority"], first["need_days"], first["presence"]) == (3, {"digitise": 3, "kpi": 2}, [1, 0, 0, 0, 0])
    assert "Nguyễn" not in json.dumps(problem, ensure_ascii=False)
    assert "example.vn" not in json.dumps(problem)


async def test_a_queued_run_is_cancelled_at_once(world: World) -> None:
    run_id = await world.request_run()
    cancelled = await world.as_("admin").post(f"/v1/matching-runs/{run_id}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    assert (await world.as_("admin").post(f"/v1/matching-runs/{run_id}/cancel")).json()["status"] == "cancelled"
    assert (await world.claim(run_id)).json()["code"] == "run.finished"


async def test_events_are_streamed_as_they_happen_and_resume_where_they_were_left(world: World) -> None:
    run_id = await world.request_run()

    async def watch() -> list[tuple[str | None, str | None]]:
        state = world.app.state
        async with state.sessions() as session:
            key_id = await session.scalar(sa.select(ApiKey.id).where(ApiKey.role == "admin").limit(1))
        events = watch_run(state.run_watches, state.grant_watch, UUID(run_id), grant=Grant(key_id), after=0)
        return [(event.event, event.id) async for event in events]

    watching = asyncio.create_task(watch())
    token = (await world.claim(run_id)).json()["lease_token"]
    await world.as_("solver").put(f"{run_path(run_id)}/progress", json=progress(token))
    await world.as_("solver").put(f"{run_path(run_id)}/result", json=world.result(token, PLACES))
    seen = await asyncio.wait_for(watching, 10)
    assert seen == [("status", "1"), ("status", "2"), ("progress", "3"), ("status", "4"), ("end", None)]
    path = f"/v1/matching-runs/{run_id}/events"
    resumed = await world.as_("admin").get(path, headers={"Last-Event-ID": "2"})
    assert resumed.headers["content-type"].startswith("text/event-stream")
    assert [line for line in resumed.text.splitlines() if line.startswith(("event", "id"))] == [
        "event: progress",
        "id: 3",
        "event: status",
        "id: 4",
        "event: end",
    ]
    assert "lease" not in resumed.text
    assert (await world.as_("elsewhere").get(path)).status_code == 404


async def test_what_a_run_found_can_be_read_as_it_was_put(world: World) -> None:
    run_id = await world.request_run()
    result = await world.solve(run_id, PLACES)
    admin, base = world.as_("admin"), f"/v1/matching-runs/{run_id}"
    put = json.dumps(result["stage_a"]["problem"], separators=(",", ":"))
    assert (await admin.get(f"{base}/problem")).text == put, "with its keys in the order of the worker"
    assert (await admin.get(f"{base}/solution")).json() == result["stage_a"]["solution"]
    assert (await admin.get(f"{base}/placements/S1/problem")).json() == result["stage_b"]["S1"]["problem"]
    assert (await admin.get(f"{base}/placements/S1/solution")).json() == result["stage_b"]["S1"]["solution"]
    assert (await admin.get(f"{base}/placements/S9/solution")).status_code == 404
    assert (await admin.get(f"{base}/certificate")).json()["stages"] == [
        {**result["certificate"]["stages"][0], "notes": []}
    ]
    run = (await admin.get(base)).json()
    assert (run["status"], run["objective"], run["gap"]) == ("succeeded", OBJECTIVE, 0.0)
    assert run["timings"]["solving_seconds"] >= 0


async def test_each_commune_of_a_run_is_explained_to_those_who_may_see_runs(world: World) -> None:
    run_id = await world.request_run()
    await world.solve(run_id, PLACES)
    path = f"/v1/matching-runs/{run_id}/explanations"
    everyone = (await world.as_("overseer").get(path)).json()
    assert list(everyone) == ["C1"]
    told = everyone["C1"]
    assert told["text_vi"] == "S1 gần nhất; Lê Cẩm Châu còn rảnh", "people are named in the words"
    assert told["data"]["en"] == "S1 is nearest; Lê Cẩm Châu is free"
    assert told["data"]["unmet"] == [{"person": str(world.volunteer_ids[2])}], "and stay ids in the data"
    assert list(told["data"]) == ["zeta", "lead", "vi", "en", "unmet"], "as the worker put it"
    assert (await world.as_("admin").get(path, params={"commune": "C1"})).json() == everyone
    assert (await world.as_("admin").get(path, params={"commune": "C9"})).status_code == 404
    assert (await world.as_("elsewhere").get(path)).status_code == 404
    assert (await world.as_("s1").get(path)).status_code == 403


async def test_a_plan_says_where_each_lead_is_explained_to_whoever_may_read_it(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    path = f"/v1/plans/{plan_id}/responsibilities"
    leads = {row["commune_code"]: row for row in (await world.as_("admin").get(path)).json()["items"]}
    told = (await world.as_("admin").get(leads["C1"]["explanation"])).json()
    assert told["C1"]["data"]["lead"] == leads["C1"]["school_code"]
    of_school = (await world.as_("s1").get(path)).json()["items"]
    assert [row["explanation"] for row in of_school] == [None]
    assert of_school[0]["reason_vi"].startswith("S1 gần nhất"), "the sentence itself is for the school too"


async def test_a_result_that_names_strangers_is_refused_whole(world: World) -> None:
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    result = world.result(token, PLACES)
    result["responsibilities"][0] |= {"school_code": "S9", "is_lead": False}
    result["stage_a"] = stage_a({"C2": "S2", "C3": "S2"})
    answer = await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    assert (answer.status_code, answer.json()["code"]) == (422, "result.unknown_reference")
    assert (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()["status"] == "running"


async def test_two_scenarios_are_compared_by_level_commune_school_and_person(world: World) -> None:
    left, right = await world.request_run(scenario="A"), await world.request_run(scenario="B", force=True)
    await world.solve(left, PLACES)
    await world.solve(right, ((0, "C1", (0, 1)), (4, "C2", (2, 3))))
    found = (await world.as_("overseer").get(f"/v1/matching-runs/{left}/compare/{right}")).json()
    assert (found["left_scenario"], found["right_scenario"]) == ("A", "B")
    assert {"stage": "A", "level": "travel_km", "left": 100, "right": 100} in found["levels"]
    assert found["communes"] == []
    assert [row["school_code"] for row in found["schools"]] == ["S2"]
    assert (found["schools"][0]["left"]["person_days"], found["schools"][0]["right"]["person_days"]) == (1, 2)
    assert {row["volunteer_id"] for row in found["people"]} == {str(world.volunteer_ids[n]) for n in (3, 4)}
    third = await world.request_run()
    assert (await world.as_("admin").get(f"/v1/matching-runs/{left}/compare/{third}")).json()["code"] == "run.no_plan"


async def test_text_that_cannot_be_stored_is_the_callers_error(world: World) -> None:
    run_id = await world.request_run()
    assert (await world.claim(run_id, worker="a\0b")).status_code == 422
    token = (await world.claim(run_id)).json()["lease_token"]
    news = {**progress(token), "message_vi": "\0"}
    assert (await world.as_("solver").put(f"{run_path(run_id)}/progress", json=news)).status_code == 422
    base = f"/v1/matching-runs/{run_id}"
    for path in (f"{base}/explanations?commune=%00", f"{base}/placements/a%00b/problem"):
        assert (await world.as_("admin").get(path)).status_code == 422
