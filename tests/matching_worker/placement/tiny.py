"""Tiny placement problems, and their optimum by listing every plan: knows nothing of the solver."""

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

from commune_schemas.documents import PlacementCommune, PlacementDocument, PlacementVolunteer

Points = tuple[int, int, int]
"""(unmet, changed, travel_km)."""
FIELDS = ["digitise", "kpi", "pasc"]


def make_tiny(random: Random, *, decisions: bool = True) -> PlacementDocument:
    """2-5 people, 1-3 communes; with `decisions` also pins, forbids, teams, previous places and caps."""
    communes = [
        {
            "id": f"c{index}",
            "need": {f: random.randint(0, 3) for f in random.sample(FIELDS, random.randint(1, 3))},
            "presence": [random.choice([0, 0, 1, 2]) for _ in range(5)],
            "priority": random.choice([1, 3]),
        }
        for index in range(random.randint(1, 3))
    ]
    names = [str(commune["id"]) for commune in communes]
    people = [make_person(random, index, names, decisions=decisions) for index in range(random.randint(2, 5))]
    policy: dict[str, Any] = {"students_per_lecturer": random.choice([0, 1, 2, 5])}
    if decisions and random.random() < 0.5:
        policy["keep_previous"] = random.random() < 0.6
        policy["max_changes"] = random.choice([None, 0, 1, 2, 3])
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "tiny",
            "fields": FIELDS,
            "communes": communes,
            "volunteers": people,
            "dist_m": {p["id"]: {name: random.randint(0, 60_000) for name in names} for p in people},
            "policy": policy,
        }
    )


def make_person(random: Random, index: int, communes: list[str], *, decisions: bool) -> dict[str, Any]:
    days = sorted(random.sample(range(5), random.randint(0, 3)))
    person: dict[str, Any] = {
        "id": f"p{index}",
        "role": random.choice(["lecturer", "student", "student", "teacher"]),
        "skills": dict.fromkeys(random.sample(FIELDS, random.randint(0, 2)), 1),
        "days": days,
        "max_days": random.randint(0, 3),
        "max_m": random.choice([30_000, 60_000, 60_000]),
    }
    if decisions:
        person["team"] = random.choice([None, None, None, "t1"])
        person["pinned_commune"] = random.choice([*[None] * 7, *communes])
        person["forbidden_communes"] = random.choice([[], [], [], communes[:1]])
        if random.random() < 0.5:
            person["previous_commune"] = random.choice([*communes, "elsewhere"])
            person["previous_days"] = sorted(random.sample(range(5), random.randint(0, 2))) or days[:1]
    return person


def find_optimum(document: PlacementDocument) -> tuple[int, ...] | None:
    """The objective of the best plan, level by level; None when no plan keeps every rule."""
    plans = list(list_points(document))
    cap = document.policy.max_changes
    allowed = [plan for plan in plans if cap is None or plan[1] <= cap]
    if not allowed:
        return None
    if document.policy.keep_previous:
        return min(allowed)
    return min((unmet, travel) for unmet, _, travel in allowed)


def list_points(document: PlacementDocument) -> Iterator[Points]:
    """The points of every plan worth having: for each choice of communes, the best weeks of each commune."""
    first = all(person.previous_commune is None for person in document.volunteers)
    cache: dict[tuple[str, tuple[str, ...]], list[Points]] = {}
    choices = [
        [None, *document.communes] if person.pinned_commune is None else list(document.communes)
        for person in document.volunteers
    ]
    for where in itertools.product(*choices):
        if not keeps_rules(document, where):
            continue
        stays = [p for p, c in zip(document.volunteers, where, strict=True) if c is None]
        withdrawn = 0 if first else sum(person.previous_commune is not None for person in stays)
        options: list[list[Points]] = [[(0, withdrawn, 0)]]
        for commune in document.communes:
            members = [p for p, c in zip(document.volunteers, where, strict=True) if c is commune]
            key = (commune.id, tuple(person.id for person in members))
            if key not in cache:
                cache[key] = list(list_weeks(document, commune, members, first=first))
            options.append(cache[key])
        for parts in itertools.product(*options):
            unmet, changed, travel = (sum(column) for column in zip(*parts, strict=True))
            yield unmet, changed, travel


def keeps_rules(document: PlacementDocument, where: tuple[PlacementCommune | None, ...]) -> bool:
    teams: dict[str, set[str | None]] = {}
    for person, commune in zip(document.volunteers, where, strict=True):
        if person.team is not None:
            teams.setdefault(person.team, set()).add(None if commune is None else commune.id)
        if commune is None:
            continue
        if commune.id in person.forbidden_communes or person.pinned_commune not in (None, commune.id):
            return False
        if document.dist_m[person.id][commune.id] > person.max_m or min(person.max_days, len(person.days)) == 0:
            return False
    if any(len(places) > 1 for places in teams.values()):
        return False
    for commune in document.communes:
        there = [p for p, c in zip(document.volunteers, where, strict=True) if c is commune]
        lecturers = sum(person.role == "lecturer" for person in there)
        if len(there) - lecturers > document.policy.students_per_lecturer * lecturers:
            return False
    return True


def list_weeks(
    document: PlacementDocument, commune: PlacementCommune, members: list[PlacementVolunteer], *, first: bool
) -> Iterator[Points]:
    """Points of every choice of weekdays; for each number of changes only the best is given."""
    best: dict[int, tuple[int, int]] = {}
    for weekdays in itertools.product(*(list_day_sets(person) for person in members)):
        changed, travel = 0, 0
        for person, days in zip(members, weekdays, strict=True):
            km = (document.dist_m[person.id][commune.id] + 500) // 1000
            travel += km * len(days)
            same_days = not person.previous_days or set(days) == set(person.previous_days)
            changed += not first and not (person.previous_commune == commune.id and same_days)
        present = [sum(day in days for days in weekdays) for day in range(5)]
        unmet = commune.priority * (sum(commune.need.values()) - most_work(commune, members, weekdays))
        unmet += 3 * sum(max(0, wanted - there) for wanted, there in zip(commune.presence, present, strict=True))
        best[changed] = min(best.get(changed, (unmet, travel)), (unmet, travel))
    for changed, (unmet, travel) in best.items():
        yield unmet, changed, travel


def list_day_sets(person: PlacementVolunteer) -> list[tuple[int, ...]]:
    return [
        days
        for count in range(1, min(person.max_days, len(person.days)) + 1)
        for days in itertools.combinations(person.days, count)
    ]


def most_work(
    commune: PlacementCommune, members: list[PlacementVolunteer], weekdays: tuple[tuple[int, ...], ...]
) -> int:
    """Days of need that can be served: a smallest cut over the sets of fields."""
    fields = list(commune.need)
    cuts = []
    for chosen in itertools.product([False, True], repeat=len(fields)):
        inside = {field for field, used in zip(fields, chosen, strict=True) if used}
        outside_need = sum(need for field, need in commune.need.items() if field not in inside)
        hands = sum(len(days) for person, days in zip(members, weekdays, strict=True) if inside & person.skills.keys())
        cuts.append(outside_need + hands)
    return min(cuts)
