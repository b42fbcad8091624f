"""A walk through the portal as links lead: one page of each kind, so that no page is forgotten in a list."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

KINDS_AT_MOST = 140
SKIPPED = ("/static", "/language", "/sign", "/roster-template", "/development")
RECORDS = r"(?<=/out-of-use/)\w+|(?<=/data-subjects/)\w+|(?<=/(?:duties|fields)/)\w+(?=/edit)"
"""Kinds of records, and duties and fields by their codes, whose pages are one."""


def kind_of(path: str) -> str:
    """Pages of one kind differ in ids, codes and kinds of records alone."""
    return re.sub(rf"{RECORDS}|[0-9a-f]{{8}}-[0-9a-f-]{{27}}|\b\d{{5}}\b", "*", re.sub(r"[?#].*", "", path))


def list_links(page: Page) -> list[str]:
    links: list[str] = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
    )
    return [link for link in links if link.startswith("/") and not link.startswith(SKIPPED)]


def walk(page: Page, base: str) -> Iterator[tuple[str, int]]:
    """(path, status) of each page when it is open. AssertionError where there are more kinds than are looked at."""
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        assert len(seen) <= KINDS_AT_MOST, f"more than {KINDS_AT_MOST} kinds of pages"
        answer = page.goto(f"{base}{path}")
        yield path, answer.status if answer is not None else 0
        waiting += list_links(page)
    assert len(seen) > 1, "no link leads on"
