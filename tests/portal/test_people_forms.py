"""Somebody on a roster: what is typed is what the API takes, and it comes back."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.volunteers.schemas import VolunteerCreate, VolunteerPatch

from tests.portal.test_records import HOSTILE, OFFICER, SCHOOL
from tests.portal.world import ADMIN, PortalWorld, portal_world

ID = "66666666-6666-4666-8666-666666666666"
NEW, EDIT = f"/schools/{SCHOOL['id']}/volunteers/new", f"/volunteers/{ID}/edit"
PERSON: dict[str, Any] = {
    "id": ID, "school_id": SCHOOL["id"], "full_name": HOSTILE, "role": "student", "external_ref": None,
    "free_weekdays": [0, 4], "max_days": 2, "skills": {"scan": 3}, "max_distance_m": 14_500, "team": "Đội 1",
    "home_commune_code": "22366", "transport": "bus", "preferred_channel": None, "preferred_language": "en",
}  # fmt: skip
TYPED = {
    "role": "student", "free_weekdays-1": "yes", "free_weekdays-3": "yes", "max_days": "2", "skills-scan": "2",
    "skills-train": "", "max_distance_m": "30", "preferred_language": "vi",
}  # fmt: skip
PEOPLE = {"full_name": "Lê Thị Mẫu", "phone": "0950000456", "email": ""}


def listed(*items: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, {"items": list(items), "total": len(items), "limit": 50, "offset": 0}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        fields = [{"code": code, "name_vi": code, "name_en": code} for code in ("scan", "train", "it", "law")]
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/fields"): listed(*fields),
            ("GET", "/v1/communes"): listed({"code": "22366", "full_name": "Phường Nha Trang"}),
            ("GET", f"/v1/schools/{SCHOOL['id']}"): (200, SCHOOL | {"province_code": "56"}),
            ("GET", f"/v1/volunteers/{ID}"): (200, PERSON),
        }
        yield made


def sent(world: PortalWorld) -> Any:
    return json.loads([each for each in world.asked if each.method != "GET"][-1].content)


async def test_somebody_is_added_to_a_roster_and_the_next_one_after_them(world: PortalWorld) -> None:
    world.answers["POST", "/v1/volunteers"] = (201, PERSON)
    fields = await world.form_of(NEW)
    answer = await world.post(NEW, fields | TYPED | PEOPLE)
    assert answer.headers["location"] == f"/volunteers/{ID}"
    body = VolunteerCreate.model_validate(sent(world))
    assert (body.free_weekdays, body.skills, body.max_distance_m, body.email) == ([1, 3], {"scan": 2}, 30_000, None)
    again = await world.post(NEW, await world.form_of(NEW) | TYPED | PEOPLE | {"then": "another"})
    assert again.headers["location"] == NEW


async def test_a_refused_person_comes_back_with_every_box_and_choice(world: PortalWorld) -> None:
    fields = await world.form_of(NEW)
    wrong = {"pointer": "/phone", "code": "x", "vi": "Số này người khác đang dùng.", "en": "Taken."}
    world.answers["POST", "/v1/volunteers"] = (409, {"code": "x", "detail_vi": "Trùng số", "errors": [wrong]})
    page = (await world.post(NEW, fields | TYPED | PEOPLE | {"full_name": HOSTILE})).text
    assert page.count("Số này người khác đang dùng.") == 2
    assert [f'name="free_weekdays-{day}" value="yes" checked' in page for day in range(5)] == [
        False, True, False, True, False,
    ]  # fmt: skip
    skills = page.partition('name="skills-scan"')[2].partition("</select>")[0]
    assert '<option value="2" selected>' in skills
    assert HOSTILE not in page
    roles = (await world.client.get(NEW)).text.partition('name="role"')[2].partition("</select>")[0]
    assert '<option value="">– chọn –</option>' in roles
    assert " selected" not in roles, "no role is anybody's by itself"


async def test_a_person_is_changed_as_the_version_that_was_seen_and_any_distance_is_an_empty_field(
    world: PortalWorld,
) -> None:
    page = (await world.client.get(EDIT)).text
    assert 'value="14,5" id="max_distance_m"' in page, "to the metre, with a comma"
    assert 'name="phone"' not in page
    assert HOSTILE not in page
    world.answers["PATCH", f"/v1/volunteers/{ID}"] = (200, PERSON)
    await world.post(EDIT, await world.form_of(EDIT) | TYPED | {"etag": '"9"', "max_distance_m": ""})
    assert world.asked[-1].headers["If-Match"] == '"9"'
    body = VolunteerPatch.model_validate(sent(world))
    assert (body.max_distance_m, body.team, body.transport) == (100_000_000, None, None)
    await world.post(EDIT, await world.form_of(EDIT) | TYPED | {"max_distance_m": "19,5"})
    assert sent(world)["max_distance_m"] == 19_500


async def test_who_may_only_read_finds_no_form(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, OFFICER)
    forms = (NEW, EDIT)
    assert [(await world.client.get(path)).status_code for path in forms] == [404] * len(forms)
