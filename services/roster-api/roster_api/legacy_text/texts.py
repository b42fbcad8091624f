"""One text put right: a string that says what it was, or that nobody can tell."""

from roster_api.legacy_text.legacies import Legacy
from roster_api.legacy_text.lookalikes import without_lookalikes
from roster_api.legacy_text.repair import Evidence, UnclearError, judge, repair


class RepairedText(str):
    """A text put right; `before` is what was written."""

    __slots__ = ("before", "legacy")
    legacy: Legacy
    before: str


class UnclearText(str):
    """A text that is no Vietnamese as it stands, and nobody can tell what it was."""

    __slots__ = ()


def repair_text(text: str, evidence: Evidence | None = None, *, font: Legacy | None = None) -> str:
    """The text itself, or a RepairedText or UnclearText in its place."""
    verdict = judge(text)
    if (verdict.is_good and not verdict.fits) or (not verdict.is_good and _stands_but_for_lookalikes(text)):
        return text
    try:
        repaired = repair(text, evidence or Evidence(), font=font)
    except UnclearError:
        return UnclearText(text)
    if repaired is None:
        return text
    made = RepairedText(repaired[1])
    made.legacy, made.before = repaired[0], text
    return made


def _stands_but_for_lookalikes(text: str) -> bool:
    plain, changed = without_lookalikes(text)
    return bool(changed) and judge(plain).is_good and not any(char in "‘´`" for char in changed)
