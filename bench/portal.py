"""The portal: how long a page takes while twenty people work, what it weighs, and when it is first seen on a bad link.

The ceiling of a page's time is one read of the API by as many people at once: a page asks several and draws.
"""

import asyncio
import gzip
import time
from collections.abc import Iterator
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from bench.engine_questions import percentile
from bench.rows import Row, make_row
from tests.e2e.conftest import DESKTOP, launch
from tests.e2e.world import PortalStack, portal_stack
from tests.support.tracked import ROOT

PEOPLE = 20
ROUNDS = 5
P95_MS = 300.0
FIRST_PAINT_MS = 2500.0
BAD_LINK = {"offline": False, "latency": 800, "downloadThroughput": 12_000, "uploadThroughput": 12_000}
PAGE_BYTES, STYLE_BYTES, SCRIPT_BYTES, FONT_BYTES = 30_000, 8_000, 40_000, 70_000
BUILT = ROOT / "portal" / "commune_portal" / "static" / "built"
FIRST_PAINT = """() => new Promise(resolve => new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') resolve(entry.startTime);
}).observe({type: 'paint', buffered: true}))"""


def portal() -> Iterator[Row]:
    with portal_stack() as running:
        plan = f"/plans/{running.published['id']}"
        ceiling = asyncio.run(time_reads(running))
        for name, path in (("work", "/"), ("plan", plan), ("people", f"{plan}/people")):
            p95, page = asyncio.run(time_pages(running, path))
            facts: dict[str, Any] = {"people": PEOPLE, "pages": PEOPLE * ROUNDS}
            yield make_row(f"portal.{name}.p95", p95, "ms", ceiling=ceiling, at_most=P95_MS, **facts)
            yield make_row(f"portal.{name}.weight", len(gzip.compress(page, 6)), "bytes", at_most=PAGE_BYTES)
        yield make_row("portal.first_paint", time_first_paint(running, plan), "ms", at_most=FIRST_PAINT_MS)
    yield from weigh_assets()


async def time_pages(running: PortalStack, path: str) -> tuple[float, bytes]:
    """(95th percentile in ms, the page), everybody with a session of their own and asking at once."""
    clients = [httpx.AsyncClient(base_url=running.url, timeout=60, follow_redirects=True) for _ in range(PEOPLE)]
    try:
        for client in clients:
            (await client.get(running.sign_in("admin"))).raise_for_status()
        await ask(clients, path)  # warm
        seconds = [each for _ in range(ROUNDS) for each in await ask(clients, path)]
        return percentile(seconds, 0.95) * 1000, (await clients[0].get(path)).content
    finally:
        for client in clients:
            await client.aclose()


async def time_reads(running: PortalStack) -> float:
    """95th percentile in ms of one read of the plan, by as many people at once."""
    headers = {"X-Api-Key": running.stack.keys.admin}
    base = running.stack.addresses.roster_api
    clients = [httpx.AsyncClient(base_url=base, headers=headers, timeout=60) for _ in range(PEOPLE)]
    try:
        path = f"/v1/plans/{running.published['id']}"
        await ask(clients, path)
        return percentile([each for _ in range(ROUNDS) for each in await ask(clients, path)], 0.95) * 1000
    finally:
        for client in clients:
            await client.aclose()


async def ask(clients: list[httpx.AsyncClient], path: str) -> list[float]:
    """Seconds of each."""

    async def once(client: httpx.AsyncClient) -> float:
        began = time.perf_counter()
        (await client.get(path)).raise_for_status()
        return time.perf_counter() - began

    return list(await asyncio.gather(*(once(client) for client in clients)))


def time_first_paint(running: PortalStack, path: str) -> float:
    """ms until something is seen of the plan on a link of 12 kB/s and 800 ms, nothing of it in the browser yet."""
    with sync_playwright() as driver:
        browser = launch(driver)
        context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(running.sign_in("admin"))
        network = context.new_cdp_session(page)
        network.send("Network.clearBrowserCache")
        network.send("Network.emulateNetworkConditions", BAD_LINK)
        page.goto(f"{running.url}{path}", wait_until="commit", timeout=60_000)
        seen: float = page.evaluate(FIRST_PAINT)
        browser.close()
    return seen


def weigh_assets() -> Iterator[Row]:
    for name, files, budget in (
        ("stylesheet", ["portal.css"], STYLE_BYTES),
        ("scripts", ["htmx.js", "portal.js"], SCRIPT_BYTES),
    ):
        weight = sum(len(gzip.compress((BUILT / file).read_bytes(), 6)) for file in files)
        yield make_row(f"portal.{name}.weight", weight, "bytes", at_most=budget)
    fonts = sum(file.stat().st_size for file in BUILT.glob("*.woff2"))
    yield make_row("portal.fonts.weight", fonts, "bytes", at_most=FONT_BYTES)


CASES = {"portal": portal}
