"""What a judge of a plan answers with."""

from collections.abc import Mapping
from dataclasses import dataclass

Objective = Mapping[str, int]
"""Objective levels by name, in lexicographic order, most important first; smaller is better in each."""


@dataclass(frozen=True)
class Verdict:
    """What verify() found from the two documents alone. `objective` is recomputed from scratch."""

    violations: tuple[str, ...]
    objective: Objective

    @property
    def accepted(self) -> bool:
        return not self.violations
