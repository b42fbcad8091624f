"""English counts a single one as one: whoever writes a number before a plural asks commune_schemas.amounts.

Templates ask it by `count` (the number and its noun) and `noun` (the noun alone, of a tile).
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from commune_schemas.amounts import amount

from tests.support.tracked import ROOT, tracked_files

PARTS = (
    "services/roster-api/roster_api",
    "services/matching-worker/matching_worker",
    "services/notifier/notifier",
    "portal/commune_portal",
    "demo/commune_demo",
    "shared/commune_verify",
    "shared/commune_calendar",
    "shared/commune_schemas",
)
TEMPLATES = "portal/commune_portal/templates/"
NOT_READ = ("/migrations/",)
NOUNS = (
    "communes people days schools rows lines messages segments minutes hours places posts person-days times supervisors"
    " supports overseers digits sheets runs dates changes columns faults files decisions certificates attendances"
    " results absences reasons events groups calls pairs points steps fields types sessions courses vacancies"
    " blockers provinces ticks years weeks"
)
ADJECTIVES = "new more such other further supervised working text different open starting calendar"
PLURAL = rf"(?:(?:{ADJECTIVES.replace(' ', '|')}) )?(?:{NOUNS.replace(' ', '|')})\b"
COUNTED = re.compile(rf"^ {PLURAL}")
OUTPUT = r"\{\{-? (?!say\(|word\(|view\.pick\()(?:(?!\}\}).)+\}\}"
SAID = rf'say\("[^"]*", "(?:{PLURAL}|are |have |were |who are )'
IN_TEMPLATES = re.compile(
    rf"{OUTPUT}(?:\s|</?[a-z][^>]*>)*\{{\{{-? {SAID}"
    rf"|parts\.tile\((?:(?!parts\.tile| / ).)+?\|(?:number|length|sum), {SAID}"
    rf'|~ " ?{PLURAL}'
)
"""A number and then the plural: side by side, tags between them; on a tile; or joined."""


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


def plurals_in(template: str) -> Iterator[str]:
    for line in template.splitlines():
        yield from (match[0] for match in IN_TEMPLATES.finditer(line))


def test_no_template_writes_a_number_before_a_plural_by_itself() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked_files() if path.suffix == ".html"]
    names = [name for name in names if name.startswith(TEMPLATES)]
    assert len(names) > 80
    faults = [f"{name}: {words}" for name in names for words in plurals_in((ROOT / name).read_text(encoding="utf-8"))]
    assert faults == []


@pytest.mark.parametrize(
    ("template", "is_seen"),
    [
        ('{{ n|number }} {{ say("tin", "messages") }}', True),
        ('<b>{{ n }}</b> {{ say("người", "people") }}', True),
        ('{{ c.new }} {{ say("người mới", "new people") }}', True),
        ('{{ n }} {{ say("người im lặng", "who are silent") }}', True),
        ('{{ parts.tile(n|number, say("người được chi", "people paid"), "#x") }}', True),
        ('{{ say("và " ~ n ~ " xã", "and " ~ n ~ " communes") }}', True),
        ('{{ count(n, "tin", "message") }}', False),
        ('{{ parts.tile(n|number, noun(n, "người", "person")) }}', False),
        ('<th>{{ say("Người", "People") }}</th>', False),
        ('{{ word("level", level) }} <span>{{ say("trường", "schools") }}</span>', False),
        ('{{ parts.tile(a|number ~ " / " ~ b|number, say("ngày", "days served / due")) }}', False),
    ],
)
def test_the_look_out_reads_templates(template: str, *, is_seen: bool) -> None:
    assert bool(list(plurals_in(template))) is is_seen


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
