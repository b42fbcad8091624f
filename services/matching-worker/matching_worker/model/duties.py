"""Who does which field where a plan leaves that open: people whose place is as before also keep their work of before.

A commune's field days all weigh alike, so the work of those present can be shared out anew as long as as much of it is
done; nobody is then told of other duties without a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commune_schemas.documents import PlacementCommune, PlacementDocument, PlacementSolution, PlacementVolunteer

Work = Mapping[str, int]
"""Days by field."""


@dataclass
class Sharing:
    """One commune's work, shared out a day at a time; a day given may be moved to another field for the next one."""

    need: dict[str, int]
    knows: dict[str, list[str]]
    given: dict[tuple[str, str], int] = field(default_factory=dict)
    """(person, field) -> days."""

    def give_day(self, person: str, tried: set[str]) -> bool:
        for name in self.knows[person]:
            if name in tried:
                continue
            tried.add(name)
            holders = [other for (other, held), days in self.given.items() if held == name and days]
            if sum(self.given[other, name] for other in holders) < self.need.get(name, 0):
                self._add(person, name, 1)
                return True
            for other in holders:
                if self.give_day(other, tried):
                    self._add(other, name, -1)
                    self._add(person, name, 1)
                    return True
        return False

    def _add(self, person: str, name: str, days: int) -> None:
        self.given[person, name] = self.given.get((person, name), 0) + days


def keep_duties(
    document: PlacementDocument, plan: PlacementSolution, previous: Mapping[str, Work]
) -> PlacementSolution:
    """The plan with as much work done in each commune, by people who keep their `previous` work where they can."""
    people = {person.id: person for person in document.volunteers}
    present: dict[str, dict[str, int]] = {}
    same: dict[str, list[str]] = {}
    for person, commune, days in sorted(plan.place):
        present.setdefault(commune, {})[person] = len(days)
        if is_as_before(people[person], commune, days) and previous.get(person):
            same.setdefault(commune, []).append(person)
    communes = {commune.id: commune for commune in document.communes}
    work = [row for row in plan.work if row[1] not in same]
    for name, keepers in same.items():
        now = [row for row in plan.work if row[1] == name]
        wanted = sum(days for *_, days in now)
        shared = share_out(communes[name], people, present[name], keepers, previous, wanted)
        work += now if shared is None else [(p, name, f, days) for (p, f), days in shared.items() if days]
    return plan.model_copy(update={"work": sorted(work)})


def is_as_before(person: PlacementVolunteer, commune: str, days: list[int]) -> bool:
    return person.previous_commune == commune and sorted(person.previous_days) == sorted(days)


def share_out(
    commune: PlacementCommune,
    people: Mapping[str, PlacementVolunteer],
    present: Mapping[str, int],
    same: list[str],
    previous: Mapping[str, Work],
    wanted: int,
) -> dict[tuple[str, str], int] | None:
    """The commune's work with the previous work of as many of `same` as can be; None where it cannot reach `wanted`."""
    kept: dict[str, Work] = {}
    best = fill(commune, people, present, kept)
    if sum(best.values()) < wanted:
        return None
    for person in same:
        trial = kept | {person: previous[person]}
        if not is_possible(commune, people[person], present[person], trial):
            continue
        shared = fill(commune, people, present, trial)
        if sum(shared.values()) >= wanted:
            kept, best = trial, shared
    return best


def is_possible(commune: PlacementCommune, person: PlacementVolunteer, days: int, kept: Mapping[str, Work]) -> bool:
    """Whether the person still can do that work, and the commune still needs it beside what others keep."""
    own = kept[person.id]
    total: dict[str, int] = {}
    for work in kept.values():
        for name, count in work.items():
            total[name] = total.get(name, 0) + count
    is_needed = all(count <= commune.need.get(name, 0) for name, count in total.items())
    return is_needed and set(own) <= set(person.skills) and sum(own.values()) <= days


def fill(
    commune: PlacementCommune,
    people: Mapping[str, PlacementVolunteer],
    present: Mapping[str, int],
    kept: Mapping[str, Work],
) -> dict[tuple[str, str], int]:
    """As much work as those present can do when `kept` people do exactly what is said there."""
    need = dict(commune.need)
    given = {(person, name): days for person, work in kept.items() for name, days in work.items()}
    for (_, name), days in given.items():
        need[name] -= days
    others = [person for person in sorted(present) if person not in kept]
    sharing = Sharing(need, {person: sorted(people[person].skills) for person in others})
    for person in others:
        for _ in range(present[person]):
            if not sharing.give_day(person, set()):
                break
    return given | sharing.given
