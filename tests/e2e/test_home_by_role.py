"""The front page of every role: there is something on it, and each link of it opens for whom it is shown."""

import asyncio
import re

import httpx
import pytest
from commune_portal.app import make_app
from commune_portal.sessions import SessionCipher

from tests.e2e.conftest import MakeVisitor
from tests.e2e.test_role_matrix import ROLES, SECRET, Person, settings_for, signed_in
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
OWN_WORK = {"leader": "/leaders", "auditor": "/settings/audit", "group_overseer": "/my-communes"}
"""Whose front page is one page of its own."""


def links_of(page: str) -> set[str]:
    """Where the page's own part leads, downloads and the language aside."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = re.findall(r'<a (?![^>]*\bdownload\b)[^>]*href="(/[^"#]*)', main)
    return {link.replace("&amp;", "&") for link in found if not link.startswith("/language")}


async def list_shut(person: Person, path: str) -> list[tuple[str, int]]:
    """Links of a page that do not open; the page itself where it has none."""
    home = await person.browser.get(path)
    links = links_of(home.text) - {path}
    if home.status_code != httpx.codes.OK or not links:
        return [(path, home.status_code)]
    answers = await asyncio.gather(*(person.browser.get(link, follow_redirects=True) for link in links))
    return [(str(each.url), each.status_code) for each in answers if each.status_code != httpx.codes.OK]


async def list_shut_by_role(running: PortalStack) -> dict[str, list[tuple[str, int]]]:
    app, cipher = make_app(settings_for(running)), SessionCipher(SECRET)
    found = {}
    async with app.router.lifespan_context(app):
        for role in ROLES:
            async with signed_in(running, app, cipher, role) as person:
                found[role] = await list_shut(person, OWN_WORK.get(role, "/"))
    return found


def test_every_role_has_work_on_its_front_page_and_each_link_opens(running: PortalStack) -> None:
    assert running.loop.do(list_shut_by_role(running), seconds=380) == {role: [] for role in ROLES}


def test_the_leaders_page_is_one_sheet_of_paper(visit: MakeVisitor) -> None:
    leader = visit("leader")
    assert leader.go("/leaders") == 200
    printed = leader.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
