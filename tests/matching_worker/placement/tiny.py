"""Tiny placement problems, and their optimum by listing every plan: knows nothing of the solver."""

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

from commune_schemas.documents import PlacementCommune, PlacementDocument, PlacementVolunteer

Points = tuple[int, int, int, int, int]
"""(unmet, days used as a negative number, weight of the people changed, travel_km, people changed)."""
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


def with_supervision(document: PlacementDocument, random: Random) -> PlacementDocument:
    """The same problem under one of the forms of supervision, with roles drawn into neither list, or into both."""
    roles = ["lecturer", "teacher", "student"]
    policy = {
        "supervision": random.choice(["commune", "commune", "school", "none"]),
        "supervisors": random.choice([None, random.sample(roles, random.randint(0, 3))]),
        "supervised": random.choice([None, random.sample(roles, random.randint(0, 3))]),
    }
    return document.model_copy(update={"policy": document.policy.model_copy(update=policy)})


def with_use(document: PlacementDocument, random: Random) -> PlacementDocument:
    """The same problem with heads asked for, and people or days to be used beyond the need."""
    communes = [
        commune.model_copy(update={"min_people": random.choice([0, 0, 1, 2, 3])}) for commune in document.communes
    ]
    policy = document.policy.model_copy(update={"use": random.choice(["need", "people", "days"])})
    return document.model_copy(update={"communes": communes, "policy": policy})


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
            known = random.sample([*person["skills"], "digitise"], random.randint(0, 1))
            person["previous_fields"] = random.choice([None, known, known])
            person["change_weight"] = random.choice([1, 1, 3])
    return person


def find_optimum(document: PlacementDocument) -> tuple[int, ...] | None:
    """The objective of the best plan, level by level; None when no plan keeps every rule."""
    cap = document.policy.max_changes
    return min(
        (
            vector_of(document, heads, points)
            for heads, points in list_points(document)
            if cap is None or points[4] <= cap
        ),
        default=None,
    )


def vector_of(document: PlacementDocument, heads: list[int], points: Points) -> tuple[int, ...]:
    """The levels that the document has, most important first."""
    unmet, used, weight, travel, _ = points
    use, asked = document.policy.use, [commune.min_people for commune in document.communes]
    there = list(zip(document.communes, heads, strict=True))
    short = sum(c.priority * max(0, c.min_people - n) for c, n in there)
    offered = sum(min(person.max_days, len(person.days)) for person in document.volunteers)
    unused = offered + used if use == "days" else len(document.volunteers) - sum(heads)
    uneven = sum(2 * k + (c.priority < 3) for c, n in there for k in range(1, n - c.min_people + 1))
    return (
        *([short] if any(asked) else []),
        unmet,
        *([unused] if use != "need" else []),
        *([weight] if document.policy.keep_previous else []),
        *([uneven] if use != "need" else []),
        travel,
    )


def list_points(document: PlacementDocument) -> Iterator[tuple[list[int], Points]]:
    """(heads, points) of every plan worth having: for each choice of communes, the best weeks of each commune."""
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
        home = [] if first else [person.change_weight for person in stays if person.previous_commune is not None]
        options: list[list[Points]] = [[(0, 0, sum(home), 0, len(home))]]
        for commune in document.communes:
            members = [p for p, c in zip(document.volunteers, where, strict=True) if c is commune]
            key = (commune.id, tuple(person.id for person in members))
            if key not in cache:
                cache[key] = list(list_weeks(document, commune, members, first=first))
            options.append(cache[key])
        heads = [sum(c is commune for c in where) for commune in document.communes]
        for parts in itertools.product(*options):
            unmet, used, weight, travel, changed = (sum(column) for column in zip(*parts, strict=True))
            yield heads, (unmet, used, weight, travel, changed)


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
    return is_supervised(document, where)


