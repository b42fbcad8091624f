"""Secondments: the three moves of Khánh Hòa's departments to Ninh Phước and Mỹ Sơn, from run to return."""

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from roster_api.secondments.life import remind_of_endings_by

from tests.roster_api.reference_world import PROVINCE, World, reference_world
from tests.roster_api.secondment_world import (
    SPAN,
    TERMS,
    claim,
    decide,
    fill_departments,
    finish_run,
    list_notices,
    put_result,
    request_run,
    solve_run,
)


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def test_three_people_of_departments_fill_the_posts_of_ninh_phuoc_and_my_son_and_each_choice_is_explained(
    world: World,
) -> None:
    admin = world.as_("admin")
    await fill_departments(world)
    review = (await admin.get(f"/v1/provinces/{PROVINCE}/staff-review")).json()
    assert (review["vacancies_by_field"], review["nominated"]) == ({"sysadmin": 3}, 4)
    sheet = await admin.get(f"/v1/provinces/{PROVINCE}/staff-review.xlsx")
    table = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert (table[-1][1], table[-1][-1]) == ("Tổng cộng", 3)
    assert table[0][-1] == "Trống: Quản trị máy tính"
    run_id = await finish_run(world)
    run = (await admin.get(f"/v1/secondment-runs/{run_id}")).json()
    assert (run["status"], run["filled"], run["province"], run["certificate"]["status"]) == (
        "succeeded",
        3,
        3,
        "optimal",
    )
    left_out = (await admin.get(f"/v1/secondment-runs/{run_id}/considered", params={"is_candidate": False})).json()
    assert [(one["code"], one["reason_en"]) for one in left_out["items"]] == [
        ("CB4", "the rating is below the criteria")
    ]
    vacancies = (await admin.get(f"/v1/secondment-runs/{run_id}/vacancies")).json()["items"]
    assert {one["explanation"]["person"] for one in vacancies} == {"CB1", "CB2", "CB3"}
    for one in vacancies:
        others = one["explanation"]["candidates"]
        assert len(others) == 2, "everybody else who knows the field, and why not they"
        assert all(each["vi"] and one["people"][each["person"]]["full_name"] for each in others)
    assert (await admin.get(f"/v1/secondment-runs/{run_id}/vacancies", params={"empty": True})).json()["total"] == 0
    await check_printed_selection(admin, run_id)
    await decide(world, run_id)
    await decide(world, run_id)
    await assert_each_is_told_once(world)


