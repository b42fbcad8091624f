"""One line of a benchmark: a value, what it is held against, whether its target was met. The one way to make one."""

import math
from typing import Any

Row = dict[str, Any]
"""{name, value, unit, ceiling, ratio, target, target_kind, met} and further facts, ready for JSON."""

DIGITS = 6


def make_row(
    name: str,
    value: float,
    unit: str,
    *,
    ceiling: float | None = None,
    at_most: float | None = None,
    at_least: float | None = None,
    ratio_at_most: float | None = None,
    **facts: Any,
) -> Row:
    """`ceiling` is the bare thing measured in the same run on the same input; the ratio is value / ceiling.

    At most one target: on the value, or on the ratio. A row without one only compares: `met` is None.
    """
    ratio = value / ceiling if ceiling else None
    targets = {"at_most": at_most, "at_least": at_least, "ratio_at_most": ratio_at_most}
    kind = next((kind for kind, target in targets.items() if target is not None), None)
    target = None if kind is None else targets[kind]
    return {
        "name": name,
        "value": short(value),
        "unit": unit,
        "ceiling": short(ceiling),
        "ratio": short(ratio),
        "target": target,
        "target_kind": kind,
        "met": None if target is None else is_met(ratio if kind == "ratio_at_most" else value, kind, target),
        **{fact: short(stated) if isinstance(stated, float) else stated for fact, stated in facts.items()},
    }


def is_met(reached: float | None, kind: str | None, target: float) -> bool:
    if reached is None:
        return False
    return reached >= target if kind == "at_least" else reached <= target


def case_rows(
    case: str, seconds: float, details: list[Row], *, ceiling: float | None, at_most: float | None, **facts: Any
) -> list[Row]:
    """The case's own row, met only if the targets of all its details are, and its details after it.

    `missed_by` names what missed: `seconds`, its own, and details by what follows the case's name.
    """
    row = make_row(case, seconds, "s", ceiling=ceiling, at_most=at_most, **facts)
    judged = [one["met"] for one in (row, *details) if one["met"] is not None]
    missed = [one["name"].removeprefix(f"{case}.") for one in details if one["met"] is False]
    missed = [*(["seconds"] if row["met"] is False else []), *missed]
    return [{**row, "met": all(judged) if judged else None, "missed_by": missed}, *details]


def growth_row(name: str, curve: str, size: int, seconds: float, **facts: Any) -> Row:
    """One point of a curve of the plot; a curve may gather its points from several cases."""
    return make_row(name, seconds, "s", curve=curve, size=size, **facts)


def short(value: float | None) -> float | int | None:
    """Few digits, and nothing that JSON does not know."""
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else round(value, DIGITS)
