"""Every benchmark by its name, and which of them `--only` asks for.

To add one: write a function that yields rows whose names begin with its own, and give it a name in its module's CASES.
"""

from collections.abc import Callable, Iterator

from bench import (
    api,
    engine_edits,
    engine_groups,
    engine_placement,
    engine_policies,
    engine_questions,
    engine_responsibility,
    engine_secondment,
    load,
    month,
    notifier,
    notifier_crowd,
    portal,
    rosters,
)
from bench.rows import Row

Case = Callable[[], Iterator[Row]]

MODULES = (
    engine_responsibility,
    engine_placement,
    engine_secondment,
    engine_groups,
    engine_questions,
    engine_edits,
    engine_policies,
    load,
    notifier,
    notifier_crowd,
    rosters,
    api,
    month,
    portal,
)
CASES: dict[str, Case] = {name: case for module in MODULES for name, case in module.CASES.items()}

REQUIRED = (
    "engine.a.khanhhoa",
    "engine.a.dienbien",
    "engine.a.provinces",
    "engine.a.national_100k",
    "engine.b.khanhhoa",
    "engine.b.national_100k",
    "engine.c.dienbien",
    "engine.c.national",
    "engine.d.khanhhoa",
)
"""The rows that stand for the engine's targets; docs/benchmarks.md is written only when all of them were measured."""


def select(only: str) -> dict[str, Case]:
    """The cases that have rows beginning with `only`; nothing else is computed."""
    return {name: case for name, case in CASES.items() if name.startswith(only) or only.startswith(f"{name}.")}
