"""What cannot be decided about a secondment is refused with a reason, and nothing is moved by it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from roster_api.secondments.models import Secondment

from tests.roster_api.reference_world import MISSING_ID, OTHER_PROVINCE, PROVINCE, World, reference_world
from tests.roster_api.secondment_world import SPAN, TERMS, fill_departments, finish_run
from tests.support.issuer import TestIssuer, add_account, serving
from tests.support.refusals import check_refusal

RUNS = f"/v1/provinces/{PROVINCE}/secondment-runs"
DRAFT = SPAN | TERMS | {"reason": "Thiếu công chức CNTT"}
BEFORE = "2025-10-19"
"""The day before SPAN begins."""


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


@dataclass
class Office:
    """The departments with CB1's secondment to Ninh Phước in force, CB2's a draft, and one of another province."""

    world: World
    ids: dict[str, Any]

    async def draft(self, staff: str, post: str, **more: Any) -> str:
        body = DRAFT | {"staff_id": self.ids[staff], "post_id": self.ids[post]} | more
        return str((await self.world.create("/v1/secondments", body))["id"])

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.world.as_("admin").post(path, json=body)

    async def act(self, name: str, verb: str, **body: Any) -> httpx.Response:
        return await self.post(f"/v1/secondments/{self.ids[name]}/{verb}", body)


@pytest.fixture
async def office(world: World) -> Office:
    made = Office(world, await fill_departments(world))
    far = {"province_code": OTHER_PROVINCE, "code": "XA", "name": "Sở xa", "kind": "provincial_agency"}
    unit = await world.create("/v1/units", far)
    place = {"unit_id": unit["id"], "code": "VT-XA", "field_code": "sysadmin", "title": "Công chức CNTT", "quota": 2}
    person = {"unit_id": unit["id"], "code": "CBX", "full_name": "Lò Văn Xa", "side": "government"}
    made.ids["VT-XA"] = (await world.create("/v1/posts", place))["id"]
    made.ids["CBX"] = (await world.create("/v1/staff", person))["id"]
    for name, staff, post in (("in_force", "CB1", "VT-NP"), ("draft", "CB2", "VT-MS"), ("far", "CBX", "VT-XA")):
        made.ids[name] = await made.draft(staff, post)
    for step in ("approve", "publish"):
        assert (await made.post(f"/v1/secondments/{step}", {"secondment_ids": [made.ids["in_force"]]})).is_success
    return made


async def state_of(world: World) -> list[tuple[Any, ...]]:
    query = sa.select(Secondment.id, Secondment.status, Secondment.from_on, Secondment.until_on, Secondment.row_version)
    async with world.session() as session:
        return [tuple(row) for row in await session.execute(query.order_by(Secondment.id))]


async def test_a_decision_that_cannot_be_is_refused_and_changes_none(office: Office) -> None:
    ids, before = office.ids, await state_of(office.world)
    of_cb3 = DRAFT | {"staff_id": ids["CB3"], "post_id": ids["VT-MS"]}
    drafts: tuple[tuple[dict[str, Any], str, str], ...] = (
        (of_cb3 | {"staff_id": MISSING_ID}, "secondment.unknown", "/staff_id"),
        (of_cb3 | {"post_id": MISSING_ID}, "secondment.unknown", "/post_id"),
        (of_cb3 | {"post_id": ids["VT-XA"]}, "secondment.other_province", "/post_id"),
        (of_cb3 | {"until_on": BEFORE}, "secondment.dates", "/until_on"),
    )
    for body, code, at in drafts:
        check_refusal(await office.post("/v1/secondments", body), 422, code, at=at)
    both = {"secondment_ids": [ids["draft"], ids["far"]]}
    check_refusal(await office.post("/v1/secondments/approve", both), 409, "secondment.several_provinces")
    one = {"secondment_ids": [ids["draft"]]}
    check_refusal(await office.post("/v1/secondments/publish", one), 409, "secondment.status")
    assert await state_of(office.world) == before


async def test_what_is_in_force_is_extended_ended_and_reviewed_within_its_time_alone(office: Office) -> None:
    before = await state_of(office.world)
    longer = {"reason": "Cần thêm", "legal_basis": "Kế hoạch"}
    review = {"on": "2026-01-19", "next_review_on": "2026-05-30", "reason": "Học kỳ II"}
    acts: tuple[tuple[str, dict[str, Any], int, str, str | None], ...] = (
        ("start", {"on": BEFORE}, 422, "secondment.outside", "/on"),
        ("end", {"on": "2026-04-20", "reason": "Về sớm"}, 422, "secondment.outside", "/on"),
        ("extend", longer | {"until_on": "2026-04-18"}, 422, "secondment.no_extension", "/until_on"),
        ("review", review, 409, "secondment.not_reviewed", None),
    )
    for verb, body, status, code, at in acts:
        check_refusal(await office.act("in_force", verb, **body), status, code, at=at)
    for verb in ("start", "return"):
        check_refusal(await office.act("draft", verb, on=SPAN["from_on"]), 409, "secondment.status")
    assert await state_of(office.world) == before


async def test_a_term_of_concurrent_duty_does_not_begin_before_the_duty(office: Office) -> None:
    terms = {"until_on": None, "weekdays": [0], "review_on": "2026-01-15"}
    office.ids["duty"] = await office.draft("CB3", "VT-MS", **terms)
    for step in ("approve", "publish"):
        assert (await office.post(f"/v1/secondments/{step}", {"secondment_ids": [office.ids["duty"]]})).is_success
    term = {"on": BEFORE, "next_review_on": "2026-05-30", "reason": "Học kỳ II"}
    check_refusal(await office.act("duty", "review", **term), 422, "secondment.outside", at="/on")


async def test_a_run_is_refused_where_no_post_is_empty_or_nobody_may_be_moved(world: World) -> None:
    admin = world.as_("admin")
    check_refusal(await admin.post(RUNS, json=SPAN), 409, "secondment.no_vacancy")
    await fill_departments(world)
    refused = check_refusal(
        await admin.post(RUNS, json=SPAN | {"min_service_years": 40}), 409, "secondment.no_candidate"
    )
    assert "4" in refused["detail_vi"], "of how many people"


async def test_a_runs_moves_are_not_drafted_to_end_before_they_begin(world: World) -> None:
    await fill_departments(world)
    path = f"/v1/secondment-runs/{await finish_run(world)}/decisions"
    for name in ("until_on", "internal_until_on"):
        refused = await world.as_("admin").post(path, json=SPAN | TERMS | {name: BEFORE})
        check_refusal(refused, 422, "secondment.dates", at=f"/{name}")
    assert await state_of(world) == []


async def test_where_four_eyes_are_wanted_who_approved_does_not_publish(office: Office) -> None:
    state = office.world.app.state
    async with serving(TestIssuer()) as issuer:
        state.settings = state.settings.model_copy(update={"issuers": [issuer.settings()]})
        for who in ("an", "binh"):
            async with office.world.session() as session:
                role = {"role": "admin", "province_code": PROVINCE}
                await add_account(session, issuer, subject=who, email=f"{who}@example.vn", roles=[role])
        rules = await office.world.as_("admin").put(f"/v1/provinces/{PROVINCE}/publishing", json={"four_eyes": True})
        assert rules.status_code == 200, rules.text

        async def do(who: str, step: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {issuer.token(who)}"}
            chosen = {"secondment_ids": [office.ids["draft"]]}
            return await office.world.as_("nobody").post(f"/v1/secondments/{step}", json=chosen, headers=headers)

        assert (await do("an", "approve")).is_success
        check_refusal(await do("an", "publish"), 403, "secondment.four_eyes")
        assert (await do("binh", "publish")).json() == {"changed": 1, "already": 0}
