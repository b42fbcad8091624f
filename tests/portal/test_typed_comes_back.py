"""Every form of every page, sent while the API is away: what was typed comes back with a button to send it again."""

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import get_args

import pytest
from commune_portal.pages import ROUTERS
from fastapi.routing import APIRoute

from tests.portal.world import ADMIN, PortalWorld, portal_world

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
FORMS = sorted({route.path: route for route in ROUTES if "POST" in (route.methods or ())}.items())
TYPED = "Đã gõ <b>rất lâu</b> & chưa gửi được"
MORE = {"words-of-mine": TYPED, "chosen": "d1", "outcome/v1/2026-11-02": "present"}
"""Fields that a page has by what it lists."""
WITHOUT_PAGE = {"/campaigns/{campaign_id}/attendance/{code}/ticks"}
"""What a script sends, and keeps until it is taken (tests/e2e/test_commune_journey.py)."""


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers["GET", "/v1/me"] = (200, ADMIN)
        yield made


def any_of(route: APIRoute, name: str) -> str:
    """A value that the route takes for a parameter of its path: the first of those it names, or an id."""
    field = next(each for each in route.dependant.path_params if each.alias == name)
    return next(iter(get_args(field.field_info.annotation)), "44444444-4444-4444-4444-444444444444")


async def find_wrong(world: PortalWorld, path: str, route: APIRoute) -> str:
    """What of the answer is not as it should be; '' where all is."""
    address = re.sub(r"{([^}]*)}", lambda part: any_of(route, part[1]), path)
    world.is_away = False
    fields = await world.form_of("/campaigns")
    world.is_away = True
    names = [field.alias for field in route.dependant.body_params]
    typed = {name: TYPED for name in names if name not in {"file", *fields}} | MORE | fields
    files = {"file": ("a.csv", b"a")} if "file" in names else None
    answer = await world.client.post(address, data=typed, files=files, headers={"Origin": "http://portal.example"})
    if answer.status_code != 503:
        return f"status {answer.status_code}"
    if TYPED not in unescape(answer.text) or TYPED in answer.text:
        return "what was typed is not there as words"
    if files is not None:
        return "" if "Tệp cần được chọn lại" in answer.text else "nothing is said of the file"
    again = f'action="{address}"' in answer.text and f'value="{fields["once"]}"' in answer.text
    return "" if again else "it cannot be sent again, once"


async def test_what_was_typed_into_any_form_comes_back(world: PortalWorld) -> None:
    forms = [(path, route) for path, route in FORMS if path not in WITHOUT_PAGE]
    assert len(forms) > 40
    found = {path: await find_wrong(world, path, route) for path, route in forms}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
