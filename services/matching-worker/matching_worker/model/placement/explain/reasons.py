"""What is told of a need that stays unmet in stage B: the reason, and two mends."""

from dataclasses import dataclass

Both = tuple[str, str]


@dataclass(frozen=True)
class Newcomer:
    """One more lecturer of the school, free all week, who knows the field; everyone else stays as planned."""

    days: tuple[int, ...]
    mended: int
    effect: dict[str, int]
    """Change of each level."""
    beyond_cap: int
    """So many more changes would have to be allowed (P9); 0 as a rule."""
    vi: str
    en: str


@dataclass(frozen=True)
class Mend:
    """The one person (with their team) whose coming would help at the least cost to the whole plan."""

    person: str
    origin: str | None
    """The commune they would leave; None = they stay at home now."""
    effect: dict[str, int]
    beyond_cap: int
    vi: str
    en: str


@dataclass(frozen=True)
class UnmetReasons:
    """Why some need of a commune stays unmet, and what would meet more of it."""

    commune: str
    field: str | None
    """None when people are missing: on a weekday, or of the heads that the commune asks for (no weekday either)."""
    weekday: int | None
    missing: int
    rule: str | None
    """What keeps more from being done; None when nothing does, and the plan is not the best."""
    able: int
    """People who may go there and could help with it."""
    placed_elsewhere: int
    vi: str
    en: str
    newcomer: Newcomer
    mend: Mend | None
    """None when nobody's coming would help."""


@dataclass(frozen=True)
class Lack:
    """So many days of a field, people on a weekday, or (neither) heads asked for, missing at a commune (by number)."""

    commune: int
    field: str | None
    weekday: int | None
    missing: int

    @property
    def is_of_people(self) -> bool:
        return self.field is None and self.weekday is None
