"""One line of a benchmark: a value, what it is held against, and whether the target was met."""

from typing import Any

Row = dict[str, Any]
"""{name, value, unit, ceiling, ratio, target, met}, ready for JSON."""


def make_row(
    name: str,
    value: float,
    unit: str,
    *,
    ceiling: float | None = None,
    target: float | None = None,
    met: bool | None = None,
) -> Row:
    """`ceiling` is the bare thing measured in the same run on the same input; the ratio is value / ceiling."""
    against = {"ceiling": ceiling, "ratio": value / ceiling if ceiling else None, "target": target, "met": met}
    return {"name": name, "value": value, "unit": unit, **against}
