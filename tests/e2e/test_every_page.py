"""Every page of every role, as links lead there: no finding of axe, no complaint of the browser, within its weight."""

import gzip

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.walking import kind_of, walk
from tests.e2e.world import ROLES, PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
PAGE_BYTES = 30_000
HELD_AGAINST_AXE: dict[str, set[str]] = {}
"""The kinds of page by language: axe looks at a kind once, for the role that comes first, and admin has nearly all."""


def list_faults(visitor: Visitor, held: set[str]) -> dict[str, list[str]]:
    """{path: what is wrong with it}, one page a kind. `held`: the kinds that axe has seen; grows."""
    faults: dict[str, list[str]] = {}
    for path, status in walk(visitor.page, visitor.base):
        wrong = [] if status == 200 else [f"status {status}"]
        if path == "/" or kind_of(path) not in held:  # each role has a front page of its own
            wrong += visitor.list_axe()
            held.add(kind_of(path))
        wrong += visitor.list_violations()
        weight = len(gzip.compress(visitor.page.content().encode(), 6))
        wrong += [f"weighs {weight} bytes"] if weight > PAGE_BYTES else []
        wrong += overflows(visitor)
        if wrong:
            faults[path] = wrong
    return faults


def overflows(visitor: Visitor) -> list[str]:
    """A page that has to be pushed sideways."""
    wider = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wider} px too wide"] if wider > 1 else []


def check_every_page(visitor: Visitor) -> None:
    language = visitor.page.evaluate("document.documentElement.lang")
    assert list_faults(visitor, HELD_AGAINST_AXE.setdefault(language, set())) == {}
    assert visitor.complaints == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_right_for_everybody_in_vietnamese(visit: MakeVisitor, running: PortalStack, role: str) -> None:
    assert running.published["status"] == "published"
    check_every_page(visit(role))