def is_supervised(document: PlacementDocument, where: tuple[PlacementCommune | None, ...]) -> bool:
    policy = document.policy
    leading = ["lecturer"] if policy.supervisors is None else policy.supervisors

    def is_led(role: str) -> bool:
        return role not in leading if policy.supervised is None else role in policy.supervised

    placed = [(p.role, c) for p, c in zip(document.volunteers, where, strict=True) if c is not None]
    if policy.supervision == "school":
        leaders = sum(person.role in leading for person in document.volunteers)
        return sum(is_led(role) for role, _ in placed) <= policy.students_per_lecturer * leaders
    for commune in document.communes if policy.supervision == "commune" else []:
        there = [role for role, c in placed if c is commune]
        leaders = sum(role in leading for role in there)
        if sum(is_led(role) for role in there) > policy.students_per_lecturer * leaders:
            return False
    return True


def list_weeks(
    document: PlacementDocument, commune: PlacementCommune, members: list[PlacementVolunteer], *, first: bool
) -> Iterator[Points]:
    """Points of every choice of weekdays, and of who keeps to the previous work; the best for each set of changes."""
    best: dict[tuple[int, int], tuple[int, int, int]] = {}
    for weekdays in itertools.product(*(list_day_sets(person) for person in members)):
        travel = sum(
            len(days) * ((document.dist_m[person.id][commune.id] + 500) // 1000)
            for person, days in zip(members, weekdays, strict=True)
        )
        present = [sum(day in days for days in weekdays) for day in range(5)]
        missing = 3 * sum(max(0, wanted - there) for wanted, there in zip(commune.presence, present, strict=True))
        choices = [
            [False, True] if keeps_place(person, commune, days) else [False]
            for person, days in zip(members, weekdays, strict=True)
        ]
        for kept in itertools.product(*choices):
            done = most_work(commune, members, weekdays, kept)
            if done is None:
                continue
            moved = [] if first else [p.change_weight for p, same in zip(members, kept, strict=True) if not same]
            unmet = commune.priority * (sum(commune.need.values()) - done) + missing
            key = sum(moved), len(moved)
            used = -sum(map(len, weekdays)) if document.policy.use == "days" else 0
            best[key] = min(best.get(key, (unmet, used, travel)), (unmet, used, travel))
    for (weight, changed), (unmet, used, travel) in best.items():
        yield unmet, used, weight, travel, changed


def keeps_place(person: PlacementVolunteer, commune: PlacementCommune, days: tuple[int, ...]) -> bool:
    same_days = not person.previous_days or set(days) == set(person.previous_days)
    return person.previous_commune == commune.id and same_days


def list_day_sets(person: PlacementVolunteer) -> list[tuple[int, ...]]:
    return [
        days
        for count in range(1, min(person.max_days, len(person.days)) + 1)
        for days in itertools.combinations(person.days, count)
    ]


def most_work(
    commune: PlacementCommune,
    members: list[PlacementVolunteer],
    weekdays: tuple[tuple[int, ...], ...],
    kept: tuple[bool, ...],
) -> int | None:
    """Days of need that can be served: a smallest cut over the sets of fields. None: `kept` people cannot do as before.

    A kept person works at least a day in each previous field, needed or not, and in no other.
    """
    need = dict(commune.need)
    hands: list[tuple[int, set[str]]] = []
    forced: list[str] = []
    for person, days, same in zip(members, weekdays, kept, strict=True):
        known, free = set(person.skills), len(days)
        if same and person.previous_fields is not None:
            if not set(person.previous_fields) <= known:
                return None
            known = set(person.previous_fields)
            forced += known
            free -= len(known)
        hands.append((free, known))
    if any(days < 0 for days, _ in hands):
        return None
    done = sum(min(days, forced.count(field)) for field, days in need.items())
    need = {field: max(0, days - forced.count(field)) for field, days in need.items()}
    cuts = []
    for chosen in itertools.product([False, True], repeat=len(need)):
        inside = {field for field, used in zip(need, chosen, strict=True) if used}
        outside_need = sum(days for field, days in need.items() if field not in inside)
        cuts.append(outside_need + sum(days for days, known in hands if inside & known))
    return done + min(cuts)
