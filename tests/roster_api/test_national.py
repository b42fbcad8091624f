"""A national run: a job a province, gathered with one certificate, then a border round between neighbours."""

import asyncio
import hashlib
import json
from typing import Any

import pytest
from commune_schemas.documents import BorderDocument, BorderSolution
from commune_schemas.jobs import SOLVE_BORDER_ROUND, SOLVE_MATCHING_RUN
from commune_verify.border import proved_bound, verify
from matching_worker.model.certificate import canonical_sha256
from roster_api.campaigns.models import Campaign
from roster_api.national.border import end_overdue_border_rounds
from roster_api.national.models import BorderRound

from tests.roster_api.national_world import NationalWorld, national_world
from tests.support.refusals import check_refusal


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with national_world(roster_database_url) as made:
        yield made


def sha256_of(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def by_province(national: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["province_code"]: one for one in national["provinces"]}


async def test_provinces_are_solved_gathered_and_help_one_another(world: NationalWorld) -> None:
    made = await world.request()
    assert (made["status"], made["percent"], made["certificate"]) == ("running", 0, None)
    assert len(await world.open_jobs(SOLVE_MATCHING_RUN)) == 3
    assert made["options"]["counted_limit"], "totals must not hang on the machine's load"
    await asyncio.gather(world.work("w1", runs=1), world.work("w2"))
    assert await world.gather() == 1
    assert await world.gather() == 0
    await world.work("w1")

    national = await world.read(made["id"])
    assert (national["status"], national["percent"], national["border_status"]) == ("succeeded", 100, "ready")
    assert {one["status"] for one in national["provinces"]} == {"succeeded"}
    assert by_province(national)["66"]["province_name"] == "Đắk Lắk"
    await assert_certificate_adds_up(world, national)
    assert national["totals"] == {
        "provinces": 3,
        "communes_led": 6,
        "schools": 3,
        "lead_travel_km": 18,
        "people_placed": sum_of_plans(await list_plans(world, national), "people_placed"),
        "person_days_per_week": sum_of_plans(await list_plans(world, national), "person_days_per_week"),
        "unmet_days": 10,
    }
    await assert_border_is_served(world, national)


async def assert_certificate_adds_up(world: NationalWorld, national: dict[str, Any]) -> None:
    certificate = national["certificate"]
    hashes = []
    lower = upper = 0
    objective: dict[tuple[str, str], int] = {}
    for one in certificate["provinces"]:
        run = (await world.as_("national").get(f"/v1/matching-runs/{one['run_id']}/certificate")).json()
        hashes.append([one["province_code"], sha256_of(run)])
        assert one["stages"] == run["stages"]
        assert all(any("not by the clock" in note for note in stage["notes"]) for stage in run["stages"])
        lower, upper = lower + run["unmet_lower_bound"], upper + run["unmet_upper_bound"]
        for stage in run["stages"]:
            for level, value in stage["objective"].items():
                objective[stage["stage"], level] = objective.get((stage["stage"], level), 0) + value
    assert [one[0] for one in hashes] == ["56", "66", "68"]
    assert certificate["sha256"] == sha256_of(hashes)
    assert (certificate["unmet_lower_bound"], certificate["unmet_upper_bound"]) == (lower, upper)
    assert {(one["stage"], one["level"]): one["objective"] for one in certificate["levels"]} == objective
    assert all(one["bound"] <= one["objective"] for one in certificate["levels"])
    assert certificate["status"] == "optimal"
    assert (lower, upper) == (14, 20), "Khánh Hòa's two people: days alone, and one a commune as heads ask (R15)"
    assert certificate["unmet_gap"] == pytest.approx((upper - lower) / upper)


async def list_plans(world: NationalWorld, national: dict[str, Any]) -> list[dict[str, Any]]:
    paths = [f"/v1/plans/{one['plan_id']}" for one in national["provinces"]]
    return [(await world.as_("national").get(path)).json() for path in paths]


def sum_of_plans(plans: list[dict[str, Any]], count: str) -> int:
    return sum(plan["counts"][count] for plan in plans)


async def assert_border_is_served(world: NationalWorld, national: dict[str, Any]) -> None:
    """Khánh Hòa lacks 16 days and has 6; Đắk Lắk has 18 and needs 2; Lâm Đồng lacks nothing and is too far."""
    border = await world.read(national["id"], "/border")
    assert border["status"] == "ready"
    assert {(one["province_code"], one["helper_province_code"]) for one in border["supports"]} == {("56", "66")}
    assert {one["school_name"] for one in border["supports"]} == {"Trường 66"}
    assert all(40_000 < one["distance_m"] <= 60_000 for one in border["supports"])
    assert border["days"] == 10
    assert border["objective"] == border["bound"]
    assert (border["objective"]["unmet"], border["gap"], border["certificate"]["verified"]) == (0, 0, True)
    problem = BorderDocument.model_validate(await world.read(national["id"], "/border/problem"))
    solution = BorderSolution.model_validate(await world.read(national["id"], "/border/solution"))
    assert verify(problem, solution).objective == border["objective"] == proved_bound(problem, solution)
    assert canonical_sha256(problem) == border["certificate"]["problem_sha256"]


async def test_a_killed_workers_province_is_solved_by_another(world: NationalWorld) -> None:
    made = await world.request("56 66", border_round=False)
    killed = by_province(made)["56"]["run_id"]
    service = world.as_("solver")
    claimed = await service.post(f"/v1/internal/matching-runs/{killed}/claim", json={"worker": "killed"})
    progress = {
        "lease_token": claimed.json()["lease_token"],
        "stage": "A",
        "level": "unmet",
        "percent": 30,
        "seconds": 1,
        "message_vi": "Đang giải",
        "message_en": "Solving",
    }
    assert (await service.put(f"/v1/internal/matching-runs/{killed}/progress", json=progress)).status_code == 200
    await world.play(by_province(made)["66"]["run_id"], "66", worker="living")
    half_way = await world.read(made["id"])
    assert (half_way["status"], half_way["percent"]) == ("running", 65)
    stuck = by_province(half_way)["56"]
    assert (stuck["worker"], stuck["percent"], stuck["message_vi"]) == ("killed", 30, "Đang giải")
    assert by_province(half_way)["66"]["worker"] == "living"
    assert await world.gather() == 0
    await world.let_lease_run_out(killed)
    await world.work("living")
    assert await world.gather() == 1
    national = await world.read(made["id"])
    taken_over = by_province(national)["56"]
    assert (taken_over["worker"], taken_over["attempts"], taken_over["status"]) == ("living", 2, "succeeded")
    assert (national["status"], national["border_status"]) == ("succeeded", None)
    assert await world.open_jobs(SOLVE_BORDER_ROUND) == []


async def test_cancelling_ends_the_unfinished_provinces_and_keeps_the_finished_ones(world: NationalWorld) -> None:
    made = await world.request()
    await world.play(by_province(made)["68"]["run_id"], "68")
    path = f"/v1/national-runs/{made['id']}/cancel"
    for _ in range(2):
        cancelled = (await world.as_("national").post(path)).json()
        assert sorted(one["status"] for one in cancelled["provinces"]) == ["cancelled", "cancelled", "succeeded"]
    assert await world.gather() == 1
    national = await world.read(made["id"])
    assert (national["status"], national["certificate"]["status"]) == ("cancelled", "incomplete")
    assert (national["totals"]["provinces"], national["border_status"]) == (1, None)
    assert await world.open_jobs(SOLVE_MATCHING_RUN) == []
    assert (await world.as_("national").post(path)).json()["status"] == "cancelled"
    assert (await world.as_("national").get(f"/v1/national-runs/{made['id']}/border")).status_code == 404


async def test_a_province_that_fails_says_why_and_the_others_go_on(world: NationalWorld) -> None:
    made = await world.request("56 66")
    failing = by_province(made)["66"]["run_id"]
    service = world.as_("solver")
    token = (await service.post(f"/v1/internal/matching-runs/{failing}/claim", json={"worker": "w"})).json()
    failure = {"lease_token": token["lease_token"], "kind": "internal", "detail_vi": "Lỗi", "detail_en": "A fault"}
    assert (await service.put(f"/v1/internal/matching-runs/{failing}/failure", json=failure)).status_code == 204
    await world.play(by_province(made)["56"]["run_id"], "56")
    await world.gather()
    await world.work()
    national = await world.read(made["id"])
    assert (national["status"], national["certificate"]["status"]) == ("partial", "incomplete")
    assert by_province(national)["66"]["failure"] == {"kind": "internal", "vi": "Lỗi", "en": "A fault"}
    border = await world.read(made["id"], "/border")
    assert (border["status"], border["supports"]) == ("ready", [])
    assert border["objective"]["unmet"] == border["bound"]["unmet"] > 0


async def test_a_national_run_is_asked_for_whole_or_not_at_all(world: NationalWorld) -> None:
    national = world.as_("national")
    async with world.session() as session:
        (await session.get(Campaign, world.campaigns["66"])).status = "closed"
    unknown = "00000000-0000-4000-8000-000000000000"
    ids = [world.campaigns[code] for code in ("56", "66")]
    for campaign_ids, status, code, pointer in (
        (ids, 409, "campaign.not_open", "/campaign_ids/1"),
        ([ids[0], ids[0]], 422, "province.twice", "/campaign_ids/1"),
        ([unknown], 422, "campaign.unknown", "/campaign_ids/0"),
    ):
        answer = await national.post("/v1/national-runs", json={"name": "Cả nước", "campaign_ids": campaign_ids})
        refused = check_refusal(answer, status, "national.not_ready" if status == 409 else "national.campaigns")
        assert [(e["code"], e["pointer"]) for e in refused["errors"]] == [(code, pointer)]
    assert (await national.get("/v1/national-runs")).json()["total"] == 0
    assert await world.open_jobs(SOLVE_MATCHING_RUN) == []


async def test_while_a_run_of_a_campaign_is_not_done_a_second_needs_to_be_meant(world: NationalWorld) -> None:
    await world.request("56 66")
    body = {"name": "Cả nước", "campaign_ids": [world.campaigns["68"], world.campaigns["56"]]}
    refused = await world.as_("national").post("/v1/national-runs", json=body)
    assert (refused.status_code, refused.json()["code"]) == (429, "run.too_many")
    assert int(refused.headers["Retry-After"]) > 0
    assert "force" in refused.json()["detail_vi"]
    assert len(await world.open_jobs(SOLVE_MATCHING_RUN)) == 2, "nothing of it was asked for"
    assert (await world.as_("national").post("/v1/national-runs", json=body | {"force": True})).status_code == 202


async def test_national_runs_are_for_keys_of_the_whole_country(world: NationalWorld) -> None:
    made = await world.request("56")
    path = f"/v1/national-runs/{made['id']}"
    listed = (await world.as_("national").get("/v1/national-runs")).json()
    assert [one["name"] for one in listed["items"]] == ["Cả nước"]
    for who, code in (("admin", "access.national"), ("overseer", "access.role"), ("solver", "access.role")):
        for method, address in (("GET", path), ("POST", f"{path}/cancel"), ("GET", "/v1/national-runs")):
            answer = await world.as_(who).request(method, address)
            assert (answer.status_code, answer.json()["code"]) == (403, code)
    own = (await world.as_("admin").get(f"/v1/matching-runs/{by_province(made)['56']['run_id']}")).json()
    assert own["scenario"] == "Cả nước"


async def test_a_border_round_is_taken_by_one_worker_at_a_time_and_kept_once(world: NationalWorld) -> None:
    made = await world.request("56 66")
    for province in ("56", "66"):
        await world.play(by_province(made)[province]["run_id"], province)
    await world.gather()
    (args,) = await world.open_jobs(SOLVE_BORDER_ROUND)
    path = f"/v1/internal/border-rounds/{args['border_round_id']}"
    service = world.as_("solver")
    assert (await service.post(f"{path}/claim", json={"worker": "dead"})).status_code == 204
    assert (await service.post(f"{path}/claim", json={"worker": "w"})).json()["code"] == "border.held"
    problem = (await service.get(f"{path}/problem")).json()
    assert problem == (await service.get(f"{path}/problem")).json()
    assert [one["code"] for one in problem["communes"]] == ["56000", "56001", "66000", "66001"]
    async with world.session() as session:
        (await session.get(BorderRound, args["border_round_id"])).held_until = None
    await world.work("living")
    border = await world.read(made["id"], "/border")
    assert (border["status"], border["worker"], border["attempts"]) == ("ready", "living", 2)
    assert (await service.post(f"{path}/claim", json={"worker": "w"})).json()["code"] == "border.finished"
    failure = {"kind": "internal", "detail_vi": "muộn", "detail_en": "late"}
    assert (await service.put(f"{path}/failure", json=failure)).status_code == 204
    assert (await world.read(made["id"], "/border"))["failure"] is None


async def test_a_border_round_whose_workers_all_die_fails_for_a_stated_reason(world: NationalWorld) -> None:
    made = await world.request("66")
    await world.play(by_province(made)["66"]["run_id"], "66")
    await world.gather()
    (args,) = await world.open_jobs(SOLVE_BORDER_ROUND)
    async with world.session() as session:
        (await session.get(BorderRound, args["border_round_id"])).attempts = 8
    async with world.session() as session:
        assert await end_overdue_border_rounds(session) == 1
    border = await world.read(made["id"], "/border")
    assert (border["status"], border["failure"]["kind"]) == ("failed", "no_result")
    assert await world.open_jobs(SOLVE_BORDER_ROUND) == []
