"""What a browser must load before it shows anything: the weights of the built assets, as they travel."""

import gzip
import re

import pytest

from tests.support.tracked import ROOT

STATIC = ROOT / "portal" / "commune_portal" / "static"
BUILT = STATIC / "built"
KB = 1000


def travelling(*names: str) -> int:
    """Bytes after compression."""
    return sum(len(gzip.compress((BUILT / name).read_bytes(), 6)) for name in names)


@pytest.mark.parametrize(
    ("names", "budget"), [(("portal.css",), 8 * KB), (("htmx.js", "portal.js"), 40 * KB)], ids=["stylesheet", "scripts"]
)
def test_stylesheet_and_scripts_keep_their_budgets(names: tuple[str, ...], budget: int) -> None:
    assert travelling(*names) <= budget


def test_the_fonts_keep_their_budget() -> None:
    fonts = list(BUILT.glob("*.woff2"))
    assert len(fonts) == 4
    assert sum(font.stat().st_size for font in fonts) <= 70 * KB


def test_nothing_is_loaded_from_another_host() -> None:
    """Of the pages' own sources; the browser tests look at what is really asked for."""
    templates = [file.read_text() for file in (ROOT / "portal" / "commune_portal" / "templates").glob("*.html")]
    assert not [found for text in templates for found in re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', text)]
    assert "http" not in (BUILT / "portal.css").read_text()


def test_no_page_has_a_style_or_a_script_of_its_own() -> None:
    """The policy would refuse it, and the page would look broken."""
    for file in (ROOT / "portal" / "commune_portal" / "templates").glob("*.html"):
        text = file.read_text()
        assert not re.search(r'<style|\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)', text), file.name
