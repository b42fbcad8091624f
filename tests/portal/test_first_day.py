"""A province begins with nothing: the steps on the front page, each leading to where it is done; communes imported."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.timeline.first_day import _lines
from roster_api.timeline.schemas import FirstDay

from tests.portal.test_editing import CAMPAIGN
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
    assert '<a class="button" href="/settings/boundaries">' in page


async def test_every_step_leads_to_a_page_once_there_is_a_campaign(world: PortalWorld) -> None:
    waiting = {"timeline", "needs", "opened"}
    page = (await world.client.get("/first-day")).text
    assert page.count("làm được sau khi có chiến dịch") == len(waiting)
    world.answers["GET", "/v1/campaigns"] = (200, {"items": [CAMPAIGN | {"id": "c1"}], "total": 1})
    await world.form_of("/settings/publishing")
    await world.post("/first-day/communes", await world.form_of("/first-day/communes"))
    page = (await world.client.get("/first-day")).text
    assert "làm được sau khi có chiến dịch" not in page
    assert len(re.findall(r'<li><h3>.*?href="/', page)) == len(CODES)
    assert 'href="/campaigns/c1/needs"' in page


async def test_whoever_is_not_the_provinces_home_affairs_sees_no_steps(world: PortalWorld) -> None:
    people: tuple[Any, ...] = (ME, NATION)
    for person in people:
        world.answers["GET", "/v1/me"] = (200, person)
        world.sign_in(token=f"of {person['assignments'][0]['role']}")
        assert (await world.client.get("/first-day")).status_code == 404
        assert (await world.client.get("/first-day/communes")).status_code == 404
        assert "qua API" not in (await world.client.get("/")).text


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
