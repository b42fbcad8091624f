"""A plan as it is moved about by hand: who leads and supports which commune, who serves where on which days. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from roster_api.editing.facts import Pair
from roster_api.plans.drafts import PlanContent


@dataclass(frozen=True)
class Place:
    """Where a person serves, on which weekdays, for so many days a week in each field."""

    commune: str
    weekdays: tuple[int, ...]
    work: Mapping[str, int] = field(default_factory=dict)

    @property
    def idle(self) -> int:
        return len(self.weekdays) - sum(self.work.values())


@dataclass
class Board:
    leads: dict[str, str]
    supports: set[Pair]
    promised: dict[Pair, dict[str, int]]
    places: dict[str, Place]
    """By person."""
    undone: dict[Pair, tuple[int, int]] = field(default_factory=dict)
    """(commune, field) -> (needed, unmet), of what is not met."""

    def copy(self) -> "Board":
        return Board(
            leads=dict(self.leads),
            supports=set(self.supports),
            promised={pair: dict(days) for pair, days in self.promised.items()},
            places=dict(self.places),
            undone=dict(self.undone),
        )

    def list_schools(self, commune: str) -> list[str]:
        """Who serves the commune, the lead before its supports."""
        lead = [self.leads[commune]] if commune in self.leads else []
        return [*lead, *sorted(school for code, school in self.supports if code == commune)]

    def list_communes(self, school: str) -> list[str]:
        led = {commune for commune, lead in self.leads.items() if lead == school}
        return sorted(led | {commune for commune, support in self.supports if support == school})

    def list_people(self, commune: str) -> list[str]:
        return sorted(person for person, place in self.places.items() if place.commune == commune)

    def count_work(self, commune: str) -> Counter[str]:
        """Person-days a week by field."""
        done: Counter[str] = Counter()
        for place in self.places.values():
            if place.commune == commune:
                done.update(place.work)
        return done


def read_board(content: PlanContent) -> Board:
    return Board(
        leads={row.commune_code: row.school_code for row in content.responsibilities if row.is_lead},
        supports={(row.commune_code, row.school_code) for row in content.responsibilities if not row.is_lead},
        promised={(row.commune_code, row.school_code): dict(row.promised_days) for row in content.responsibilities},
        places={
            str(row.volunteer_id): Place(row.commune_code, tuple(sorted(row.weekdays)), dict(row.work_days))
            for row in content.placements
        },
        undone={(row.commune_code, row.field): (row.needed_days, row.unmet_days) for row in content.shortfalls},
    )
