"""Every page of every role, as links lead there: no finding of axe, no complaint of the browser, within its weight."""

import gzip
import re

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import ROLES, PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
PAGE_BYTES = 30_000
KINDS_AT_MOST = 80
SKIPPED = ("/static", "/language", "/sign", "/roster-template", "/development")


def kind_of(path: str) -> str:
    """Pages of one kind differ in ids and codes alone."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{5}\b", "*", re.sub(r"[?#].*", "", path))


def list_links(visitor: Visitor) -> list[str]:
    links: list[str] = visitor.page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
    )
    return [link for link in links if link.startswith("/") and not link.startswith(SKIPPED)]


def walk(visitor: Visitor) -> dict[str, list[str]]:
    """{path: what is wrong with it}, one page a kind."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    waiting = ["/"]
    while waiting and len(seen) < KINDS_AT_MOST:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        status = visitor.go(path)
        wrong = [] if status == 200 else [f"status {status}"]
        wrong += visitor.list_axe() + visitor.list_violations()
        weight = len(gzip.compress(visitor.page.content().encode(), 6))
        wrong += [f"weighs {weight} bytes"] if weight > PAGE_BYTES else []
        wrong += overflows(visitor)
        if wrong:
            found[path] = wrong
        waiting += list_links(visitor)
    assert len(seen) > 1
    return found


def overflows(visitor: Visitor) -> list[str]:
    """A page that has to be pushed sideways."""
    wider = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wider} px too wide"] if wider > 1 else []


def check_every_page(visitor: Visitor) -> None:
    assert walk(visitor) == {}
    assert visitor.complaints == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_right_for_everybody_in_vietnamese(visit: MakeVisitor, running: PortalStack, role: str) -> None:
    assert running.published["status"] == "published"
    check_every_page(visit(role))