async def check_printed_selection(admin: httpx.AsyncClient, run_id: str) -> None:
    """Five sheets, in words alone."""
    printed = await admin.get(f"/v1/secondment-runs/{run_id}/selection.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(printed.content))
    assert book.sheet_names == ["Tiêu chí", "Người được chọn", "Đã xét", "Không xét", "Còn trống"]
    assert len(book.get_sheet_by_name("Người được chọn").to_python()) == 4
    texts = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    codes = ("sysadmin", "(STC", "_")
    assert not [text for text in texts if any(code in text for code in codes)], "fields, units, criteria are in words"
    assert {"Quản trị máy tính", "Sở Tài chính", "Không xét người được xếp loại", "Không hoàn thành"} <= set(texts)


async def assert_each_is_told_once(world: World) -> None:
    """The person, the sending and the receiving unit, though it was published twice."""
    (notices,) = await list_notices(world)
    told = [(one["recipient"]["kind"], one["addressee"]) for one in notices]
    assert sorted(told) == sorted(
        [("staff", name) for name in ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường")]
        + [("unit", name) for name in ("Sở Khoa học và Công nghệ", "Sở Tài chính")]
        + [("unit", name) for name in ("UBND xã Ninh Phước", "UBND xã Mỹ Sơn")]
    ), "the person, the sending and the receiving unit, once each, though it was published twice"
    questions = [{"recipient": one["recipient"], "source": one["source"]} for one in notices]
    cards = (await world.as_("notifier").post("/v1/internal/contacts", json={"items": questions})).json()["items"]
    assert len({card["email"] for card in cards}) == len(notices)


async def test_a_decision_is_started_extended_reminded_of_ended_and_nobody_is_in_two_posts_at_once(
    world: World,
) -> None:
    ids, admin = await fill_departments(world), world.as_("admin")
    await decide(world, await finish_run(world))
    found = (await admin.get("/v1/secondments", params={"q": "nguyen van an"})).json()["items"]
    path = f"/v1/secondments/{found[0]['id']}"
    again = {"staff_id": ids["CB1"], "post_id": ids["VT-MS"], "reason": "Cần gấp"} | SPAN | TERMS
    second = (await admin.post("/v1/secondments", json=again)).json()
    taken = await admin.post("/v1/secondments/approve", json={"secondment_ids": [second["id"]]})
    assert (taken.status_code, taken.json()["code"]) == (409, "secondment.person_taken")
    assert {error["code"] for error in taken.json()["errors"]} == {"secondment.person_taken", "secondment.post_taken"}
    assert (await admin.post(f"{path}/start", json={"on": "2025-10-20"})).json()["status"] == "started"
    for live in (f"staff/{ids['CB1']}", f"posts/{found[0]['post_id']}", f"units/{found[0]['to_unit_id']}"):
        refused = await admin.post(f"/v1/{live}/archive")
        assert (refused.status_code, refused.json()["code"]) == (409, "staff.secondment_in_force"), live
    too_soon = await admin.post(f"{path}/return", json={"on": "2025-12-01"})
    assert (too_soon.status_code, too_soon.json()["code"]) == (422, "secondment.not_over")
    more = {"until_on": "2026-06-30", "reason": "Chưa tuyển được", "legal_basis": "Kế hoạch số 99/KH-UBND"}
    assert (await admin.post(f"{path}/extend", json=more)).json()["until_on"] == "2026-06-30"
    for day, reminded in ((date(2026, 4, 6), 2), (date(2026, 4, 7), 0), (date(2026, 6, 15), 0), (date(2026, 6, 16), 1)):
        async with world.session() as session:
            assert await remind_of_endings_by(session, today=day) == reminded, f"two weeks before the end, once: {day}"
    ended = await admin.post(f"{path}/end", json={"on": "2026-06-20", "reason": "Đã tuyển được người"})
    assert (ended.json()["status"], ended.json()["ended_on"]) == ("ended_early", "2026-06-20")
    kinds = [event["kind"] for event in ended.json()["events"]]
    assert kinds == ["published", "started", "extended", "ending", "ended_early"]
    assert [len(items) for items in await list_notices(world)] == [7, 3, 5, 3, 3]
    assert (await admin.post(f"{path}/end", json={"on": "2026-06-20", "reason": "x"})).status_code == 200
    assert len(await list_notices(world)) == 5, "saying so again tells nobody"
    assert (await admin.post(f"/v1/staff/{ids['CB1']}/archive")).status_code == 200, "once it is over"
    taken = await admin.post("/v1/secondments/approve", json={"secondment_ids": [second["id"]]})
    assert "secondment.archived" in {error["code"] for error in taken.json()["errors"]}


async def test_a_run_has_a_lease_and_a_worker_that_lost_it_writes_nothing(world: World) -> None:
    await fill_departments(world)
    run_id = await request_run(world)
    first = (await claim(world, run_id)).json()["lease_token"]
    assert (await claim(world, run_id, "w2")).json()["code"] == "lease.held"
    async with world.session() as session:
        await session.execute(sa.text("update roster.secondment_runs set held_until = now() - interval '1 second'"))
    second = (await claim(world, run_id, "w2")).json()["lease_token"]
    of_first = await solve_run(world, run_id, first)
    stale = await put_result(world, run_id, of_first)
    assert (stale.status_code, stale.json()["code"]) == (409, "lease.lost")
    result = await solve_run(world, run_id, second)
    assert result.documents == of_first.documents, "whoever takes over solves the same problem and chooses the same"
    assert (await put_result(world, run_id, result)).status_code == 204
    assert (await put_result(world, run_id, result)).status_code == 204, "the same again changes nothing"
    assert (await claim(world, run_id)).json()["code"] == "run.finished"


async def test_a_plan_that_the_services_own_judge_refuses_is_not_kept(world: World) -> None:
    await fill_departments(world)
    run_id = await request_run(world)
    token = (await claim(world, run_id)).json()["lease_token"]
    result = await solve_run(world, run_id, token)
    moves: Any = result.documents.solution["moves"]
    result.documents.solution["moves"] = [[moves[0][0], moves[0][1]], [moves[0][0], moves[1][1]]]
    assert (await put_result(world, run_id, result)).status_code == 204
    run = (await world.as_("admin").get(f"/v1/secondment-runs/{run_id}")).json()
    assert (run["status"], run["failure"]["kind"], run["filled"]) == ("failed", "verification", 0)
    assert "C1" in run["failure"]["en"]


async def test_where_four_eyes_are_wanted_a_key_neither_approves_nor_publishes(world: World) -> None:
    await fill_departments(world)
    run_id = await finish_run(world)
    admin = world.as_("admin")
    await admin.put(f"/v1/provinces/{PROVINCE}/publishing", json={"four_eyes": True})
    assert (await admin.post(f"/v1/secondment-runs/{run_id}/decisions", json=SPAN | TERMS)).json()["drafted"] == 3
    refused = await admin.post("/v1/secondments/approve", json={"run_id": run_id})
    assert (refused.status_code, refused.json()["code"]) == (403, "secondment.four_eyes_key")
    assert (await admin.get(f"/v1/secondments/{uuid4()}")).status_code == 404
