"""Advice over HTTP: asked and answered once, by those who may ask; a question nobody answers fails visibly."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from commune_schemas.advice import AdviceTask
from commune_schemas.jobs import ANSWER_ADVICE, MATCHING_QUEUE
from roster_api.advice.answering import end_overdue_advice
from roster_api.advice.models import Advice
from roster_api.outbox.models import OutboxRow
from roster_api.work.handing_out import MAX_ATTEMPTS

from tests.roster_api.handed_in import OBJECTIVE
from tests.roster_api.planning_world import World, planning_world, run_path
from tests.support.refusals import check_refusal

PLACES = [(0, "C1", [0, 1]), (1, "C1", [0]), (3, "C2", [2])]


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def make_run(world: World, *, revises: bool = False) -> str:
    """A run with a plan, its documents such that questions can be checked against them."""
    run_id = await world.request_run()
    result = world.result((await world.claim(run_id)).json()["lease_token"], PLACES)
    result["stage_a"]["problem"]["previous"] = [["C1", "S1"]] if revises else []
    if revises:
        result["stage_b"]["S1"]["problem"]["volunteers"][0]["previous_commune"] = "C1"
    result["certificate"]["stages"][0]["objective"] = dict(reversed(OBJECTIVE.items()))
    assert (await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)).status_code == 204
    return run_id


async def ask(world: World, run_id: str, who: str = "admin", **question: Any) -> Any:
    return await world.as_(who).post(f"/v1/matching-runs/{run_id}/advice", json=question)


def vacancy(world: World, number: int = 0) -> dict[str, Any]:
    return {"kind": "replacements", "volunteer_id": str(world.volunteer_ids[number])}


async def take(world: World, advice_id: str) -> Any:
    return await world.as_("solver").post(f"/v1/internal/advice/{advice_id}/claim", json={"worker": "w1"})


async def put_answer(world: World, advice_id: str, text: str = "x", **data: Any) -> None:
    answer = {"data": data, "text_vi": text, "text_en": text, "seconds": 0.25}
    put = await world.as_("solver").put(f"/v1/internal/advice/{advice_id}/answer", json=answer)
    assert put.status_code == 204, put.text


async def test_an_explanation_is_asked_of_stage_a_and_only_of_who_took_part(world: World) -> None:
    run_id = await make_run(world)
    asked = await ask(world, run_id, kind="explain", commune_code="C1", school_code="S2")
    assert asked.status_code == 202
    task = AdviceTask.model_validate((await take(world, asked.json()["id"])).json())
    assert task.documents.solution == {"lead": {"C1": "S1", "C2": "S2", "C3": "S2"}}
    nowhere = await ask(world, run_id, kind="explain", commune_code="C9")
    check_refusal(nowhere, 422, "advice.took_no_part", at="/commune_code")
    assert (await ask(world, run_id, "s1", kind="explain", commune_code="C1")).status_code == 404


async def test_a_question_is_queued_with_its_job_and_answered_with_names_in_place_of_ids(world: World) -> None:
    run_id = await make_run(world)
    asked = await ask(world, run_id, **vacancy(world))
    advice_id = asked.json()["id"]
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")
    assert asked.headers["Location"] == f"/v1/advice/{advice_id}"
    async with world.session() as session:
        row = (await session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == ANSWER_ADVICE))).one()
    assert (row.queue, row.args) == (MATCHING_QUEUE, {"advice_id": advice_id})

    task = AdviceTask.model_validate((await take(world, advice_id)).json())
    assert task.documents.problem["id"] == "played:S1", "the documents of the person's school"
    assert (await world.as_("admin").get(f"/v1/advice/{advice_id}")).json()["status"] == "running"

    person = str(world.volunteer_ids[2])
    await put_answer(world, advice_id, f"{person} thay", zeta=[person], alpha=1)
    shown = (await world.as_("overseer").get(f"/v1/advice/{advice_id}")).json()
    assert (shown["status"], shown["seconds"]) == ("ready", 0.25)
    assert shown["text_vi"] == "Lê Cẩm Châu thay"
    assert list(shown["data"].items()) == [("zeta", [person]), ("alpha", 1)]
    assert shown["people"] == {person: "Lê Cẩm Châu"}
    async with world.session() as session:
        assert (await session.get_one(OutboxRow, row.id)).done_at is not None


async def test_the_same_question_is_not_computed_twice(world: World) -> None:
    run_id = await make_run(world)
    first = (await ask(world, run_id, **vacancy(world))).json()["id"]
    assert (await take(world, first)).status_code == 200
    await put_answer(world, first, n=1)
    again = (await ask(world, run_id, who="overseer", **vacancy(world))).json()
    assert (again["id"], again["status"], again["data"]) == (first, "ready", {"n": 1})
    await put_answer(world, first, n=2)
    assert (await world.as_("admin").get(f"/v1/advice/{first}")).json()["data"] == {"n": 1}
    assert (await take(world, first)).json()["code"] == "advice.finished"
    other = (await ask(world, run_id, **vacancy(world, 1))).json()["id"]
    assert other != first
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).where(OutboxRow.topic == ANSWER_ADVICE)) == 2


async def test_a_question_a_worker_is_at_is_held_from_others_for_as_long_as_it_may_take(world: World) -> None:
    advice_id = (await ask(world, await make_run(world), **vacancy(world))).json()["id"]
    assert (await take(world, advice_id)).status_code == 200
    assert (await take(world, advice_id)).json()["code"] == "advice.held"
    async with world.session() as session:
        advice = await session.get_one(Advice, UUID(advice_id))
        outbox = await session.get_one(OutboxRow, advice.outbox_id)
        assert outbox.next_enqueue_at == advice.held_until
        advice.held_until = sa.func.now()
    assert (await take(world, advice_id)).status_code == 200


async def test_a_question_no_worker_answers_fails_visibly_and_may_be_asked_again(world: World) -> None:
    run_id = await make_run(world)
    advice_id = (await ask(world, run_id, **vacancy(world))).json()["id"]
    async with world.session() as session:
        advice = await session.get_one(Advice, UUID(advice_id))
        advice.attempts = MAX_ATTEMPTS
        await session.flush()
        assert await end_overdue_advice(session) == 1
    shown = (await world.as_("admin").get(f"/v1/advice/{advice_id}")).json()
    assert (shown["status"], shown["failure"]["kind"]) == ("failed", "no_answer")
    again = (await ask(world, run_id, **vacancy(world))).json()
    assert (again["id"], again["status"], again["attempts"], again["failure"]) == (advice_id, "queued", 0, None)


async def test_a_worker_that_gives_up_says_why(world: World) -> None:
    advice_id = (await ask(world, await make_run(world), **vacancy(world))).json()["id"]
    await take(world, advice_id)
    failure = {"kind": "out_of_memory", "detail_vi": "hết bộ nhớ", "detail_en": "out of memory"}
    put = await world.as_("solver").put(f"/v1/internal/advice/{advice_id}/failure", json=failure)
    assert put.status_code == 204
    shown = (await world.as_("admin").get(f"/v1/advice/{advice_id}")).json()
    assert shown["failure"] == {"kind": "out_of_memory", "vi": "hết bộ nhớ", "en": "out of memory"}


async def test_a_coordinator_asks_about_the_own_people_of_a_published_plan_and_nothing_else(world: World) -> None:
    run_id = await make_run(world)
    own = vacancy(world)
    assert (await ask(world, run_id, who="s1", **own)).status_code == 404
    plan_id = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()["plan_id"]
    assert (await world.publish(plan_id)).status_code == 200
    asked = await ask(world, run_id, who="s1", **own)
    assert asked.status_code == 202
    foreign = await ask(world, run_id, who="s1", **vacancy(world, 3))
    missing = await ask(world, run_id, who="s1", kind="replacements", volunteer_id=str(uuid4()))
    assert (foreign.status_code, foreign.json()["code"]) == (missing.status_code, missing.json()["code"])
    assert foreign.json()["code"] == "advice.not_placed"
    assert (await ask(world, run_id, who="s1", kind="curve", stage="A", ks=[0])).status_code == 404
    assert (await world.as_("s1").get(f"/v1/advice/{asked.json()['id']}")).status_code == 200
    assert (await world.as_("s2").get(f"/v1/advice/{asked.json()['id']}")).status_code == 404
    assert (await ask(world, run_id, who="finance", **own)).status_code == 403
    assert (await ask(world, run_id, who="elsewhere", **own)).status_code == 404


async def test_what_a_run_does_not_know_is_refused_when_it_is_asked(world: World) -> None:
    first, revising = await make_run(world), await make_run(world, revises=True)
    curve: dict[str, Any] = {"kind": "curve", "stage": "B", "school_code": "S1", "ks": [0, 5]}
    refused: list[tuple[dict[str, Any], str]] = [
        (vacancy(world, 5), "advice.not_placed"),
        (curve, "advice.no_previous"),
        (curve | {"school_code": "S9"}, "advice.no_document"),
        ({"kind": "curve", "stage": "A", "ks": [0]}, "advice.no_previous"),
    ]
    for question, code in refused:
        assert (await ask(world, first, **question)).json()["code"] == code, question
    assert (await ask(world, revising, **curve)).status_code == 202
    assert (await ask(world, revising, kind="curve", stage="A", ks=[0, 1])).status_code == 202
    assert (await ask(world, revising, kind="curve", stage="B", ks=[0])).status_code == 422
    assert (await ask(world, await world.request_run(), **vacancy(world))).json()["code"] == "run.no_plan"


async def test_levels_of_a_certificate_come_back_in_the_order_they_were_put(world: World) -> None:
    run_id = await make_run(world)
    certificate = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}/certificate")).json()
    assert list(certificate["stages"][0]["objective"]) == list(reversed(OBJECTIVE))
