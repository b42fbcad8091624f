"""Campaigns, what communes need in them, and the decisions people make for them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.communes.models import Commune

from tests.roster_api.reference_world import (
    CAMPAIGN,
    DIEN_BIEN_COMMUNE,
    MISSING_ID,
    NEED,
    NHA_TRANG,
    TRUONG_SA,
    World,
    shared_reference_world,
    volunteer,
)

TAY_KHANH_VINH = "22624"


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.fixture
async def path(world: World) -> str:
    """A campaign of the test's own."""
    return f"/v1/campaigns/{(await world.create('/v1/campaigns', CAMPAIGN))['id']}"


def needs(*items: tuple[str, int, int], lacks: bool = False) -> dict[str, Any]:
    return {
        "lacks_it_staff": lacks,
        "items": [{"duty_code": duty, "people": people, "days_per_week": days} for duty, people, days in items],
    }


async def test_a_campaign_goes_from_draft_to_open_to_closed_and_never_back(world: World, path: str) -> None:
    admin = world.as_("admin")
    assert (await admin.post(f"{path}/close")).json()["code"] == "campaign.transition"
    opened = await admin.post(f"{path}/open")
    assert (opened.json()["status"], bool(opened.json()["opened_at"])) == ("open", True)
    assert (await admin.post(f"{path}/open")).json() == opened.json()
    assert (await admin.post(f"{path}/archive")).json()["code"] == "campaign.open"
    closed = await admin.post(f"{path}/close")
    assert closed.json()["status"] == "closed"
    assert (await admin.post(f"{path}/open")).status_code == 409
    assert (await admin.post(f"{path}/archive")).status_code == 200
    assert (await admin.post(f"{path}/restore")).json()["status"] == "closed"


async def test_days_change_in_a_draft_only_and_a_closed_campaign_not_at_all(world: World, path: str) -> None:
    admin = world.as_("admin")
    moved = await world.patch(path, {"ends_on": "2025-12-05", "start_time": "08:00"})
    assert (moved.json()["ends_on"], moved.json()["start_time"]) == ("2025-12-05", "08:00")
    assert (await world.patch(path, {"ends_on": "2025-11-01"})).status_code == 422
    assert (await world.patch(path, {"name": None})).status_code == 422
    await admin.post(f"{path}/open")
    assert (await world.patch(path, {"ends_on": "2025-12-12"})).json()["code"] == "campaign.not_draft"
    assert (await world.patch(path, {"name": "Đợt hai"})).json()["name"] == "Đợt hai"
    assert (await admin.get("/v1/campaigns?q=dot hai&status=open&province_code=56")).json()["total"] == 1
    await admin.post(f"{path}/close")
    assert (await world.patch(path, {"name": "Đợt ba"})).json()["code"] == "campaign.closed"
    for method, suffix, body in (
        ("PUT", f"/needs/{NHA_TRANG}", NEED),
        ("PUT", "/needs", {"items": [{"commune_code": NHA_TRANG, **NEED}]}),
        ("POST", "/existing-relations", {"commune_code": NHA_TRANG, "school_id": world.ids["school"]}),
    ):
        answer = await admin.request(method, path + suffix, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "campaign.closed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": "2025-11-01"},
        {"ends_on": "2027-11-01"},
        {"start_time": "17:00"},
        {"start_time": "7:30"},
        {"starts_on": "tomorrow"},
        {"province_code": "99"},
        {"name": "   "},
        {"status": "open"},
    ],
)
async def test_campaigns_that_make_no_sense_are_refused(world: World, wrong: dict[str, str]) -> None:
    assert (await world.as_("admin").post("/v1/campaigns", json=CAMPAIGN | wrong)).status_code == 422


async def test_a_declaration_replaces_the_communes_need_and_the_same_again_changes_nothing(
    world: World, path: str
) -> None:
    officer, mine = world.as_("officer"), f"{path}/needs/{NHA_TRANG}"
    first = await officer.put(mine, json=needs(("digitise", 2, 3), ("kpi", 1, 1), lacks=True))
    assert first.json()["need_days"] == {"digitise": 6, "kpi": 1}
    assert (first.json()["priority"], first.json()["declared_by"]) == (3, "officer")
    again = await officer.put(mine, json=needs(("kpi", 1, 1), ("digitise", 2, 3), lacks=True))
    assert again.json() == first.json()
    changed = await officer.put(mine, json=needs(("digitise", 1, 3)), headers={"If-Match": first.headers["ETag"]})
    assert (changed.json()["need_days"], changed.json()["priority"]) == ({"digitise": 3}, 1)
    assert changed.headers["ETag"] != first.headers["ETag"]
    stale = await officer.put(mine, json=NEED, headers={"If-Match": first.headers["ETag"]})
    assert stale.status_code == 412
    heads = await officer.put(mine, json=needs() | {"min_people": 2})
    assert (heads.json()["min_people"], heads.json()["items"]) == (2, [])
    none = await officer.put(mine, json=needs())
    assert none.json()["need_days"] == {}


