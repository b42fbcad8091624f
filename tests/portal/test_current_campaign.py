"""Which campaign the front page is about where several are open, and what it still says of the others."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from commune_service import clock

from tests.portal.test_editing import CAMPAIGN
from tests.portal.test_kept import PUBLISHED
from tests.portal.world import ADMIN, EMPTY, PortalWorld, portal_world

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
