"""What people are owed, pure: days that were confirmed times rates, in whole đồng. No rounding, for nothing is divided.

An entitlement is one rate earned once: by a day of service, or by a month of travel. A statement pays the difference
between what is owed now and what approved statements hold: what changes after an approval becomes a correction line.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Component(StrEnum):
    SERVICE_DAY = "service_day"  # of each day served
    DISTANCE_DAY = "distance_day"  # of each day served that far away
    REMOTE_DAY = "remote_day"  # of each day served in a commune that is hard to reach
    TRAVEL_MONTH = "travel_month"  # once a month, of whoever served enough days in it


@dataclass(frozen=True)
class Rate:
    """`role` None: of every role that has no rate of its own. A band is from_m <= distance < to_m; None: no bound."""

    id: UUID
    component: Component
    role: str | None
    valid_from: date
    valid_until: date | None
    amount_vnd: int
    from_m: int = 0
    to_m: int | None = None
    min_days: int = 1

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def reaches(self, distance_m: int) -> bool:
        return self.from_m <= distance_m and (self.to_m is None or distance_m < self.to_m)


class ServedDay(NamedTuple):
    """A confirmed day: who was there, of which school, where."""

    volunteer_id: UUID
    role: str
    school_id: UUID
    serves_on: date
    commune_code: str
    distance_m: int
    is_remote: bool


class Entitlement(NamedTuple):
    """`day`: the day served; for a month of travel the month's first day."""

    volunteer_id: UUID
    school_id: UUID
    component: Component
    rate_id: UUID
    day: date
    amount_vnd: int


@dataclass(frozen=True)
class Line:
    """One rate of one person in a statement. `sign` -1: taken back, for the day is not confirmed any more."""

    volunteer_id: UUID
    component: Component
    rate_id: UUID
    days: tuple[date, ...]
    sign: int
    unit_vnd: int

    @property
    def amount_vnd(self) -> int:
        return self.sign * self.unit_vnd * len(self.days)


class Unrated(NamedTuple):
    """A confirmed day that no daily rate covers."""

    role: str
    day: date


class _RateBook:
    """Looks up each rate once: a province's month asks for the same one thousands of times."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        self._rates = rates
        self._known: dict[tuple[Component, str, date, int], Rate | None] = {}

    def find(self, component: Component, role: str, day: date, distance_m: int) -> Rate | None:
        """The rate of the role; else the one of every role."""
        key = (component, role, day, distance_m)
        if key not in self._known:
            fitting = [
                rate
                for rate in self._rates
                if rate.component is component
                and rate.role in {role, None}
                and rate.holds_on(day)
                and rate.reaches(distance_m)
            ]
            self._known[key] = max(fitting, key=lambda rate: rate.role is not None, default=None)
        return self._known[key]


def list_unrated(days: Iterable[ServedDay], rates: Sequence[Rate]) -> list[Unrated]:
    """Each role and day once, in order: a statement is not made while there are any."""
    book = _RateBook(rates)
    return sorted(
        {
            Unrated(day.role, day.serves_on)
            for day in days
            if book.find(Component.SERVICE_DAY, day.role, day.serves_on, day.distance_m) is None
        }
    )


def list_entitlements(days: Iterable[ServedDay], rates: Sequence[Rate]) -> set[Entitlement]:
    """Everything that these confirmed days of one month earn."""
    book = _RateBook(rates)
    earned: set[Entitlement] = set()
    by_person: dict[UUID, list[ServedDay]] = defaultdict(list)
    for day in days:
        by_person[day.volunteer_id].append(day)
        components = [Component.SERVICE_DAY, Component.DISTANCE_DAY]
        if day.is_remote:
            components.append(Component.REMOTE_DAY)
        for component in components:
            rate = book.find(component, day.role, day.serves_on, day.distance_m)
            if rate is not None:
                earned.add(_earn(day, rate, day.serves_on))
    for served in by_person.values():
        earned |= _list_travel(served, book)
    return earned


def _list_travel(served: Sequence[ServedDay], book: _RateBook) -> set[Entitlement]:
    """Of one person, month by month, by the rate of the month's last day of service."""
    months: dict[date, list[ServedDay]] = defaultdict(list)
    for day in served:
        months[day.serves_on.replace(day=1)].append(day)
    earned = set()
    for month, days in months.items():
        last = max(days, key=lambda day: day.serves_on)
        rate = book.find(Component.TRAVEL_MONTH, last.role, last.serves_on, last.distance_m)
        if rate is not None and len({day.serves_on for day in days}) >= rate.min_days:
            earned.add(_earn(last, rate, month))
    return earned


def _earn(day: ServedDay, rate: Rate, on: date) -> Entitlement:
    return Entitlement(day.volunteer_id, day.school_id, rate.component, rate.id, on, rate.amount_vnd)


def make_lines(owed: Collection[Entitlement], held: Collection[Entitlement]) -> dict[UUID, list[Line]]:
    """By school: what is owed and not held, and, taken back, what is held and not owed. In a stable order."""
    grouped: dict[tuple[UUID, UUID, Component, UUID, int, int], list[date]] = defaultdict(list)
    for sign, entitlements in ((1, set(owed) - set(held)), (-1, set(held) - set(owed))):
        for each in entitlements:
            key = (each.school_id, each.volunteer_id, each.component, each.rate_id, sign, each.amount_vnd)
            grouped[key].append(each.day)
    lines: dict[UUID, list[Line]] = defaultdict(list)
    for (school_id, person, component, rate_id, sign, unit_vnd), days in sorted(grouped.items()):
        lines[school_id].append(Line(person, component, rate_id, tuple(sorted(days)), sign, unit_vnd))
    return lines


def net(lines: Iterable[tuple[UUID, Line]]) -> set[Entitlement]:
    """What approved statements, the oldest first, hold together; each line with its statement's school."""
    held: set[Entitlement] = set()
    for school_id, line in lines:
        for day in line.days:
            each = Entitlement(line.volunteer_id, school_id, line.component, line.rate_id, day, line.unit_vnd)
            if line.sign > 0:
                held.add(each)
            else:
                held.discard(each)
    return held


def sum_lines(lines: Iterable[Line]) -> int:
    return sum(line.amount_vnd for line in lines)


def sum_by_person(lines: Iterable[Line]) -> dict[UUID, int]:
    sums: dict[UUID, int] = defaultdict(int)
    for line in lines:
        sums[line.volunteer_id] += line.amount_vnd
    return dict(sums)
