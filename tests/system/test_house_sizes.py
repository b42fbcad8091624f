"""Sizes: a file or a function that outgrew them wants a seam, and this says which."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.tracked import ROOT, tracked_files

FILE_LINES = 300
TEST_FILE_LINES = 400
FUNCTION_LINES = 40
LEFT_ALONE = ("tests/support/judge/",)
"""Kept as it was handed to us."""


def python_files() -> Iterator[Path]:
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and not name.startswith(LEFT_ALONE) and "/migrations/versions/" not in name:
            yield path


def test_no_file_outgrows_its_budget_of_lines() -> None:
    sizes = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in python_files()}
    budget = {name: TEST_FILE_LINES if name.startswith("tests/") else FILE_LINES for name in sizes}
    assert {name: lines for name, lines in sizes.items() if lines > budget[name]} == {}


def functions_in(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """At any depth; no expression is looked into, for none holds a function with a name."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield child
            yield from functions_in(child)


def long_functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines) of each function over its budget; what is defined inside a function counts towards it."""
    for function in functions_in(ast.parse(path.read_text())):
        if function.end_lineno is not None:
            lines = function.end_lineno - function.lineno + 1
            if lines > FUNCTION_LINES:
                yield function.name, lines


def test_no_function_outgrows_its_budget_of_lines() -> None:
    long = {
        f"{path.relative_to(ROOT).as_posix()}: {name}": n for path in python_files() for name, n in long_functions(path)
    }
    assert long == {}
