"""A province begins with nothing: the steps on the front page, each leading to where it is done; communes imported."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from commune_portal.campaign_fields import NEW_POLICY, POLICY, values_of_new
from commune_portal.view import View
from fastapi import Request
from roster_api.campaigns.policy import CampaignPolicy
from roster_api.campaigns.schemas import CampaignCreate
from roster_api.timeline.first_day import _lines
from roster_api.timeline.schemas import FirstDay

from tests.portal.test_editing import CAMPAIGN
from tests.portal.test_need_pages import NEED
from tests.portal.test_records import COMMUNE, OFFICER, SCHOOL
from tests.portal.world import ADMIN, ASSIGNMENT, ME, PortalWorld, portal_world

CODES = [line[0] for line in _lines("56")]
NATION = ME | {"assignments": [ASSIGNMENT | {"role": "admin", "scope_kind": "nation", "scope_id": None}]}
DONE = {"communes": 65, "commune_contacts": 12, "schools": 12}
IMPORTED = {"province_code": "56", "total": 65, "created": 65, "updated": 0, "same": 0, "not_in_source": ["99999"]}
PROVINCE = {"code": "56", "full_name": "Tỉnh Khánh Hòa", "communes": 0}


def first_day(**numbers: int) -> dict[str, Any]:
    """As the API answers: a step is done with as many as are wanted."""
    items = [
        {
            "code": code, "vi": f"Bước {code}", "en": f"Step {code}", "how": "", "number": numbers.get(code, 0),
            "wanted": 65 if code in {"commune_contacts", "needs"} else 1,
        }
        for code in CODES
    ]  # fmt: skip
    items = [item | {"is_done": int(str(item["number"])) >= int(str(item["wanted"]))} for item in items]
    return FirstDay.model_validate({"province_code": "56", "done": 0, "items": items}).model_dump()


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/provinces/56/first-day"): (200, first_day(**DONE)),
            ("GET", "/v1/provinces/56"): (200, PROVINCE),
            ("POST", "/v1/provinces/56/communes/import"): (200, IMPORTED),
        }
        yield made


async def test_before_there_is_a_campaign_the_front_page_is_the_steps_of_the_first_day(world: PortalWorld) -> None:
    page = (await world.client.get("/")).text
    assert [int(number) for number in re.findall(r"<h3>(\d+)\. Bước", page)] == list(range(1, len(CODES) + 1))
    assert "12 / 65" in page
    assert page.count('<a class="button" ') == 1, "what comes next stands out"
    assert '<a class="button" href="/communes?lacks=contact">' in page, "boundaries may wait"
    assert page.count("có thể làm sau") == 2
    assert '<a class="button second" href="/schools">' in page, "what is done is looked at in its list"


async def test_every_step_leads_to_a_page_once_there_is_a_campaign(world: PortalWorld) -> None:
    waiting = {"timeline", "needs", "opened"}
    page = (await world.client.get("/first-day")).text
    assert page.count("làm được sau khi có chiến dịch") == len(waiting)
    world.answers["GET", "/v1/campaigns"] = (200, {"items": [CAMPAIGN | {"id": "c1"}], "total": 1})
    await world.post("/first-day/communes", await world.form_of("/first-day/communes"))
    page = (await world.client.get("/first-day")).text
    assert "làm được sau khi có chiến dịch" not in page
    assert len(re.findall(r'<li><h3>.*?href="/', page)) == len(CODES)
    assert 'href="/campaigns/c1/silent-communes"' in page


async def test_a_communes_officer_and_a_coordinator_are_asked_for_their_own_contact_until_it_is_there(
    world: PortalWorld,
) -> None:
    for person, place, path in (
        (OFFICER, COMMUNE, "/communes/22366"),
        (ME, SCHOOL, f"/schools/{SCHOOL['id']}"),
    ):
        world.answers["GET", "/v1/me"] = (200, person)
        world.sign_in(token=f"of {path}")
        world.answers["GET", f"/v1{path}"] = (200, place | {"contact_phone": None})
        assert f'href="{path}/edit"' in (await world.client.get("/")).text
        world.answers["GET", f"/v1{path}"] = (200, place | {"contact_phone": "+84950000111"})
        assert f'href="{path}/edit"' not in (await world.client.get("/")).text


async def test_a_need_that_is_only_drafted_is_work_of_its_commune_and_a_silent_one_of_the_province(
    world: PortalWorld,
) -> None:
    days = {"starts_on": "2026-12-28", "ends_on": "2027-01-22"}
    campaign = CAMPAIGN | days | {"id": "c1", "status": "open", "name": "Đợt 1", "province_code": "56"}
    world.answers |= {
        ("GET", "/v1/campaigns"): (200, {"items": [campaign], "total": 1}),
        ("GET", "/v1/communes"): (200, {"items": [], "total": 65}),
        ("GET", "/v1/campaigns/c1/silent-communes"): (200, {"items": [], "total": 3}),
        ("GET", "/v1/campaigns/c1/standing"): (200, {"communes": []}),
        ("GET", "/v1/campaigns/c1/needs/22366"): (200, NEED | {"need_days": {"digitise": 6}}),
        ("GET", "/v1/communes/22366"): (200, COMMUNE),
    }
    page = (await world.client.get("/")).text
    assert "62/65 xã, phường đã gửi" in page
    assert 'href="/campaigns/c1/silent-communes"' in page
    world.answers["GET", "/v1/me"] = (200, OFFICER)
    world.sign_in(token="of the officer")
    page = (await world.client.get("/")).text
    assert '<span class="tag warn">Đang soạn</span>' in page
    assert "Khai và gửi" in page


async def test_whoever_is_not_home_affairs_sees_no_steps(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ME)
    world.sign_in(token="of a school")
    assert (await world.client.get("/first-day")).status_code == 404
    assert (await world.client.get("/first-day/communes")).status_code == 404
    assert "qua API" not in (await world.client.get("/")).text


async def test_the_nations_administrator_chooses_the_province_and_stays_with_it(world: PortalWorld) -> None:
    provinces = [{"code": "56", "full_name": "Tỉnh Khánh Hòa"}]
    world.answers |= {
        ("GET", "/v1/me"): (200, NATION),
        ("GET", "/v1/provinces"): (200, {"items": provinces, "total": 1}),
    }
    world.sign_in(token="of the nation")
    for path in ("/first-day", "/first-day?province=99"):
        assert '<option value="56">Tỉnh Khánh Hòa</option>' in (await world.client.get(path)).text
    page = (await world.client.get("/first-day?province=56")).text
    assert "chọn tỉnh khác" in page
    assert 'href="/communes?lacks=contact&amp;province=56"' in page
    answer = await world.post("/first-day/communes?province=56", await world.form_of("/first-day/communes?province=56"))
    assert answer.headers["location"] == "/communes?province=56"


async def test_the_official_communes_are_imported_and_what_is_strange_is_named(world: PortalWorld) -> None:
    fields = await world.form_of("/first-day/communes")
    answer = await world.post("/first-day/communes", fields)
    assert answer.headers["location"] == "/communes"
    sent = [each for each in world.asked if each.method == "POST"][-1]
    assert sent.headers["Idempotency-Key"] == fields["once"]
    page = (await world.client.get("/communes")).text
    assert "65 mới" in page
    assert "99999" in page


async def test_a_refused_import_says_why(world: PortalWorld) -> None:
    fields = await world.form_of("/first-day/communes")
    world.answers["POST", "/v1/provinces/56/communes/import"] = (409, {"code": "x", "detail_vi": "Đang nhập rồi."})
    answer = await world.post("/first-day/communes", fields)
    assert answer.status_code == 409
    assert "Đang nhập rồi." in answer.text


def test_a_new_campaigns_rules_are_shown_as_the_api_gives_them() -> None:
    given = CampaignPolicy().model_dump(mode="json")
    assert {name: given[name] for name in NEW_POLICY} == NEW_POLICY
    assert set(NEW_POLICY) == {field.name for field in POLICY}


@pytest.mark.parametrize(
    ("today", "starts", "ends"),
    [
        (date(2026, 11, 30), "21/12/2026", "15/01/2027"),
        (date(2026, 12, 1), "28/12/2026", "22/01/2027"),
        (date(2026, 12, 6), "28/12/2026", "22/01/2027"),
    ],
)
def test_a_new_campaign_is_four_weeks_from_a_monday(today: date, starts: str, ends: str) -> None:
    values = values_of_new(View.of(Request({"type": "http", "headers": []})), today)
    assert (values["starts_on"], values["ends_on"]) == (starts, ends)


async def test_a_campaign_is_drafted_with_what_the_form_begins_with(world: PortalWorld) -> None:
    page = (await world.client.get("/campaigns/new")).text
    assert "Ai đi được đều đi" in page
    names = ("name", "starts_on", "ends_on", "start_time", "end_time")
    typed = {name: found[1] for name in names if (found := re.search(rf'value="([^"]*)" id="{name}"', page))}
    assert set(typed) == set(names)
    world.answers["POST", "/v1/campaigns"] = (201, CAMPAIGN | {"id": "c1"})
    fields = await world.form_of("/campaigns/new")
    answer = await world.post("/campaigns/new", fields | typed)
    assert answer.headers["location"] == "/campaigns/c1"
    body = json.loads([each for each in world.asked if each.method == "POST"][-1].content)
    assert CampaignCreate.model_validate(body).starts_on.weekday() == 0
    assert (body["province_code"], body["is_sandbox"]) == ("56", False)
    world.answers["POST", "/v1/campaigns"] = (422, {"code": "x", "detail_vi": "Sai ngày."})
    refused = await world.post("/campaigns/new", fields | typed | {"starts_on": "31/02/2027"})
    assert 'value="31/02/2027"' in refused.text
