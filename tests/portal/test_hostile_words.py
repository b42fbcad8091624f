"""What people typed is shown as words, whatever it looks like: none of it becomes an element, attribute or script."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.portal.world import PortalWorld, portal_world
from tests.support.hostile_words import HOSTILE

OURS = {"script": 2, "form": 3, "style": 0, "iframe": 0, "base": 0, "img": 0, "template": 0}
"""Elements of the page of people itself."""
LEADING = {"href", "src", "action", "formaction"}


class Elements(HTMLParser):
    """Counts elements, and keeps what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        leads = {name: value or "" for name, value in attrs if name in LEADING}
        self.running += [name for name, _ in attrs if name.startswith("on")]
        self.running += [value for value in leads.values() if value.casefold().startswith("javascript:")]


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        yield made


def person(words: str) -> dict[str, Any]:
    return {
        "id": words,
        "full_name": words,
        "role": words,
        "status": words,
        "withdrawal": {"at": "2026-11-30T02:00:00Z", "by": words, "reason": words},
        "school_id": words,
        "free_weekdays": [0],
        "skills": {words: 1},
        "phone": words,
    }


async def test_hostile_words_stay_words_on_a_page_of_people(world: PortalWorld) -> None:
    items = [person(words) for words in HOSTILE]
    world.answers["GET", "/v1/volunteers"] = (200, {"items": items, "total": len(items), "limit": 50, "offset": 0})
    for words in HOSTILE:
        page = Elements()
        page.feed((await world.client.get("/volunteers", params={"q": words})).text)
        assert page.running == [], words
        assert {name: page.counts.get(name, 0) for name in OURS} == OURS, words


async def test_hostile_words_stay_words_in_errors_and_in_what_is_given_back(world: PortalWorld) -> None:
    fields = await world.form_of("/")
    for words in HOSTILE:
        problem = {"code": words, "detail_vi": words, "errors": [{"pointer": words, "vi": words, "en": words}]}
        world.answers["POST", "/v1/matching-runs/run/cancel"] = (409, problem)
        page = Elements()
        page.feed((await world.post("/runs/run/cancel", fields | {"note": words})).text)
        assert page.running == [], words
        assert page.counts.get("script", 0) == 2, words
