"""Each screen says in three lines what it is for: open at the first visit in a browser, folded from then on."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import commune_portal
import pytest

from tests.portal.world import ADMIN, PortalWorld, portal_world

TEMPLATES = Path(commune_portal.__file__).parent / "templates"
FORMS = {
    "record_form.html": "each form has its own way of filling in (`help`)",
    "list_being_read.html": "waits some seconds, then is another page",
    "staff_sheet_being_read.html": "waits some seconds, then is another page",
}
NO_SCREENS = {
    "api_away.html", "choose_province.html", "error.html", "issuer_away.html", "mail_refused.html", "not_known.html",
    "role.html", "second_factor.html", "sign_in.html", "signed_out_here.html", "sign_in_failed.html",
    "signed_out.html", "public.html",
}  # fmt: skip
"""What anybody sees before signing in, and where something went wrong: they are the explanation."""


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers["GET", "/v1/me"] = (200, ADMIN)
        yield made


async def test_a_screen_explains_itself_once_a_browser(world: PortalWorld) -> None:
    first = await world.client.get("/campaigns")
    assert re.findall(r'<details class="help"( open)?>', first.text) == [" open"]
    assert first.text.count("<p>Mỗi đợt hỗ trợ là một chiến dịch") == 1
    assert '<details class="help">' in (await world.client.get("/campaigns")).text
    other = await world.client.get("/schools")
    assert '<details class="help" open>' in other.text, "another screen, its own first visit"
    assert '<details class="help">' in (await world.client.get("/campaigns")).text, "both are remembered"


async def test_what_a_browser_says_of_its_visits_is_read_with_care(world: PortalWorld) -> None:
    world.client.cookies.set("seen", "zz.<script>." + "abcdef." * 900, domain="portal.example")
    page = await world.client.get("/campaigns")
    assert '<details class="help" open>' in page.text
    assert len(page.headers["set-cookie"]) < 4096
    assert "script" not in page.headers["set-cookie"]


def test_every_screen_says_what_it_is_for() -> None:
    silent = []
    for template in sorted(TEMPLATES.glob("*.html")):
        text = template.read_text()
        is_screen = 'extends "base.html"' in text and template.name not in NO_SCREENS | FORMS.keys()
        if is_screen and not re.search(r"this_screen\.about\(\)|parts\.help\(|class=\"help\"", text):
            silent.append(template.name)
    assert silent == []
