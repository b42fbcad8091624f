"""The layouts that services send are those that their sources compile to, and no service compiles."""

import runpy
from pathlib import Path

import pytest
from notifier.layout import TEMPLATES

COMPILED: dict[Path, str] = runpy.run_path(str(Path(__file__).parents[2] / "deploy/mail_layouts.py"))["compile_all"]()


def test_every_layout_with_a_text_has_a_source() -> None:
    texts = {path.stem for path in TEMPLATES.glob("*.txt")}
    assert {path.stem for path in COMPILED} == texts != set()


@pytest.mark.parametrize("compiled", COMPILED, ids=lambda path: path.stem)
def test_a_compiled_layout_is_what_its_source_says_today(compiled: Path) -> None:
    assert compiled.read_text("utf-8") == COMPILED[compiled], "run: make layouts"
