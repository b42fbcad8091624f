"""Every numbered rule of the docs has the function that enforces it and a test that breaks it."""

import ast
import importlib
import re

from tests.support.tracked import ROOT

RULE = re.compile(r"^\| ([A-Z]\d+) \|", re.MULTILINE)


def test_every_numbered_rule_names_a_function_and_a_test_that_exist() -> None:
    stated = {
        number for page in ("domain.md", "national.md") for number in RULE.findall((ROOT / "docs" / page).read_text())
    }
    table = (ROOT / "docs" / "rules.md").read_text()
    rows = re.findall(r"^\| ([A-Z]\d+) \| `([\w.]+):(\w+)` \| `([\w/.]+)::(\w+)` \|$", table, re.MULTILINE)
    assert stated == {number for number, *_ in rows}
    assert len(rows) == len(RULE.findall(table))
    for number, module, function, path, test in rows:
        assert callable(getattr(importlib.import_module(module), function, None)), number
        names = {
            node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)
        }
        assert test in names, number
