"""A draft changed by hand: the cost is shown before, hard rules refuse by number, pins keep it, undo takes it back."""

from typing import Any
from uuid import uuid4

import pytest

from tests.roster_api.editing_world import EditingWorld, levels_of, numbers, shared_editing_world
from tests.support.refusals import check_refusal


@pytest.fixture
async def world(module_roster_database_url: str) -> Any:
    async with shared_editing_world(module_roster_database_url) as made:
        yield made


async def test_a_preview_shows_every_level_and_everybody_touched_and_changes_nothing(world: EditingWorld) -> None:
    plan_id = await world.draft()
    run = await world.run((await world.get(f"/v1/plans/{plan_id}"))["run_id"])
    before = await world.places(plan_id)
    preview = await world.preview(plan_id, world.move(0, "C2"))
    certified = {stage["stage"]: stage["objective"] for stage in run["certificate"]["stages"] if stage["stage"] == "A"}
    assert {level: was for level, (was, _) in levels_of(preview, "A").items()} == certified["A"]
    unmet = levels_of(preview, "B")["unmet"]
    assert (preview["is_possible"], unmet[1] > unmet[0]) == (True, True), "the commune that is left lacks IT staff"
    assert "Kém hơn" in preview["summary_vi"]
    (person,) = preview["people"]
    assert (person["volunteer_id"], person["commune_before"], person["commune_after"], person["is_named"]) == (
        world.person(0), "C1", "C2", True,
    )  # fmt: skip
    communes = {row["commune_code"]: (row["people_before"], row["people_after"]) for row in preview["communes"]}
    assert communes == {"C1": (1, 0), "C2": (0, 1)}
    assert await world.places(plan_id) == before
    assert (await world.get(f"/v1/plans/{plan_id}/edits"))["total"] == 0


async def test_an_edit_that_breaks_a_hard_rule_is_refused_with_its_number_and_all_of_the_request_with_it(
    world: EditingWorld,
) -> None:
    plan_id = await world.draft()
    before = await world.get(f"/v1/plans/{plan_id}")
    alone = world.move(1, "C2")
    assert numbers((await world.preview(plan_id, alone))["broken"]) == ["P5"], "a student without a lecturer"
    refused = await world.edit(plan_id, world.move(0, "C2"), world.move(4, "C1"))
    assert (refused.status_code, refused.json()["code"]) == (409, "edit.breaks_rule")
    (error,) = refused.json()["errors"]
    assert error["code"] == "rule.P5"
    assert error["vi"].startswith("P5: số người cần hướng dẫn")
    assert "Xã Tây Khánh Vĩnh" in error["vi"]
    not_free = await world.edit(plan_id, {"kind": "set_weekdays", "volunteer_id": world.person(0), "weekdays": [3, 4]})
    assert [error["code"] for error in not_free.json()["errors"]] == ["rule.P2"]
    together = await world.edit(plan_id, world.move(0, "C2"), world.move(1, "C2"))
    assert together.status_code == 201, "a lecturer and a student who go together keep the rule"
    assert before["content_sha256"] != together.json()["plan"]["content_sha256"]


async def test_a_decision_that_forbids_is_kept_and_a_pin_gives_way_to_the_later_word(world: EditingWorld) -> None:
    plan_id = await world.draft()
    path = f"/v1/campaigns/{world.world.campaign_id}/decisions"
    await world.decide("placement_forbid", 0, "C2", reason="Người nhà")
    await world.decide("placement_pin", 3, "C3", reason="Đã hẹn")
    assert numbers((await world.preview(plan_id, world.move(0, "C2")))["broken"]) == ["P7"]
    preview = await world.preview(plan_id, world.move(3, "C2"))
    assert [(row["kind"], row["commune_code"], row["reason"]) for row in preview["replaced_pins"]] == [
        ("placement_pin", "C3", "Đã hẹn")
    ]
    edited = (await world.edit(plan_id, world.move(3, "C2"))).json()
    holding = (await world.get(path))["items"]
    pins = {row["volunteer_id"]: row for row in holding if row["kind"] == "placement_pin"}
    mine = pins[world.person(3)]
    assert (mine["commune_code"], mine["edit_id"], mine["decided_by"]) == ("C2", edited["edit"]["id"], "admin")
    await world.admin.post(f"/v1/plans/{plan_id}/undo", headers={"If-Match": "*"})
    holding = (await world.get(path))["items"]
    pins = {row["volunteer_id"]: row for row in holding if row["kind"] == "placement_pin"}
    assert (pins[world.person(3)]["commune_code"], pins[world.person(3)]["reason"]) == ("C3", "Đã hẹn")


async def test_the_next_run_keeps_what_was_changed_by_hand(world: EditingWorld) -> None:
    plan_id = await world.draft()
    leads = await world.leads(plan_id)
    commune = next(code for code, school in leads.items() if school == "S1" and code != "C1")
    edits = (
        world.move(3, "C1", weekdays=[1]),
        {"kind": "move_commune", "commune_code": commune, "school_code": "S2", "people": "replace"},
    )
    edited = await world.edit(plan_id, *edits)
    assert edited.status_code == 201, edited.text
    again = await world.plan()
    assert (await world.leads(again))[commune] == "S2"
    assert (await world.places(again))[3] == ("C1", [1])


