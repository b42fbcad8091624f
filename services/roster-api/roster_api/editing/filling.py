"""People without a place go to a commune that a school has just been given: whoever is of most use first. Pure."""

from collections import Counter

from roster_api.editing.board import Board, Place
from roster_api.editing.facts import Facts, Forbidden
from roster_api.editing.work import assign_work, choose_weekdays, list_open_days


def fill_commune(board: Board, facts: Facts, forbidden: Forbidden, *, commune: str, school: str) -> None:
    """Until nobody left is of use there. Members of teams are left alone: a team goes as a whole, by hand."""
    while True:
        person = _find_next(board, facts, forbidden, commune, school)
        if person is None:
            return
        board.places[person] = Place(commune, choose_weekdays(board, facts, person, commune))
        assign_work(board, facts, person)


def _find_next(board: Board, facts: Facts, forbidden: Forbidden, commune: str, school: str) -> str | None:
    waiting = [
        person
        for person in facts.people_of[school]
        if person not in board.places
        and facts.people[person].team is None
        and facts.free[person]
        and facts.people[person].max_days > 0
        and facts.distance[commune, school] <= facts.people[person].max_distance_m
        and (person, commune) not in forbidden.people
    ]
    use = {person: _count_use(board, facts, person, commune) for person in waiting}
    wanted = [person for person in waiting if use[person] > 0]
    if not wanted:
        return None
    alone = [person for person in wanted if _is_looked_after(board, facts, person, commune, school)]
    if alone:
        return max(alone, key=lambda person: (use[person], person))
    supervisors = [person for person in waiting if facts.may_supervise(person) and not facts.is_supervised(person)]
    return max(supervisors, key=lambda person: (use[person], person), default=None)


def _count_use(board: Board, facts: Facts, person: str, commune: str) -> int:
    """Days of work that nobody does, weekdays on which somebody is missing, a head missing."""
    known = facts.people[person]
    here = board.list_people(commune)
    present = Counter(day for name in here for day in board.places[name].weekdays)
    wanted = facts.communes[commune].presence
    days = min(known.max_days, len(facts.free[person]))
    work = min(days, sum(list_open_days(board, facts, person, commune).values()))
    missing = min(days, sum(present[day] < wanted[day] for day in facts.free[person]))
    return work + missing + (len(here) < facts.min_people[commune])


def _is_looked_after(board: Board, facts: Facts, person: str, commune: str, school: str) -> bool:
    """Whether one more of this role keeps P5 in the commune."""
    policy = facts.placement_policy
    if not facts.is_supervised(person) or policy.supervision == "none":
        return True
    own = [name for name, place in board.places.items() if facts.people[name].school_code == school]
    if policy.supervision == "school":
        supervisors = sum(map(facts.may_supervise, facts.people_of[school]))
    else:
        own = [name for name in own if board.places[name].commune == commune]
        supervisors = sum(map(facts.may_supervise, own))
    return sum(map(facts.is_supervised, own)) + 1 <= policy.students_per_lecturer * supervisors
