"""What follows from where people are: the work they do, what their schools promise by it, what stays undone. Pure."""

from collections import Counter

from commune_verify.responsibility import count_unstaffed

from roster_api.editing.board import Board, Place
from roster_api.editing.facts import Facts, Pair


def choose_weekdays(board: Board, facts: Facts, person: str, commune: str) -> tuple[int, ...]:
    """For somebody who had none: the days on which people are wanted first, as many as the person can be of use.

    Where everyone willing is used, as many as they offer.
    """
    here = Counter(day for name in board.list_people(commune) for day in board.places[name].weekdays)
    wanted = facts.communes[commune].presence
    free = sorted(facts.free[person], key=lambda day: (here[day] >= wanted[day], day))
    missing = sum(here[day] < wanted[day] for day in free)
    useful = max(1, missing, sum(list_open_days(board, facts, person, commune).values()))
    most = facts.people[person].max_days
    count = most if facts.placement_policy.use != "need" else min(most, useful)
    return tuple(sorted(free[:count]))


def list_open_days(board: Board, facts: Facts, person: str, commune: str) -> dict[str, int]:
    """Days a week that nobody works yet, by field that the person knows."""
    done, need = board.count_work(commune), facts.communes[commune].need_days
    knows = facts.people[person].skills
    return {field: days - done[field] for field, days in need.items() if field in knows and days > done[field]}


def assign_work(board: Board, facts: Facts, person: str) -> None:
    """The person's days go to what is undone in the commune: first what they did before, then where most is open."""
    place = board.places[person]
    board.places[person] = Place(place.commune, place.weekdays)
    left, work = len(place.weekdays), {}
    undone = list_open_days(board, facts, person, place.commune)
    for field in sorted(undone, key=lambda name: (name not in place.work, -undone[name], name)):
        if left > 0:
            work[field] = min(undone[field], left)
            left -= work[field]
    board.places[person] = Place(place.commune, place.weekdays, work)


def take_over(board: Board, facts: Facts, commune: str) -> None:
    """Idle days of the people there go to what is undone, in fields they work in already: nobody's duties change."""
    for person in board.list_people(commune):
        place = board.places[person]
        undone = list_open_days(board, facts, person, commune)
        work, idle = dict(place.work), place.idle
        for field in sorted(set(work) & set(undone)):
            more = min(idle, undone[field])
            work[field] += more
            idle -= more
        if work != place.work:
            board.places[person] = Place(commune, place.weekdays, work)


def settle_commune(board: Board, facts: Facts, commune: str) -> None:
    """Promises, supports and what is undone, after people came or went.

    A school promises what its people do there, and goes on promising what it did as far as nobody else does it. A
    support that promises nothing and has nobody there ends.
    """
    take_over(board, facts, commune)
    need = facts.communes[commune].need_days
    schools = board.list_schools(commune)
    delivered: dict[str, Counter[str]] = {school: Counter() for school in schools}
    here = set()
    for person in board.list_people(commune):
        school = facts.people[person].school_code
        here.add(school)
        delivered[school].update(board.places[person].work)
    for field, days in need.items():
        left = days
        for school in schools:
            delivered[school][field] = min(delivered[school][field], left)
            left -= delivered[school][field]
        for school in schools:
            more = min(left, max(0, board.promised.get((commune, school), {}).get(field, 0) - delivered[school][field]))
            delivered[school][field] += more
            left -= more
    for school in schools:
        kept = {field: days for field, days in sorted(delivered[school].items()) if days > 0 and field in need}
        board.promised[commune, school] = within_strength(board, facts, school, commune, kept)
        if (commune, school) in board.supports and not board.promised[commune, school] and school not in here:
            board.supports.discard((commune, school))
            board.promised.pop((commune, school))
    note_undone(board, facts, commune)


def within_strength(board: Board, facts: Facts, school: str, commune: str, wanted: dict[str, int]) -> dict[str, int]:
    """As much of it as the school's people can do beside its other promises (R6)."""
    groups: dict[frozenset[str], int] = Counter()
    for person in facts.people_of[school]:
        known = facts.people[person]
        groups[frozenset(known.skills)] += min(known.max_days, len(facts.free[person]))
    load: Counter[str] = Counter()
    for (code, name), days in board.promised.items():
        if name == school and code != commune:
            load.update(days)
    kept = dict(wanted)
    while (missing := count_unstaffed(groups, load + Counter(kept))) > 0 and kept:
        last = max(sorted(kept), key=lambda field: kept[field])
        kept[last] -= min(missing, kept[last])
        kept = {field: days for field, days in kept.items() if days}
    return kept


def note_undone(board: Board, facts: Facts, commune: str) -> None:
    done = board.count_work(commune)
    for field, days in facts.communes[commune].need_days.items():
        board.undone.pop((commune, field), None)
        if days > done[field]:
            board.undone[commune, field] = (days, days - done[field])


def list_heads(board: Board, facts: Facts) -> dict[Pair, int]:
    """People promised: as stage A promised them where relations are as they were, else by who is there."""
    heads: dict[Pair, int] = {}
    changed = []
    for commune in facts.communes:
        before = {school: people for (code, school), people in facts.promised_heads.items() if code == commune}
        if before.keys() <= set(board.list_schools(commune)):
            heads |= {(commune, school): people for school, people in before.items()}
        else:
            changed.append(commune)
    left = Counter({school: len(people) for school, people in facts.people_of.items()})
    for (_, school), people in heads.items():
        left[school] -= people
    placed = Counter((place.commune, facts.people[person].school_code) for person, place in board.places.items())
    for commune in changed:
        room = facts.min_people[commune]
        for school in board.list_schools(commune):
            wanted = max(placed[commune, school], facts.promised_heads.get((commune, school), 0))
            given = max(0, min(room, left[school], wanted))
            room, left[school] = room - given, left[school] - given
            heads |= {(commune, school): given} if given else {}
    return heads