async def test_needs_of_many_communes_are_declared_all_or_none(world: World, path: str) -> None:
    admin = world.as_("admin")
    items = [{"commune_code": code, **needs(("digitise", 1, 2))} for code in (NHA_TRANG, TRUONG_SA)]
    bad = [*items, {"commune_code": DIEN_BIEN_COMMUNE, **NEED}]
    answer = await admin.put(f"{path}/needs", json={"items": bad})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/items/2/commune_code"]
    unknown = [items[0], {"commune_code": TRUONG_SA, **needs(("digitise", 1, 1), ("sing", 1, 1))}]
    answer = await admin.put(f"{path}/needs", json={"items": unknown})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/items/1/items/1/duty_code"]
    assert (await admin.get(f"{path}/needs")).json()["total"] == 0
    assert (await admin.put(f"{path}/needs", json={"items": items})).json() == {"created": 2, "updated": 0, "same": 0}
    items[0] = {"commune_code": NHA_TRANG, **needs(("sysadmin", 3, 5), lacks=True)}
    assert (await admin.put(f"{path}/needs", json={"items": items})).json() == {"created": 0, "updated": 1, "same": 1}
    twice = await admin.put(f"{path}/needs", json={"items": [items[0], items[0]]})
    assert twice.status_code == 422


async def test_the_list_of_needs_has_totals_over_all_its_pages(world: World, path: str) -> None:
    admin = world.as_("admin")
    items = [
        {"commune_code": NHA_TRANG, **needs(("digitise", 2, 3), ("kpi", 1, 1), lacks=True)},
        {"commune_code": TRUONG_SA, **needs(("digitise", 1, 2))},
    ]
    await admin.put(f"{path}/needs", json={"items": items})
    page = (await admin.get(f"{path}/needs?limit=1")).json()
    assert (page["total"], len(page["items"])) == (2, 1)
    assert page["totals"] == {
        "communes": 2,
        "communes_lacking_it_staff": 1,
        "people": 4,
        "person_days": 9,
        "person_days_by_field": {"digitise": 8, "kpi": 1},
    }
    assert (await admin.get(f"{path}/needs?lacks_it_staff=true")).json()["totals"]["person_days"] == 7
    assert (await admin.get(f"{path}/needs?duty_code=kpi&q=nha trang")).json()["total"] == 1


