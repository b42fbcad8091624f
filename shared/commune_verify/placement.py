"""Judges a finished plan from the two documents alone. Shares nothing with solve: every rule is written again here."""

from collections import Counter

from commune_schemas.amounts import amount
from commune_schemas.documents import PlacementDocument, PlacementSolution, PlacementVolunteer

from commune_verify.verdict import Verdict


def verify(problem: PlacementDocument, solution: PlacementSolution) -> Verdict:
    """Every broken rule in words, and the objective levels recomputed. Never raises on a bad plan."""
    people = {volunteer.id: volunteer for volunteer in problem.volunteers}
    commune_ids = {commune.id for commune in problem.communes}
    unknown = [
        f"unknown person or commune: {entry[0]}, {entry[1]}"
        for entry in (*solution.place, *solution.work)
        if entry[0] not in people or entry[1] not in commune_ids
    ]
    if unknown:
        return Verdict(tuple(unknown), {})
    places: dict[str, tuple[str, list[int]]] = {}
    broken: list[str] = []
    for person, commune, days in solution.place:
        if person in places:
            broken.append(f"P1 {person} is placed twice")
        places[person] = (commune, days)
        broken += find_broken_place(problem, people[person], commune, days)
    broken += find_broken_work(people, places, solution)
    broken += find_broken_supervision(problem, people, places)
    changed = list_changed(problem, solution)
    broken += find_broken_decisions(problem, places, changed)
    return Verdict(tuple(broken), measure(problem, solution, changed))


def find_broken_place(
    problem: PlacementDocument, person: PlacementVolunteer, commune: str, days: list[int]
) -> list[str]:
    """P2, P3 and P7 for one placement."""
    broken = []
    if not days:
        broken.append(f"P2 {person.id} is placed on no day")
    if len(set(days)) != len(days) or not set(days) <= set(person.days):
        broken.append(f"P2 {person.id} is placed on a day that is not free")
    if len(days) > person.max_days:
        broken.append(f"P2 {person.id} is present on more than {amount(person.max_days, 'day')}")
    if problem.dist_m.get(person.id, {}).get(commune, person.max_m + 1) > person.max_m:
        broken.append(f"P3 {person.id} is farther from {commune} than max_m")
    if commune in person.forbidden_communes:
        broken.append(f"P7 {person.id} is forbidden to go to {commune}")
    return broken


def find_broken_work(
    people: dict[str, PlacementVolunteer], places: dict[str, tuple[str, list[int]]], solution: PlacementSolution
) -> list[str]:
    """P4."""
    broken = []
    worked: Counter[str] = Counter()
    for person, commune, field, days in solution.work:
        if person not in places or places[person][0] != commune:
            broken.append(f"P4 {person} works at {commune} without being placed there")
        if field not in people[person].skills:
            broken.append(f"P4 {person} does not know {field}")
        if days <= 0:
            broken.append(f"P4 {person} works {amount(days, 'day')} in {field}")
        worked[person] += days
    return broken + [
        f"P4 {person} works {amount(days, 'day')} and is present on fewer"
        for person, days in worked.items()
        if person in places and days > len(places[person][1])
    ]


def find_broken_supervision(
    problem: PlacementDocument, people: dict[str, PlacementVolunteer], places: dict[str, tuple[str, list[int]]]
) -> list[str]:
    """P5, as the document's form of supervision has it."""
    policy = problem.policy
    leading = ["lecturer"] if policy.supervisors is None else policy.supervisors
    led = {p.role for p in people.values()} - set(leading) if policy.supervised is None else policy.supervised
    supervisors = Counter(commune for person, (commune, _) in places.items() if people[person].role in leading)
    supervised = Counter(commune for person, (commune, _) in places.items() if people[person].role in led)
    if policy.supervision == "school":
        supervisors = Counter({"the school": sum(person.role in leading for person in people.values())})
        supervised = Counter({"the school": supervised.total()})
    return [
        f"P5 {area} has {amount(count, 'supervised person')} and {amount(supervisors[area], 'supervisor')}"
        for area, count in sorted(supervised.items())
        if policy.supervision != "none" and count > policy.students_per_lecturer * supervisors[area]
    ]


