"""Vietnamese words of refusals are for officers: no state as the program spells it, no field's name but in brackets."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.tracked import ROOT, tracked_files

PARTS = ("services/roster-api/roster_api", "services/notifier/notifier")
STATES = frozenset({"status", "state", "value"})
IDENTIFIER = re.compile(r"(?<![\w(/.{])[a-z]+(?:_[a-z]+)+(?![\w.])")


def vietnamese(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "vi":
            yield node.value


def faults_of(words: ast.AST) -> Iterator[str]:
    match words:
        case ast.FormattedValue(value=ast.Attribute(attr=attr)) if attr in STATES:
            yield f"{{...{attr}}} is the program's word"
        case ast.FormattedValue() | ast.Subscript():
            return
        case ast.Constant(value=str() as text):
            yield from (f"{name} is a field's name" for name in IDENTIFIER.findall(text))
    for child in ast.iter_child_nodes(words):
        yield from faults_of(child)


def test_refusals_speak_vietnamese_and_not_the_programs_words() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked_files() if path.suffix == ".py"]
    paths = [ROOT / name for name in names if name.startswith(PARTS)]
    every = [(path, words) for path in paths if "/migrations/" not in str(path) for words in vietnamese(path)]
    assert len(every) > 200, "the words are looked for where they are"
    faults = [
        f"{path.relative_to(ROOT)}:{words.lineno}: {fault}" for path, words in every for fault in faults_of(words)
    ]
    assert faults == []
