"""Ways of acting in a browser: a journey says what is done; a way does it by pointer, by keyboard alone, by thumb."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOST_STEPS = 400
NEXT_KEYS = """target => {
  const on = document.activeElement;
  if (on === target) return null;
  if (on.type === "radio" && on.name === target.name && on.form === target.form) return ["ArrowDown", 1];
  const back = on.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  const steps = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter(each => each.tabIndex >= 0 && each.checkVisibility() && !each.disabled);
  const [from, to] = [on, target].map(each => steps.indexOf(each));
  return [back ? "Shift+Tab" : "Tab", from < 0 ? 1 : Math.max(1, Math.abs(to - from) - 5)];
}"""
"""[key, how often] that brings the focus nearer to an element, a little short of it; null where it is there."""
CHOSEN = "select => select.selectedOptions[0].textContent"


class Pointer:
    """As somebody with a mouse; without scripts, too."""

    def touch(self, target: Locator) -> None:
        target.first.click()

    def write(self, target: Locator, words: str) -> None:
        target.first.fill(words)

    def choose(self, target: Locator, words: str) -> None:
        """The first option with these words."""
        option = target.first.locator("option", has_text=words).first
        target.first.select_option(label=(option.text_content() or "").strip())

    def attach(self, target: Locator, file: Path) -> None:
        with target.page.expect_file_chooser() as chooser:
            self.touch(target)
        chooser.value.set_files(file)


class Thumb(Pointer):
    """As somebody with a phone: nothing that is touched or written lies on a page to be pushed sideways."""

    def touch(self, target: Locator) -> None:
        check_width(target)
        super().touch(target)

    def write(self, target: Locator, words: str) -> None:
        check_width(target)
        super().write(target, words)


class Keys(Pointer):
    """By keyboard alone: the focus is brought to each thing by the keys that people press."""

    def touch(self, target: Locator) -> None:
        reach(target)
        kind = target.first.evaluate("target => target.type")
        if kind not in {"checkbox", "radio"}:
            target.page.keyboard.press("Enter")
        elif not target.first.is_checked():  # an arrow that leads to a choice makes it
            target.page.keyboard.press("Space")

    def write(self, target: Locator, words: str) -> None:
        reach(target)
        target.page.keyboard.press("Control+A")
        target.page.keyboard.type(words)

    def choose(self, target: Locator, words: str) -> None:
        reach(target)
        target.page.keyboard.press("Home")
        for _ in range(MOST_STEPS):
            if words in target.first.evaluate(CHOSEN):
                return
            target.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no option says {words!r}")


def check_width(target: Locator) -> None:
    """Of the page that the target is on."""
    target.first.wait_for()
    wider = int(target.page.evaluate(OVERFLOW))
    assert wider <= 1, f"{target.page.url} is {wider} px too wide"


def reach(target: Locator) -> None:
    """By the keys alone; AssertionError where they do not lead there."""
    target.first.wait_for()
    pressed = 0
    while keys := target.first.evaluate(NEXT_KEYS):
        key, times = keys
        for _ in range(times):
            target.page.keyboard.press(key)
        pressed += times
        assert pressed <= MOST_STEPS, f"no step of {MOST_STEPS} leads to {target}"


@dataclass(frozen=True)
class Way:
    """How a journey is played."""

    name: str
    hand: Pointer = field(default_factory=Pointer)
    phone: bool = False
    scripts: bool = True


BY_KEYBOARD = Way("by keyboard alone", Keys())
WITHOUT_SCRIPTS = Way("without scripts", scripts=False)
ON_A_PHONE = Way("on a phone", Thumb(), phone=True)
WAYS = [BY_KEYBOARD, WITHOUT_SCRIPTS, ON_A_PHONE]
EACH_WAY = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
