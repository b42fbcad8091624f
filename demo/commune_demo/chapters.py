"""What happens around the main plan: each chapter's facts, its words for the report, and whatever was not right."""

from dataclasses import dataclass, field


@dataclass
class Chapter:
    """`name` is its key in summary.json; `lines` are (Vietnamese, English), in the order of events."""

    name: str
    title_vi: str
    title_en: str
    facts: dict[str, int | str] = field(default_factory=dict)
    lines: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def tell(self, vi: str, en: str) -> None:
        self.lines.append((vi, en))

    def expect(self, name: str, *, wanted: int, came: int) -> None:
        """Keeps the number; another than wanted is a fault."""
        self.facts[name] = came
        if came != wanted:
            self.faults.append(f"{self.name}: {name} is {came} instead of {wanted}")
