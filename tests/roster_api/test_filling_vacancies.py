"""A vacancy is filled by one call: a new version in which only those concerned are told, with who decided and why."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from commune_schemas.documents import InstanceSolution
from commune_schemas.matching import MatchingProblem
from commune_verify.responsibility import verify
from matching_worker.campaign.translate import Translation
from roster_api.matching_runs.models import RunDocument

from tests.roster_api.planning_world import World, days_of_service, planning_world, run_path
from tests.roster_api.test_vacancies import answer

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def publish_judged(world: World, places: Sequence[tuple[int, str, Sequence[int]]]) -> str:
    """A published plan whose run kept the documents by which a plan is judged."""
    run_id = await world.request_run()
    frozen = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}/frozen")).json()
    translation = Translation(MatchingProblem.model_validate(frozen))
    document = translation.instance()
    instance = document.model_dump(mode="json", by_alias=True)
    result = world.result((await world.claim(run_id)).json()["lease_token"], places)
    solution = {"lead": {"C1": "S1", "C2": "S2", "C3": "S2"}}
    led = InstanceSolution.model_validate(solution)
    verdict = verify(document, led)
    for school, placed in translation.placements(led).items():
        result["stage_b"][school]["problem"] = placed.model_dump(mode="json", by_alias=True)
    result["certificate"]["stages"][0]["objective"] = dict(verdict.objective)
    result |= {"stage_a": {"problem": instance, "solution": solution}}
    put = await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    assert put.status_code == 204, put.text
    plan_id = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()["plan_id"]
    published = await world.publish(plan_id)
    assert published.status_code == 200, published.text
    return str(plan_id)


async def offer(world: World, plan_id: str, leaver: int, *, people: dict[int, list[int]]) -> None:
    """Ask who could step in for a person, and play the worker that answers with these people."""
    run_id = (await world.as_("admin").get(f"/v1/plans/{plan_id}")).json()["run_id"]
    question = {"kind": "replacements", "volunteer_id": str(world.volunteer_ids[leaver])}
    advice = (await world.as_("admin").post(f"/v1/matching-runs/{run_id}/advice", json=question)).json()
    ids = {str(world.volunteer_ids[number]): days for number, days in people.items()}
    offers = [{"people": list(ids), "days": ids, "commune": "C1", "effect": {"unmet": 0, "travel_km": 0}}]
    body = {"data": {"replacements": offers}, "text_vi": "x", "text_en": "x", "seconds": 0.5}
    await world.as_("solver").put(f"/v1/internal/advice/{advice['id']}/answer", json=body)


def pick(world: World, leaver: int, *people: int, **more: Any) -> dict[str, Any]:
    return {
        "leaver_id": str(world.volunteer_ids[leaver]),
        "volunteer_ids": [str(world.volunteer_ids[number]) for number in people],
        "reason": "Đã hỏi, đồng ý",
        **more,
    }


async def fill(world: World, plan_id: str, body: dict[str, Any], who: str = "admin") -> Any:
    return await world.as_(who).post(f"/v1/plans/{plan_id}/replacements", json=body)


async def test_a_pick_becomes_the_next_version_and_only_those_concerned_are_told(world: World) -> None:
    first = await publish_judged(world, PLACES)
    await answer(world, first, 1, reason="Ốm")
    await offer(world, first, 1, people={2: [0]})
    refused = await fill(world, first, pick(world, 1, 2))
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.confirm")
    confirm = refused.json()["facts"]["confirm"]
    assert confirm == {
        "people": 2, "messages": 4, "unreachable": 0, "unable": 0, "sms": 2, "segments": 4, "cost_vnd": None,
    }  # fmt: skip
    assert (await world.as_("admin").get(f"/v1/campaigns/{world.campaign_id}/plans")).json()["total"] == 1
    filled = await fill(world, first, pick(world, 1, 2, confirm=confirm))
    assert filled.status_code == 200, filled.text
    plan = filled.json()
    assert (plan["version"], plan["status"], plan["previous_plan_id"]) == (2, "published", first)
    assert (plan["copied_from_id"], plan["repair_reason"]) == (first, "Đã hỏi, đồng ý")
    assert (plan["approved_by"], plan["published_by"], plan["is_verified"]) == ("admin", "admin", True)
    told = {
        world.volunteer_ids.index(UUID(n["volunteer_id"])): (n["kind"], n["withdrawal"])
        for n in await world.notices(plan["id"])
    }
    assert told == {1: ("placement_withdrawn", "cannot_go"), 2: ("placement_assigned", None)}
    places = (await world.as_("admin").get(f"/v1/plans/{plan['id']}/placements")).json()["items"]
    new = next(one for one in places if one["volunteer_id"] == str(world.volunteer_ids[2]))
    assert (new["commune_code"], new["weekdays"], new["work_days"]) == ("C1", [0], {"digitise": 1})
    assert new["dates"] == [day.isoformat() for day in days_of_service((0,))]
    assert len(places) == 3
    run = (await world.as_("admin").get(f"/v1/matching-runs/{plan['run_id']}")).json()
    assert run["plan_id"] == first, "what the run computed stays what it is"


async def test_what_cannot_be_is_refused_in_words_and_changes_nothing(world: World) -> None:
    first = await publish_judged(world, PLACES)
    await answer(world, first, 1)
    assert (await fill(world, first, pick(world, 1, 2))).json()["code"] == "replacement.not_asked"
    await offer(world, first, 1, people={2: [0]})
    for body, code in (
        (pick(world, 1, 5), "replacement.not_offered"),
        (pick(world, 1, 2, 5), "replacement.not_offered"),
        (pick(world, 1, 0), "replacement.placed"),
        (pick(world, 4, 2), "replacement.not_placed"),
    ):
        refused = await fill(world, first, body)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[2]}/withdraw")
    unfit = await fill(world, first, pick(world, 1, 2))
    assert [error["code"] for error in unfit.json()["errors"]] == ["volunteer.not_active"]
    assert (await world.as_("admin").get(f"/v1/plans/{first}")).json()["status"] == "published"
    second = await world.make_published(PLACES[:1])
    assert (await fill(world, first, pick(world, 1, 2))).json()["code"] == "plan.base_moved"
    assert (await world.as_("admin").get(f"/v1/plans/{second}")).json()["version"] == 2


async def test_a_pick_that_breaks_a_hard_rule_by_now_is_refused_with_its_number_and_words(world: World) -> None:
    first = await publish_judged(world, PLACES)
    await answer(world, first, 0)
    await offer(world, first, 0, people={2: [0]})
    refused = await fill(world, first, pick(world, 0, 2))
    assert (refused.status_code, refused.json()["code"]) == (409, "replacement.breaks_rule")
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/volunteer_ids", "rule.P5")
    assert error["vi"].startswith("P5: số người cần hướng dẫn")
    assert "Tây Khánh Vĩnh" in error["vi"]
    plans = (await world.as_("admin").get(f"/v1/campaigns/{world.campaign_id}/plans")).json()
    assert plans["total"] == 1, "nothing is left of what was refused"


async def test_a_plan_whose_run_kept_no_documents_is_not_repaired_unjudged(world: World) -> None:
    first = await world.make_published(PLACES)
    async with world.session() as session:  # as releases before did
        await session.execute(sa.delete(RunDocument))
    await answer(world, first, 1)
    await offer(world, first, 1, people={2: [0]})
    refused = await fill(world, first, pick(world, 1, 2))
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.not_editable")


async def test_only_who_publishes_fills_vacancies(world: World) -> None:
    first = await world.make_published(PLACES)
    for who in ("overseer", "s1", "c1", "finance", "solver"):
        assert (await fill(world, first, pick(world, 1, 2), who)).status_code == 403, who
    assert (await fill(world, first, pick(world, 1, 2), "elsewhere")).status_code == 404
    assert (await fill(world, str(uuid4()), pick(world, 1, 2))).status_code == 404
    assert (await fill(world, first, pick(world, 1))).status_code == 422
    assert (await fill(world, first, pick(world, 1, 2, reason=""))).status_code == 422