async def test_pins_and_forbids_keep_who_and_why_and_do_not_contradict(world: World, path: str) -> None:
    ids = world.ids
    pin = {"kind": "responsibility_pin", "commune_code": NHA_TRANG, "school_id": ids["school"], "reason": "Gần nhất"}
    made = await world.create(f"{path}/decisions", pin, who="overseer")
    assert (made["decided_by"], made["reason"], made["withdrawn_at"]) == ("overseer", "Gần nhất", None)
    admin = world.as_("admin")
    for body, code in (
        (pin | {"kind": "responsibility_forbid"}, "decision.exists"),
        (pin | {"school_id": ids["other_school"]}, "decision.commune_pinned"),
    ):
        answer = await admin.post(f"{path}/decisions", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    withdrawn = await admin.post(f"{path}/decisions/{made['id']}/withdraw")
    assert withdrawn.json()["withdrawn_by"] == "Sở Nội vụ"
    assert (await admin.post(f"{path}/decisions/{made['id']}/withdraw")).json() == withdrawn.json()
    await world.create(f"{path}/decisions", pin | {"kind": "responsibility_forbid"})
    person = {"kind": "placement_pin", "commune_code": NHA_TRANG, "volunteer_id": ids["volunteer"], "reason": "Nhà gần"}
    await world.create(f"{path}/decisions", person)
    elsewhere = await admin.post(f"{path}/decisions", json=person | {"commune_code": TRUONG_SA})
    assert elsewhere.json()["code"] == "decision.volunteer_pinned"
    both = await admin.post(f"{path}/decisions", json=person | {"kind": "placement_forbid"})
    assert (both.status_code, both.json()["code"]) == (409, "decision.exists")
    held = (await admin.get(f"{path}/decisions")).json()
    assert sorted(item["kind"] for item in held["items"]) == ["placement_pin", "responsibility_forbid"]
    gone = (await admin.get(f"{path}/decisions?withdrawn=true")).json()
    assert [item["id"] for item in gone["items"]] == [made["id"]]
    assert (await admin.get(f"{path}/decisions?kind=placement_pin&q=nha trang")).json()["total"] == 1


async def test_decisions_name_what_their_kind_asks_and_only_what_exists(world: World, path: str) -> None:
    ids, base = world.ids, {"commune_code": NHA_TRANG, "reason": "x"}
    for wrong in (
        {"kind": "responsibility_pin"},
        {"kind": "responsibility_pin", "volunteer_id": ids["volunteer"]},
        {"kind": "placement_pin", "volunteer_id": ids["volunteer"], "school_id": ids["school"]},
        {"kind": "responsibility_pin", "school_id": MISSING_ID},
        {"kind": "placement_forbid", "volunteer_id": MISSING_ID},
        {"kind": "responsibility_pin", "school_id": ids["school"], "commune_code": DIEN_BIEN_COMMUNE},
        {"kind": "responsibility_pin", "school_id": ids["school"], "reason": ""},
    ):
        answer = await world.as_("admin").post(f"{path}/decisions", json=base | wrong)
        assert answer.status_code == 422, wrong


async def test_a_tie_from_before_the_campaign_is_recorded_once_and_can_be_struck(world: World, path: str) -> None:
    tie = {"commune_code": TAY_KHANH_VINH, "school_id": world.ids["school"], "note": "3 cán bộ, 1 buổi tập huấn"}
    admin = world.as_("admin")
    await world.create(f"{path}/existing-relations", tie)
    again = await admin.post(f"{path}/existing-relations", json=tie)
    assert (again.status_code, again.json()["code"]) == (409, "relation.exists")
    assert (await world.as_("coordinator").get(f"{path}/existing-relations")).json()["total"] == 1
    assert (await world.as_("other_coordinator").get(f"{path}/existing-relations")).json()["total"] == 0
    one = f"{path}/existing-relations/{TAY_KHANH_VINH}/{world.ids['school']}"
    assert (await admin.delete(one)).status_code == 204
    assert (await admin.delete(one)).status_code == 404


async def test_volunteers_are_found_by_name_field_day_and_state(world: World) -> None:
    school, admin = world.ids["school"], world.as_("admin")
    listed = f"/v1/volunteers?school_id={school}&team=Đội tìm kiếm"
    for name, skills, days in (
        ("Lê Đức Tìm", {"kpi": 3}, [4]),
        ("Trần Văn Ân", {"digitise": 1}, [0, 1]),
        ("Bùi Thị Ân", {"digitise": 1, "kpi": 1}, [1]),
    ):
        extra = {"full_name": name, "skills": skills, "free_weekdays": days, "team": "Đội tìm kiếm"}
        await world.create("/v1/volunteers", volunteer(school, **extra))

    async def names(query: str = "") -> list[str]:
        return [person["full_name"] for person in (await admin.get(listed + query)).json()["items"]]

    assert await names() == ["Bùi Thị Ân", "Trần Văn Ân", "Lê Đức Tìm"]
    assert await names("&q=duc tim") == ["Lê Đức Tìm"]
    assert await names("&field=kpi") == ["Bùi Thị Ân", "Lê Đức Tìm"]
    assert await names("&weekday=0") == ["Trần Văn Ân"]
    assert await names("&role=student") == []
    person = (await admin.get(listed + "&q=duc")).json()["items"][0]
    path = f"/v1/volunteers/{person['id']}"
    assert (await admin.post(f"{path}/withdraw")).json()["status"] == "withdrawn"
    assert await names("&status=withdrawn") == ["Lê Đức Tìm"]
    assert (await admin.post(f"{path}/archive")).json()["status"] == "archived"
    assert (await admin.post(f"{path}/withdraw")).json()["code"] == "volunteer.transition"
    assert await names() == ["Bùi Thị Ân", "Trần Văn Ân"]
    assert (await admin.post(f"{path}/restore")).json()["status"] == "active"


async def test_a_volunteers_body_is_checked_field_by_field(world: World) -> None:
    wrong = {
        "skills": {"juggling": 1},
        "free_weekdays": [5],
        "phone": "12",
        "email": "x@y\r\n.vn",
        "max_days": 6,
        "status": "active",
        "full_name": "A\nB",
    }
    for name, value in wrong.items():
        answer = await world.as_("admin").post("/v1/volunteers", json=volunteer(world.ids["school"], **{name: value}))
        assert answer.status_code == 422, name
        assert answer.json()["errors"][0]["pointer"].startswith(f"/{name}"), answer.text


async def test_a_staff_code_is_unique_within_its_school(world: World) -> None:
    body = volunteer(world.ids["school"], external_ref="GV001")
    await world.create("/v1/volunteers", body)
    answer = await world.as_("admin").post("/v1/volunteers", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "volunteer.external_ref_taken")
    await world.create("/v1/volunteers", body | {"school_id": world.ids["other_school"]})


async def test_a_sandbox_campaign_stays_one_and_all_its_notices_say_so(world: World) -> None:
    admin = world.as_("admin")
    async with world.session() as session:
        (await session.get_one(Commune, TRUONG_SA)).contact_email = "vanphong@xa.example.vn"
    for is_sandbox in (True, False):
        made = await world.create("/v1/campaigns", {**CAMPAIGN, "is_sandbox": is_sandbox})
        path = f"/v1/campaigns/{made['id']}"
        assert made["is_sandbox"] is is_sandbox
        version = {"If-Match": f'"{made["row_version"]}"'}
        changed = await admin.patch(path, json={"is_sandbox": not is_sandbox}, headers=version)
        assert changed.status_code == 422, "what was real stays so, and what reaches nobody as well"
        reminded = (await admin.post(f"{path}/need-reminders", json={"commune_codes": [TRUONG_SA]})).json()
        source = f"/v1/internal/sources/need_reminder/{reminded['id']}/notices"
        (notice,) = (await world.as_("notifier").get(source)).json()["items"]
        assert notice.get("is_sandbox", False) is is_sandbox