async def test_undo_gives_back_every_row_and_redo_the_change_and_something_else_ends_that(world: EditingWorld) -> None:
    plan_id = await world.draft()
    paths = [f"/v1/plans/{plan_id}/{name}" for name in ("placements", "responsibilities", "shortfalls")]
    before = [await world.get(path) for path in paths]
    first = (await world.get(f"/v1/plans/{plan_id}"))["content_sha256"]
    swap = {"kind": "swap_communes", "commune_code": "C1", "other_code": "C3"}
    changed = await world.edit(plan_id, swap, world.move(4, "C1"))
    assert changed.status_code == 201, changed.text
    after = [await world.get(path) for path in paths]
    assert (await world.leads(plan_id)) | {"C2": ""} == {"C1": "S2", "C2": "", "C3": "S1"}
    undone = (await world.admin.post(f"/v1/plans/{plan_id}/undo", headers={"If-Match": changed.headers["etag"]})).json()
    assert [await world.get(path) for path in paths] == before
    assert (undone["plan"]["content_sha256"], undone["plan"]["hand_changes"]) == (first, 0)
    redone = await world.admin.post(f"/v1/plans/{plan_id}/redo", headers={"If-Match": "*"})
    assert redone.status_code == 200
    assert [await world.get(path) for path in paths] == after
    await world.admin.post(f"/v1/plans/{plan_id}/undo", headers={"If-Match": "*"})
    assert (await world.edit(plan_id, world.move(0, "C2"))).status_code == 201
    nothing = await world.admin.post(f"/v1/plans/{plan_id}/redo", headers={"If-Match": "*"})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "edit.nothing")
    kept = (await world.get(f"/v1/plans/{plan_id}/edits"))["items"]
    assert [(edit["number"], edit["state"], edit["reason"], edit["made_by"]) for edit in kept] == [
        (2, "done", "Theo đề nghị của xã", "admin"),
        (1, "dropped", "Theo đề nghị của xã", "admin"),
    ]


async def test_of_two_officers_the_second_does_not_overwrite(world: EditingWorld) -> None:
    plan_id = await world.draft()
    etag = (await world.admin.get(f"/v1/plans/{plan_id}")).headers["etag"]
    assert (await world.edit(plan_id, world.move(0, "C2"), if_match=etag)).status_code == 201
    late = await world.edit(plan_id, world.move(3, "C2"), if_match=etag)
    assert (late.status_code, late.json()["code"]) == (412, "precondition.stale")
    body = {"edits": [world.move(3, "C2")], "reason": "Theo đề nghị"}
    assert (await world.admin.post(f"/v1/plans/{plan_id}/edits", json=body)).status_code == 428
    assert (await world.places(plan_id))[3] != ("C2", [0, 1])


async def test_what_makes_no_sense_is_refused_and_names_the_edit(world: EditingWorld) -> None:
    plan_id = await world.draft()
    placed = set(await world.places(plan_id))
    waiting = next(number for number in range(6) if number not in placed)
    cases: list[tuple[dict[str, Any], str]] = [
        (world.move(0, "C9"), "commune.not_in_run"),
        ({"kind": "move_person", "volunteer_id": str(uuid4()), "commune_code": "C1"}, "volunteer.not_in_run"),
        ({"kind": "send_home", "volunteer_id": world.person(waiting)}, "edit.not_placed"),
        ({"kind": "move_commune", "commune_code": "C1", "school_code": "S9"}, "school.unknown"),
    ]
    for edit, code in cases:
        refused = await world.edit(plan_id, world.move(0, "C2"), edit)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert refused.json()["errors"][0]["pointer"] == "/edits/1"
    leads = await world.leads(plan_id)
    of_one = [code for code in leads if leads[code] == leads["C1"]]
    others = [number for number in placed if number != 0]
    together = world.move(others[0], (await world.places(plan_id))[0][0])
    swap = {"kind": "swap_people", "volunteer_id": world.person(0), "other_id": world.person(others[0])}
    give = {"kind": "give_place", "leaver_id": world.person(0), "volunteer_id": world.person(others[0])}
    alike = {"kind": "swap_communes", "commune_code": of_one[0], "other_code": of_one[-1]}
    for edit, code in ((swap, "edit.same_commune"), (give, "edit.placed"), (alike, "edit.same_school")):
        check_refusal(await world.edit(plan_id, together, edit), 422, code, at="/edits/1")
        assert (await world.get(f"/v1/plans/{plan_id}/edits"))["total"] == 0
    same = await world.edit(plan_id, world.move(0, (await world.places(plan_id))[0][0]))
    assert (same.status_code, same.json()["code"]) == (409, "edit.no_change")
    for who, status in (("overseer", 403), ("s1", 403), ("elsewhere", 404)):
        path = f"/v1/plans/{plan_id}/edits"
        body = {"edits": [world.move(0, "C2")], "reason": "Theo đề nghị"}
        answer = await world.world.as_(who).post(path, json=body, headers={"If-Match": "*"})
        assert answer.status_code == status, who
    looked = await world.world.as_("overseer").post(
        f"/v1/plans/{plan_id}/edits/preview", json={"edits": [world.move(0, "C2")]}
    )
    assert looked.status_code == 200
