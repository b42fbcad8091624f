"""Names that say what a thing is: four words that could mean anything name nothing that is public."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.tracked import ROOT, tracked_files

VAGUE = frozenset({"one", "said", "told", "found"})
PARTS = ("services", "shared", "deploy", "demo", "portal", "bench")
KEPT = {
    # In the database since the first release; an old release reads it while a new one starts.
    "services/roster-api/roster_api/plans/models.py: told",
    "services/roster-api/roster_api/plans/frozen.py: told",
    "services/roster-api/roster_api/plans/reserve.py: told",
    # In the API, and in findings of lists that are stored.
    "services/roster-api/roster_api/rosters/schemas.py: found",
    "services/roster-api/roster_api/rosters/commits.py: found",
    "services/roster-api/roster_api/rosters/previews.py: found",
    # A field of the form on the personal page, which stays open on a phone while a release changes.
    "services/roster-api/roster_api/answers/routes.py: told",
    "demo/commune_demo/officer.py: told",
}
"""Stored data and clients of the API know these; CONTRIBUTING says why each stays."""


def public_names(path: Path) -> Iterator[str]:
    """Modules, classes, functions, parameters of public functions, fields, globals, keywords, keys of data."""
    yield path.stem
    yield from names_in(ast.parse(path.read_text()), is_local=False)


def names_in(node: ast.AST, *, is_local: bool) -> Iterator[str]:
    """`is_local`: inside a function, where a plain variable or function is nobody else's business."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if not is_local:
                    yield child.name
                    yield from parameters_of(child)
                yield from names_in(child, is_local=True)
                continue
            case ast.ClassDef():
                yield child.name
                yield from names_in(child, is_local=False)
                continue
            case ast.Name(ctx=ast.Store()) if not is_local:
                yield child.id
            case ast.Attribute(ctx=ast.Store()):
                yield child.attr
            case ast.keyword(arg=str() as name):
                yield from [name, *texts([child.value] if name == "alias" else [])]
            case ast.Dict():
                yield from texts(child.keys)
            case ast.Subscript(ctx=ast.Store()):
                yield from texts([child.slice])
            case ast.comprehension():
                yield from names_in(child, is_local=True)
                continue
        yield from names_in(child, is_local=is_local)


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    if not function.name.startswith("_") or function.name == "__init__":
        given = function.args
        parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        yield from (parameter.arg for parameter in parameters if parameter is not None)


def texts(nodes: list[ast.expr] | list[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def vague_names() -> set[str]:
    vague = set()
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.startswith(tuple(f"{part}/" for part in PARTS)) and "/versions/" not in name:
            vague |= {f"{name}: {public}" for public in public_names(path) if public.lower() in VAGUE}
    return vague


def test_no_public_name_and_no_field_of_data_is_a_word_that_could_mean_anything() -> None:
    assert vague_names() - KEPT == set()


def test_every_vague_name_that_is_kept_is_still_there() -> None:
    assert KEPT - vague_names() == set()


def test_a_vague_name_is_seen_wherever_others_can_see_it(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    seen = (
        "def found(x): ...",
        "def f(one): ...",
        "class Told: ...",
        "class A:\n    said: str",
        "one = 1",
        "f(told=1)",
        "x = {'found': 1}",
        "def f(x):\n    x.said = 1",
        "def f(x):\n    x['told'] = 1",
    )
    for text in seen:
        sample.write_text(text)
        assert {name.lower() for name in public_names(sample)} & VAGUE, text
    for text in ("def f():\n    one = 1", "def _f(one): ...", "x = [one for one in f()]"):
        sample.write_text(text)
        assert not {name.lower() for name in public_names(sample)} & VAGUE, text
