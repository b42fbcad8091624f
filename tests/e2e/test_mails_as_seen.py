"""The mails of all kinds in a real browser: light and dark, on a phone and on a desk, and nothing is ever fetched."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from commune_schemas.notices import Language, NoticeKind
from notifier.digest_mail import write_digest
from notifier.sample import sample_notice
from notifier.school_mail import write_mail
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import AXE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
PHONE, DESK = 360, 900
SEEN = [("light", PHONE), ("dark", PHONE), ("light", DESK), ("dark", DESK)]
AXE_RUN = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations']})"


@pytest.fixture(params=SEEN, ids=[f"{scheme}-{width}" for scheme, width in SEEN])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def html_of(kind: NoticeKind, language: Language) -> str:
    notice = sample_notice(kind).model_copy(update={"language": language})
    return write_mail(notice, stamped_at=datetime.now(UTC), organizer_email="khong-tra-loi@example.vn").html


def html_of_digest(language: Language) -> str:
    kinds = (NoticeKind.PLACEMENT_REMINDER, NoticeKind.FIRST_DAY, NoticeKind.INVITATION_REMINDER)
    notices = [sample_notice(kind).model_copy(update={"language": language}) for kind in kinds]
    return write_digest(notices, stamped_at=datetime.now(UTC), organizer_email="khong-tra-loi@example.vn").html


def list_faults(page: Page, html: str) -> list[str]:
    """What a reader would stumble over."""
    page.set_content(html)
    page.add_script_tag(content=Path(AXE).read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(AXE_RUN)
    faults = [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.evaluate("innerWidth"):
        faults.append(f"{width} pixels wide")
    return faults


def test_every_mail_fits_its_screen_and_is_read_in_light_and_in_dark(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    mails = {f"{kind.value}, {each.value}": html_of(kind, each) for kind in NoticeKind for each in Language}
    mails |= {f"several in one, {each.value}": html_of_digest(each) for each in Language}
    assert {name: found for name, html in mails.items() if (found := list_faults(page, html))} == {}
    assert [url for url in fetched if not url.startswith(("about:", "data:"))] == [], "a mail fetched something"


def test_the_button_is_large_enough_for_a_thumb_and_its_words_stand_out_in_dark_as_well(page: Page) -> None:
    page.set_content(html_of(NoticeKind.PLACEMENT_ASSIGNED, Language.VI))
    button = page.get_by_role("link", name="Xác nhận hoặc báo bận")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert button.evaluate("a => getComputedStyle(a).color") == "rgb(255, 255, 255)"


def test_a_dark_screen_gets_dark_mails(browser: Browser) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.set_content(html_of(NoticeKind.PLACEMENT_CHANGED, Language.VI))
        shades[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()
    assert shades == {"light": "rgb(238, 241, 244)", "dark": "rgb(16, 22, 29)"}
