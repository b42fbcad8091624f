"""Which campaign the front page is about where several are open, and what it still says of the others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from commune_service import clock

from tests.portal.test_editing import CAMPAIGN
from tests.portal.test_kept import PUBLISHED
from tests.portal.test_month_pages import OFFICER
from tests.portal.world import ADMIN, ASSIGNMENT, EMPTY, ME, PortalWorld, portal_world

ANSWERS = EMPTY | {"counts": {"confirmed": 0, "cannot_go": 0, "no_answer": 1}}
STANDING = {"communes": [], "covered": 0, "short": 0, "silent": 0, "stuck": 0}
DRAFT = PUBLISHED | {"id": "p2", "status": "draft", "version": None, "draft_number": 1}


def season(campaign_id: str, name: str, *, begins_in: int) -> dict[str, Any]:
    first = clock.today() + timedelta(days=begins_in)
    days = {"starts_on": first.isoformat(), "ends_on": (first + timedelta(days=27)).isoformat()}
    return CAMPAIGN | {"id": campaign_id, "name": name, "status": "open", **days}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    """Three are open: one over, one on, one to come with a draft; the newest stands first, as the API gives them."""
    campaigns = [
        season("c3", "Đợt sau", begins_in=20),
        season("c2", "Đợt này", begins_in=-10),
        season("c1", "Đợt trước", begins_in=-60),
    ]
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns"): (200, EMPTY | {"items": campaigns, "total": 3}),
            ("GET", "/v1/campaigns/c3/plans"): (200, EMPTY | {"items": [DRAFT], "total": 1}),
            ("GET", "/v1/campaigns/c2/plans"): (200, EMPTY | {"items": [PUBLISHED], "total": 1}),
            ("GET", "/v1/plans/p1/answers"): (
                200,
                EMPTY | {"counts": {"confirmed": 0, "cannot_go": 0, "no_answer": 1}},
            ),
            ("GET", "/v1/campaigns/c2/attendance/totals"): (200, {"total": {"unconfirmed": 0, "disputed": 0}}),
        }
        made.answers |= {("GET", f"/v1/campaigns/{each['id']}/standing"): (200, STANDING) for each in campaigns}
        yield made


async def test_the_front_page_is_about_the_campaign_that_people_serve_in_now(world: PortalWorld) -> None:
    page = (await world.client.get("/")).text
    assert "Đợt này</a></h1>" in page
    assert (await world.client.get("/plan")).headers["Location"] == "/plans/p1"


async def test_other_open_campaigns_are_named_and_their_drafts_wait_to_be_decided(world: PortalWorld) -> None:
    page = (await world.client.get("/")).text
    assert 'href="/campaigns/c3">Đợt sau</a>' in page
    assert 'href="/campaigns/c1">Đợt trước</a>' in page
    assert "Đợt sau · Dự thảo 1" in page
    assert 'href="/plans/p2"' in page


SCHOOL_ID = ASSIGNMENT["scope_id"]
INVITED = {"not_invited": 0, "invited": 1, "reminded": 0, "expired": 0, "answered": 0, "declined": 0}


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        (
            {},
            {f"/v1/schools/{SCHOOL_ID}/roster-uploads", "/v1/volunteers", f"/v1/schools/{SCHOOL_ID}/invitations"},
        ),
        (
            OFFICER,
            {
                "/v1/campaigns/c2/needs/22366",
                "/v1/plans/p1/answers",
                "/v1/campaigns/c2/attendance",
                "/v1/campaigns/c2/blockers",
            },
        ),
    ],
    ids=["school", "commune"],
)
async def test_what_waits_for_somebody_is_asked_side_by_side(
    world: PortalWorld, who: dict[str, Any], paths: set[str]
) -> None:
    """The API answers none of them before all are asked."""
    asked, are_all_asked = set[str](), asyncio.Event()
    need = {"need_days": {"it": 1}, "state": "draft"}
    world.answers |= {
        ("GET", "/v1/me"): (200, ME | who),
        ("GET", f"/v1/schools/{SCHOOL_ID}/invitations"): (200, EMPTY | {"counts": INVITED}),
        ("GET", "/v1/campaigns/c2/needs/22366"): (200, need),
        ("GET", "/v1/campaigns/c2/allowance-totals"): (200, {"by_state": {}}),
    }

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path in paths:
            asked.add(request.url.path)
            if asked == paths:
                are_all_asked.set()
            async with asyncio.timeout(20):
                await are_all_asked.wait()
        return world.answer(request)

    base = world.app.state.http_of_api.base_url
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=base) as of_api:
        world.app.state.http_of_api = of_api
        assert (await world.client.get("/")).status_code == 200
    assert asked == paths
