"""Forty hostile strings in every text field of the pages' forms: the browser reports no break of the page's policy."""

import pytest
from playwright.sync_api import Dialog

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack
from tests.support.hostile_words import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
WITH_WORDS = "main form[method=post]:has(input[type=text], input[type=email], textarea)"
FILL = """words => {
  const fields = "main :is(input[type=text], input[type=search], input[type=email], textarea)";
  for (const field of document.querySelectorAll(fields)) {
    if (field.readOnly) continue;
    field.removeAttribute("maxlength");
    field.value = words;
  }
}"""


def fill_every_field(visitor: Visitor, words: str) -> None:
    visitor.page.evaluate(FILL, words)


def assert_nothing_ran(visitor: Visitor, dialogs: list[str], where: str) -> None:
    assert visitor.list_violations() == [], where
    assert dialogs == [], where
    strange = "script:not([src]), iframe, base, object, embed, main img, main style, [onerror], [onload], [ontoggle]"
    assert visitor.page.locator(strange).count() == 0, where


def test_no_page_breaks_its_policy_whatever_is_typed(visit: MakeVisitor, running: PortalStack) -> None:
    officer = visit("admin")
    dialogs: list[str] = []

    def hear(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    officer.page.on("dialog", hear)
    campaign, plan = f"/campaigns/{running.campaign_id}", f"/plans/{running.published['id']}"
    searched = (f"{campaign}/needs", plan, f"{plan}/people", f"{plan}/answers", "/volunteers", "/communes", "/schools",
                f"{plan}/edit?kind=send_home")  # fmt: skip
    for number, words in enumerate(HOSTILE):
        path = searched[number % len(searched)]
        officer.go(path)
        fill_every_field(officer, words)
        officer.page.locator("main form[method=get] button").first.click()
        officer.page.wait_for_load_state()
        assert_nothing_ran(officer, dialogs, f"{path} {words}")
    everything = " ".join(words for words in HOSTILE if "\\u0000" not in repr(words))
    for path in (f"{campaign}/needs/{running.commune_code}", f"{campaign}/runs", "/settings/people"):
        officer.go(path)
        fill_every_field(officer, everything)
        typed_in = officer.page.locator(
            "main form[method=post]:has(input[type=text], input[type=email], textarea)"
        ).first
        with officer.page.expect_navigation():
            typed_in.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        assert_nothing_ran(officer, dialogs, path)
    assert not [each for each in officer.complaints if "Content Security Policy" in each or "asked for" in each]
