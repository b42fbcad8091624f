"""What is said of each day of the month: who came, who did not and why, who came instead. Pure; the same each time."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

SEED = 2027
ABSENT_OF_A_HUNDRED = 4
REASONS = ("Ốm", "Trùng lịch thi", "Việc gia đình")
FEWEST_DAYS = 6
"""Of who is replaced: a person whose days would be missed."""


@dataclass(frozen=True)
class DayWord:
    """What the commune says of one placed date."""

    volunteer_id: str
    commune_code: str
    serves_on: date
    outcome: str
    reason: str = ""
    replaced_by_volunteer_id: str | None = None

    def as_tick(self, *, ticked_at: str) -> dict[str, Any]:
        facts = asdict(self)
        del facts["commune_code"]
        key = f"{self.volunteer_id}-{self.serves_on}"
        return facts | {"serves_on": self.serves_on.isoformat(), "key": key, "ticked_at": ticked_at}


@dataclass(frozen=True)
class Replacement:
    """From that date on another of the same school comes."""

    leaver: Mapping[str, Any]
    stand_in: Mapping[str, Any]
    from_on: date


def choose_replacement(placements: Sequence[Mapping[str, Any]], *, from_on: date, avoid: Iterable[str]) -> Replacement:
    """Somebody with many days to come, and one of the same school who serves on none of them."""
    kept_out = set(avoid)
    for leaver in sorted(placements, key=lambda row: str(row["volunteer_id"])):
        to_come = {day for day in leaver["dates"] if day >= from_on.isoformat()}
        if len(to_come) < FEWEST_DAYS or leaver["commune_code"] in kept_out:
            continue
        for other in placements:
            is_free = other["school_code"] == leaver["school_code"] and not to_come & set(other["dates"])
            if is_free and other["volunteer_id"] != leaver["volunteer_id"]:
                return Replacement(leaver, other, from_on)
    raise RuntimeError("nobody can be replaced by another of the same school")


def foresee(placements: Sequence[Mapping[str, Any]], replacement: Replacement) -> list[DayWord]:
    """One word a placed date, by date."""
    chance = random.Random(SEED)
    words = []
    for row in sorted(placements, key=lambda row: str(row["volunteer_id"])):
        is_leaver = row["volunteer_id"] == replacement.leaver["volunteer_id"]
        for day in map(date.fromisoformat, row["dates"]):
            place = (str(row["volunteer_id"]), str(row["commune_code"]), day)
            if is_leaver and day >= replacement.from_on:
                stand_in = str(replacement.stand_in["volunteer_id"])
                words.append(DayWord(*place, "replaced", replaced_by_volunteer_id=stand_in))
            elif chance.randrange(100) < ABSENT_OF_A_HUNDRED:
                words.append(DayWord(*place, "absent", chance.choice(REASONS)))
            else:
                words.append(DayWord(*place, "present"))
    return sorted(words, key=lambda word: (word.serves_on, word.volunteer_id))
