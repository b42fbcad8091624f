"""A campaign's policy: what new campaigns have, what older ones go on with, and what a run takes from it."""

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.policy import communes_a_supervisor
from roster_api.needs.models import NeedDeclaration
from sqlalchemy.orm import selectinload

from tests.roster_api.planning_world import World, planning_world, run_path

TODAY: dict[str, Any] = {
    "supervisors": ["lecturer", "teacher", "official"],
    "supervised": ["student"],
    "supervision": "commune",
    "students_per_lecturer": 5,
    "max_communes_per_lecturer": "auto",
    "lecturer_bound": "level",
    "min_people": 1,
    "use": "people",
    "theta_pct": 130,
    "prices": {"overcap": 10, "scattered": 40},
    "contiguity": False,
}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def frozen_options(world: World, **options: Any) -> dict[str, Any]:
    run_id = await world.request_run(options=options, force=True)
    answer = await world.as_("admin").get(f"/v1/matching-runs/{run_id}/frozen")
    told: dict[str, Any] = answer.json()["options"]
    shown = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()["options"]
    assert shown == told, "the run shows what was settled"
    return told


def part(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in TODAY}


async def test_a_new_campaign_lets_all_staff_supervise_and_only_students_need_it(world: World) -> None:
    campaign = (await world.as_("admin").get(f"/v1/campaigns/{world.campaign_id}")).json()
    assert {name: campaign["policy"][name] for name in TODAY} == TODAY
    options = await frozen_options(world)
    assert options["max_communes_per_lecturer"] in (1.0, 1.5), "auto is settled when the run is frozen"
    assert part(options) | {"max_communes_per_lecturer": "auto"} == TODAY


async def test_one_commune_each_where_supervisors_are_plenty() -> None:
    assert communes_a_supervisor(supervisors=13, communes=10) == 1.0
    assert communes_a_supervisor(supervisors=12, communes=10) == 1.5


async def test_a_campaign_from_before_policies_decides_as_it_did(world: World) -> None:
    async with world.session() as session:
        await session.execute(sa.update(Campaign).values(policy=sa.text("default")))
    before = {
        "supervisors": ["lecturer"],
        "supervised": ["teacher", "student", "official"],
        "supervision": "commune",
        "students_per_lecturer": 5,
        "max_communes_per_lecturer": 1.0,
        "lecturer_bound": "hard",
        "min_people": 0,
        "use": "need",
        "theta_pct": 115,
        "prices": None,
        "contiguity": False,
    }
    assert part(await frozen_options(world)) == before


async def test_every_commune_with_a_need_asks_for_somebody_unless_it_says_how_many(world: World) -> None:
    async with world.session() as session:
        needs = await session.scalars(sa.select(NeedDeclaration).options(selectinload(NeedDeclaration.items)))
        by_code = {need.commune_code: need for need in needs}
        by_code["C2"].items, by_code["C2"].presence = [], [0, 0, 0, 0, 0]
        by_code["C3"].min_people = 2
    run_id = await world.request_run()
    frozen = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}/frozen")).json()
    assert {one["code"]: one["min_people"] for one in frozen["communes"]} == {"C1": 1, "C2": 0, "C3": 2}


async def test_what_a_request_names_goes_before_the_policy(world: World) -> None:
    asked: dict[str, Any] = {"supervision": "none", "max_communes_per_lecturer": None, "lecturer_bound": "hard"}
    asked |= {"prices": None, "use": "days", "min_people": 0, "theta_pct": 150, "contiguity": True}
    assert part(await frozen_options(world, **asked)) == TODAY | asked


async def test_a_policy_is_changed_field_by_field_and_only_for_later_runs(world: World) -> None:
    earlier = await world.request_run()
    admin, path = world.as_("admin"), f"/v1/campaigns/{world.campaign_id}"
    tag = {"If-Match": (await admin.get(path)).headers["ETag"]}
    answer = await admin.patch(path, json={"policy": {"supervision": "school"}}, headers=tag)
    assert answer.status_code == 200, answer.text
    changed = answer.json()["policy"]
    assert {name: changed[name] for name in TODAY} == TODAY | {"supervision": "school"}
    assert (await frozen_options(world))["supervision"] == "school"
    before = (await admin.get(f"/v1/matching-runs/{earlier}/frozen")).json()["options"]
    assert before["supervision"] == "commune"
    tag = {"If-Match": answer.headers["ETag"]}
    wrong = await admin.patch(path, json={"policy": {"supervision": "village"}}, headers=tag)
    assert wrong.status_code == 422


async def test_whom_a_plan_leaves_out_is_on_the_runs_first_page(world: World) -> None:
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    told = {
        "code": "school.nobody_placed",
        "school_code": "S1",
        "people": 3,
        "rule": "P5",
        "vi": "Trường Đại học Khánh Hòa: không ai được xếp. 0/3 sinh viên: không có người hướng dẫn.",
        "en": "Trường Đại học Khánh Hòa: nobody is placed. 0 of 3 students: there is no supervisor for them.",
    }
    far = {
        "code": "commune.far_lead",
        "school_code": "S2",
        "commune_code": "C2",
        "people": 0,
        "km_farther": 34,
        "rule": "R7",
        "vi": "Xã Hai: xa hơn S1 34 km, nhưng khi đó S1 sẽ gánh 1,4 lần mức tải công bằng.",
        "en": "Xã Hai: 34 km farther than S1, but S1 would then carry 1.4 times the fair load.",
    }
    result = world.result(token, [(3, "C2", [0])]) | {"left_out": [told], "remarks": [far]}
    assert (await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)).status_code == 204
    shown = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    assert shown["status"] == "succeeded"
    assert [{name: one[name] for name in told} for one in shown["left_out"]] == [told]
    assert shown["remarks"] == [far]
    plan = f"/v1/plans/{shown['plan_id']}"
    answer = (await world.as_("admin").get(plan)).json()
    assert [one["vi"] for one in (*answer["left_out"], *answer["remarks"])] == [told["vi"], far["vi"]]
    annex = openpyxl.load_workbook(io.BytesIO((await world.as_("admin").get(f"{plan}/annex.xlsx")).content))
    assert [row[1].value for row in annex.worksheets[0].iter_rows(min_row=5)] == [told["vi"], far["vi"]]
    assert (await world.publish(shown["plan_id"])).status_code == 200
    of_school = (await world.as_("s1").get(plan)).json()
    assert ([one["vi"] for one in of_school["left_out"]], of_school["remarks"]) == ([told["vi"]], [])