def find_broken_decisions(
    problem: PlacementDocument, places: dict[str, tuple[str, list[int]]], changed: list[PlacementVolunteer]
) -> list[str]:
    """P6, P8 and P9: pins, teams, and the cap on changes."""
    broken = []
    teams: dict[str, set[str | None]] = {}
    for person in problem.volunteers:
        commune = places[person.id][0] if person.id in places else None
        if person.pinned_commune is not None and commune != person.pinned_commune:
            broken.append(f"P6 {person.id} is pinned to {person.pinned_commune}")
        if person.team is not None:
            teams.setdefault(person.team, set()).add(commune)
    broken += [f"P8 team {team} is split" for team, where in sorted(teams.items()) if len(where) > 1]
    cap = problem.policy.max_changes
    if cap is not None and len(changed) > cap:
        broken.append(f"P9 more than {amount(cap, 'person')} changed")
    return broken


def list_changed(problem: PlacementDocument, solution: PlacementSolution) -> list[PlacementVolunteer]:
    """People whose commune, weekdays or fields of work differ from before; newly placed and withdrawn ones count.

    A document in which nobody has a previous placement is a first plan: nothing changes.
    """
    if all(person.previous_commune is None for person in problem.volunteers):
        return []
    places = {person: (commune, set(days)) for person, commune, days in solution.place}
    work: dict[str, set[str]] = {}
    for name, _, field, _ in solution.work:
        work.setdefault(name, set()).add(field)
    changed = []
    for person in problem.volunteers:
        commune, days = places.get(person.id, (None, set()))
        same_days = not person.previous_days or days == set(person.previous_days)
        same_work = person.previous_fields is None or work.get(person.id, set()) == set(person.previous_fields)
        if commune != person.previous_commune or (commune is not None and not (same_days and same_work)):
            changed.append(person)
    return changed


def measure(problem: PlacementDocument, solution: PlacementSolution, moved: list[PlacementVolunteer]) -> dict[str, int]:
    """The objective levels, as the independent judge computes them; `changed` between them with keep_previous."""
    served: Counter[tuple[str, str]] = Counter()
    present: Counter[tuple[str, int]] = Counter()
    for _, commune, field, days in solution.work:
        served[commune, field] += days
    travel = 0
    for person, commune, weekdays in solution.place:
        travel += len(weekdays) * ((problem.dist_m.get(person, {}).get(commune, 0) + 500) // 1000)
        for weekday in weekdays:
            present[commune, weekday] += 1
    unmet = sum(
        commune.priority * max(0, need - served[commune.id, field])
        for commune in problem.communes
        for field, need in commune.need.items()
    )
    unmet += sum(
        3 * max(0, wanted - present[commune.id, weekday])
        for commune in problem.communes
        for weekday, wanted in enumerate(commune.presence)
    )
    changed = {"changed": sum(person.change_weight for person in moved)} if problem.policy.keep_previous else {}
    heads = Counter(commune for _, commune, _ in solution.place)
    return {
        **measure_short(problem, heads),
        "unmet": unmet,
        **measure_unused(problem, solution),
        **changed,
        **measure_uneven(problem, heads),
        "travel_km": travel,
    }


def measure_short(problem: PlacementDocument, heads: Counter[str]) -> dict[str, int]:
    """Heads missing of what communes ask for, weighted; no such level where none asks."""
    if all(commune.min_people == 0 for commune in problem.communes):
        return {}
    missing = ((c.priority, c.min_people - heads[c.id]) for c in problem.communes)
    return {"short_people": sum(priority * count for priority, count in missing if count > 0)}


def measure_unused(problem: PlacementDocument, solution: PlacementSolution) -> dict[str, int]:
    """People, or days, that nobody uses; no such level where the need alone counts."""
    if problem.policy.use == "need":
        return {}
    if problem.policy.use == "people":
        return {"unused": len(problem.volunteers) - len({person for person, _, _ in solution.place})}
    offered = sum(min(person.max_days, len(set(person.days))) for person in problem.volunteers)
    return {"unused": offered - sum(len(days) for _, _, days in solution.place)}


def measure_uneven(problem: PlacementDocument, heads: Counter[str]) -> dict[str, int]:
    """The k-th person beyond what a commune asks for counts 2k, and one more below priority 3."""
    if problem.policy.use == "need":
        return {}
    extra = [(max(0, heads[commune.id] - commune.min_people), commune.priority) for commune in problem.communes]
    return {"uneven": sum(count * (count + 1) + count * (priority < 3) for count, priority in extra)}
