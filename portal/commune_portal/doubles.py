"""A list's doubtful rows as a page shows them: each row once, beside everybody that it may be."""

from dataclasses import dataclass, field
from typing import Any

SAME_AS = "same_as"


@dataclass
class DoubtfulRow:
    """A row of the file, and everybody that it may be. `choices`: (value of the form, kind, name of the person)."""

    listed: dict[str, Any]
    beside: list[dict[str, Any]] = field(default_factory=list)
    choices: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, doubt: dict[str, Any]) -> None:
        person = doubt["beside"]["volunteer_id"]
        self.beside.append(doubt["beside"])
        for kind in doubt["choices"]:
            if kind == SAME_AS and person is None:
                continue
            choice = (
                (f"{SAME_AS}:{person}", kind, doubt["beside"]["full_name"]) if kind == SAME_AS else (kind, kind, "")
            )
            if choice not in self.choices:
                self.choices.append(choice)


def by_row(doubts: list[dict[str, Any]]) -> list[DoubtfulRow]:
    """Each row once, in the file's order."""
    rows: dict[tuple[str, int], DoubtfulRow] = {}
    for doubt in doubts:
        rows.setdefault((doubt["sheet"], doubt["row"]), DoubtfulRow(doubt["listed"])).take(doubt)
    return list(rows.values())
