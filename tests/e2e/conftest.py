"""Fixtures of the browser tests: a stack while a worker has such tests, Chromium once a module, pages that complain."""

import os
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, sync_playwright

from tests.e2e.acting import Pointer, Way
from tests.e2e.world import PortalStack, portal_stack

UNPACKED = Path(__file__).parent / "browser" / ".unpacked"
AXE = Path(__file__).parent / "browser" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--no-zygote", "--disable-gpu", "--font-render-hinting=none"]
DESKTOP, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 740}
VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => {
  (window.violations ??= []).push(`${event.violatedDirective}: ${event.blockedURI}`);
});"""


def launch(driver: Any) -> Browser:
    """The browser that `make` unpacked; it needs no package of the machine."""
    libraries = UNPACKED / "al2023" / "lib"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}
    started: Browser = driver.chromium.launch(
        executable_path=str(UNPACKED / "chromium"), args=ARGUMENTS, env=environment
    )
    return started


@pytest.fixture(scope="package")  # an idle stack takes a tenth of the processor from the tests that follow
def running() -> Iterator[PortalStack]:
    with portal_stack() as stack:
        yield stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = launch(driver)
        yield started
        started.close()


@dataclass
class Visitor:
    """One person's browser. `complaints`: what its console said and what it asked of other hosts."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    hand: Pointer = field(default_factory=Pointer)
    scripts: bool = True

    def go(self, path: str) -> int:
        answer = self.page.goto(f"{self.base}{path}")
        return answer.status if answer is not None else 0

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def press(self, name: str) -> None:
        self.hand.touch(self.page.get_by_role("button", name=name))

    def follow(self, name: str) -> None:
        self.hand.touch(self.page.get_by_role("link", name=name))

    def tick(self, label: str) -> None:
        self.hand.touch(self.page.get_by_label(label))

    def unfold(self, words: str) -> None:
        self.hand.touch(self.page.locator("summary", has_text=words))

    def write(self, label: str, words: str) -> None:
        self.hand.write(self.page.get_by_label(label), words)

    def choose(self, label: str, words: str) -> None:
        self.hand.choose(self.page.get_by_label(label), words)

    def narrow(self, label: str, words: str) -> None:
        """A list by a choice above it; waits until it is drawn anew. Without scripts a button asks for it."""
        name = self.page.get_by_label(label).get_attribute("name")
        self.choose(label, words)
        if not self.scripts:
            self.press("Lọc")
        self.page.wait_for_url(re.compile(rf"[?&]{name}=[^&]"))

    def attach(self, label: str, file: Path) -> None:
        self.hand.attach(self.page.get_by_label(label), file)

    def see(self, words: str, *, seconds: float = 30) -> None:
        """Waits until the page says so."""
        self.page.locator("main").get_by_text(words).first.wait_for(timeout=seconds * 1000)

    def list_axe(self) -> list[str]:
        """What axe finds, as 'rule: element'."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]

    def list_violations(self) -> list[str]:
        """Of the page's policy."""
        told: list[str] = self.page.evaluate("window.violations ?? []")
        return told


MakeVisitor = Callable[..., Visitor]
VISITORS = pytest.StashKey[list[Visitor]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test's report ends with what each of its visitors had before them, and what the services warned of."""
    report = yield
    if report.when == "call" and report.failed:
        visitors: list[Visitor] = item.stash.get(VISITORS, [])
        running = getattr(item, "funcargs", {}).get("running")
        report.sections.append(("warnings of the services", list_warnings(running)))
        for number, visitor in enumerate(visitors, 1):
            report.sections.append((f"visitor {number} at {visitor.page.url}", describe_page(visitor)))
    return report


def list_warnings(running: PortalStack | None) -> str:
    """The last lines of level warning or above, of every process."""
    logs = sorted(running.stack.supervisor.logs.glob("*.log")) if running is not None else []
    lines = [f"{log.stem}: {line}" for log in logs for line in log.read_text(errors="replace").splitlines()]
    return "\n".join([line for line in lines if re.search(r'"level": "(warning|error|critical)"', line)][-40:])


def describe_page(visitor: Visitor) -> str:
    try:
        shown = visitor.page.locator("body").inner_text(timeout=2_000)
    except Error as reason:  # a page that is loading or gone has no text: that, too, is said
        shown = f"no text: {reason.message}"
    return "\n".join([*visitor.complaints, shown])


@pytest.fixture
def visit(browser: Browser, running: PortalStack, request: pytest.FixtureRequest) -> Iterator[MakeVisitor]:
    """visit("admin", BY_KEYBOARD), visit("admin", language="en", phone=True): somebody signed in, in a browser of their
    own. visit("", ...): somebody who has no account."""
    contexts: list[BrowserContext] = []
    visitors = request.node.stash.setdefault(VISITORS, [])

    def make(
        role: str, way: Way | None = None, *, language: str = "vi", phone: bool = False, scripts: bool = True
    ) -> Visitor:
        way = way or Way("", phone=phone, scripts=scripts)
        context = browser.new_context(viewport=PHONE if way.phone else DESKTOP, java_script_enabled=way.scripts)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": running.url}])
        context.add_init_script(VIOLATIONS)
        visitor = Visitor(context.new_page(), running.url, hand=way.hand, scripts=way.scripts)
        visitors.append(visitor)
        listen(visitor)
        if role:
            visitor.page.goto(running.sign_in(role))
        return visitor

    yield make
    for context in contexts:
        context.close()


def listen(visitor: Visitor) -> None:
    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visitor.complaints.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((visitor.base, "data:")):
            visitor.complaints.append(f"asked for {request.url}")

    visitor.page.on("console", hear)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.page.on("request", see)
