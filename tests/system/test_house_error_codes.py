"""Every error code of the services is named by a test: what no test brings about may never come, or say a wrong thing.

A code is a `domain.word` that stands with words in both languages, or as the first argument of an error.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.tracked import ROOT, tracked_files

PARTS = ("services/roster-api/", "services/notifier/", "shared/")
SHAPE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
CODES_OF_CALLS = {"EditRefused", "refuse_state", "unauthenticated"}
"""Functions and classes that take a code, beside those whose name ends in Error or that are given words."""
UNNAMED: dict[str, str] = {}
"""Code -> why no test names it."""


def shaped(node: ast.expr) -> Iterator[str]:
    """The codes that an expression may be."""
    match node:
        case ast.Constant(value=str() as text) if SHAPE.fullmatch(text):
            yield text
        case ast.IfExp():
            yield from shaped(node.body)
            yield from shaped(node.orelse)


def of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if name.endswith("Error") or name in CODES_OF_CALLS or {"vi", "en"} <= named.keys():
        for node in (*call.args, *(named[name] for name in ("code", "reason") if name in named)):
            yield from shaped(node)


def of_words(node: ast.expr, words: ast.expr) -> Iterator[str]:
    """(code, vi, en), or {code: (vi, en)}: of a table of words."""
    if isinstance(words, ast.Tuple) and len(words.elts) >= 2 and all(map(is_sentence, words.elts)):
        yield from shaped(node)


def is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and SHAPE.fullmatch(node.value) is None
    )


def codes_of(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call():
                yield from of_call(node)
            case ast.Tuple(elts=[first, *rest]) if len(rest) == 2:
                yield from of_words(first, ast.Tuple(rest))
            case ast.Dict():
                for key, words in zip(node.keys, node.values, strict=True):
                    yield from of_words(key, words) if key is not None else ()


def python_files(*starts: str) -> list[Path]:
    names = [path.relative_to(ROOT).as_posix() for path in tracked_files() if path.suffix == ".py"]
    return [ROOT / name for name in names if name.startswith(starts) and "/migrations/" not in name]


def test_every_error_code_is_named_by_a_test() -> None:
    codes = {code for path in python_files(*PARTS) for code in codes_of(path.read_text())}
    assert len(codes) > 400, "codes are looked for where they are"
    tested = "".join(path.read_text() for path in python_files("tests/") if path != Path(__file__))
    named = set(re.findall(rf"(?<![\w.]){SHAPE.pattern}(?!\w)", tested.replace("\\.", ".")))
    assert sorted(codes - named - UNNAMED.keys()) == [], "name each in a test that brings it about"
    assert sorted(UNNAMED.keys() & named) == [], "named by now"
    assert sorted(UNNAMED.keys() - codes) == [], "no code any more"
