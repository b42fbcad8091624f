"""English counts a single one as one: whoever writes a number before a plural asks commune_schemas.amounts."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from commune_schemas.amounts import amount

from tests.support.tracked import ROOT, tracked_files

PARTS = ("services/roster-api/roster_api", "services/matching-worker/matching_worker", "shared/commune_verify")
NOT_READ = ("/migrations/",)
NOUNS = (
    "communes people days schools rows lines messages segments minutes hours places posts person-days times supervisors"
    " supports overseers digits sheets runs dates changes columns"
)
COUNTED = re.compile(rf"^ (?:(?:new|more|such|other|further|supervised) )?(?:{NOUNS.replace(' ', '|')})\b")


def is_a_limit(value: ast.expr) -> bool:
    """One of ours, in capitals, which is more than one."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name.isupper()
    return False


def faults_of(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Words chosen by a condition are left out: "the only school" if there is one, else "one of 3 schools"."""
    if isinstance(node, ast.JoinedStr):
        for value, after in pairwise(node.values):
            counts = isinstance(value, ast.FormattedValue) and not value.format_spec and not is_a_limit(value.value)
            if counts and isinstance(after, ast.Constant) and COUNTED.match(str(after.value)):
                yield node.lineno, str(after.value)
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.IfExp) and isinstance(child, ast.JoinedStr)):
            yield from faults_of(child)


def list_paths() -> list[Path]:
    names = [path.relative_to(ROOT).as_posix() for path in tracked_files() if path.suffix == ".py"]
    return [ROOT / name for name in names if name.startswith(PARTS) and not any(part in name for part in NOT_READ)]


def test_no_message_writes_a_number_before_a_plural_by_itself() -> None:
    paths = list_paths()
    assert len(paths) > 200
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {words!r}"
        for path in paths
        for line, words in faults_of(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert faults == []


def test_the_look_out_sees_a_plural_and_lets_limits_be() -> None:
    seen = [
        words for _, words in faults_of(ast.parse('f"{n} communes", f"{MOST} rows", f"{n} of 3", f"{n} new people"'))
    ]
    assert seen == [" communes", " new people"]


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (1, ("commune",), "1 commune"),
        (0, ("commune",), "0 communes"),
        (2, ("person",), "2 people"),
        (1, ("row has", "rows have"), "1 row has"),
        (3, ("row has", "rows have"), "3 rows have"),
    ],
)
def test_one_is_counted_as_one(count: int, words: tuple[str, ...], expected: str) -> None:
    assert amount(count, *words) == expected
