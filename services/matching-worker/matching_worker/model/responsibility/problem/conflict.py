"""Wishes that no plan can keep together: a smallest clashing set, by name, found by deletion.

Need, staffing and fairness never make a problem infeasible (they are levels of the objective). Only pins, the rules
that bar pairs, the lecturers' bound and the cap on changes can clash.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from commune_schemas.amounts import amount
from commune_schemas.documents import InstanceDocument

from matching_worker.model.outcome import Conflict
from matching_worker.model.responsibility.problem import rules


@dataclass(frozen=True)
class Demand:
    """One thing asked for. `subject`: commune and school, or what the rule is about."""

    rule: str
    subject: tuple[str, ...]


def find_conflict(document: InstanceDocument) -> tuple[Conflict, ...]:
    """Empty when the problem has a plan; otherwise dropping any one member would lift this clash."""
    kept = _demands(document)
    if _is_possible(document, kept):
        return ()
    for demand in list(kept):
        without = [d for d in kept if d is not demand]
        if not _is_possible(document, without):
            kept = without
    return tuple(_in_words(document, demand) for demand in kept)


def count_least_changes(document: InstanceDocument) -> int:
    """How many of `previous` no plan can keep: pins, barred pairs and (as a rule) the lecturers' bound forbid it."""
    policy = document.policy.model_copy(update={"max_changes": None})
    demands = _demands(document.model_copy(update={"policy": policy}))
    pins, barred, left = _fixed(document, demands)
    return len(document.previous) - _most_kept(document, pins, barred, left)


def _demands(document: InstanceDocument) -> list[Demand]:
    """Rules first and pins last, so that the deletion keeps people's decisions rather than rules where it can."""
    row = {c.id: k for k, c in enumerate(document.communes)}
    column = {s.id: k for k, s in enumerate(document.schools)}
    wanted = {(p.commune, p.school) for p in document.pins} | {
        (c, s) for c, s in document.previous if c in row and s in column
    }
    found = []
    if document.policy.max_communes_per_lecturer is not None and not rules.counts_overlead(document.policy):
        found += [Demand(rules.LECTURER_BOUND, (s,)) for s in sorted(column)]
    for c, s in sorted(wanted):
        barrier = rules.reaching_rule(document, row[c], column[s])
        if barrier:
            found.append(Demand(barrier, (c, s)))
    found += [Demand(rules.FORBID, pair) for pair in sorted(set(document.forbid) & wanted)]
    if document.policy.max_changes is not None:
        found.append(Demand(rules.MAX_CHANGES, (str(document.policy.max_changes),)))
    return found + [Demand(rules.PIN, pair) for pair in sorted({(p.commune, p.school) for p in document.pins})]


def _is_possible(document: InstanceDocument, demands: Sequence[Demand]) -> bool:
    """Is there a plan that keeps these demands? A commune may stay without a lead unless pinned."""
    pins, barred, left = _fixed(document, demands)
    asked = [demand.subject for demand in demands if demand.rule == rules.PIN]
    clash = any(pins[commune] != school or (commune, school) in barred for commune, school in asked)
    if clash or any(room < 0 for room in left.values()):
        return False
    caps = [int(d.subject[0]) for d in demands if d.rule == rules.MAX_CHANGES]
    return not caps or len(document.previous) - _most_kept(document, pins, barred, left) <= caps[0]


def _fixed(
    document: InstanceDocument, demands: Sequence[Demand]
) -> tuple[dict[str, str], set[tuple[str, ...]], dict[str, int]]:
    """The pinned leads, the pairs that may not be, and what each bounded school may lead beside its pins."""
    barred = {d.subject for d in demands if d.rule in (rules.FORBID, rules.MAX_LEAD_DISTANCE, rules.REMOTE)}
    pins = {d.subject[0]: d.subject[1] for d in demands if d.rule == rules.PIN}
    bounded = {d.subject[0] for d in demands if d.rule == rules.LECTURER_BOUND}
    left = {s: limit - sum(p == s for p in pins.values()) for s, limit in _limits(document).items() if s in bounded}
    return pins, barred, left


def _limits(document: InstanceDocument) -> dict[str, int]:
    supervisors = rules.supervisors_by_school(document.policy, document.volunteers)
    communes = len(document.communes)
    return {s.id: rules.led_at_most(document.policy, supervisors[s.id], communes) for s in document.schools}


def _most_kept(
    document: InstanceDocument, pins: dict[str, str], barred: set[tuple[str, ...]], left: dict[str, int]
) -> int:
    """How many previous leads can stay: an assignment with room at each school, by augmenting paths.

    Entries naming what is gone by now cannot stay. A pair named twice counts twice, so heavier pairs go first (the
    communes that can be matched form a matroid, in which greed is right).
    """
    known_communes, known_schools = {c.id for c in document.communes}, {s.id for s in document.schools}
    weight: dict[str, Counter[str]] = defaultdict(Counter)
    kept = 0
    for c, s in document.previous:
        if pins.get(c) == s:
            kept += 1
        elif c not in pins and c in known_communes and s in known_schools and (c, s) not in barred:
            weight[c][s] += 1
    holder: dict[str, list[str]] = defaultdict(list)

    def settle(commune: str, tried: set[str]) -> bool:
        most = max(weight[commune].values())
        for school in sorted(s for s, n in weight[commune].items() if n == most and s not in tried):
            tried.add(school)
            if school not in left or len(holder[school]) < left[school]:
                holder[school].append(commune)
                return True
            for other in holder[school]:
                if settle(other, tried):
                    holder[school].remove(other)
                    holder[school].append(commune)
                    return True
        return False

    for commune in sorted(weight, key=lambda c: (-max(weight[c].values()), c)):
        kept += max(weight[commune].values()) if settle(commune, set()) else 0
    return kept


def _in_words(document: InstanceDocument, demand: Demand) -> Conflict:
    """The demand as a Conflict, in Vietnamese and English."""
    commune_names = {c.id: c.name or c.id for c in document.communes}
    school_names = {s.id: s.name or s.id for s in document.schools}
    subject = demand.subject
    if demand.rule == rules.MAX_CHANGES:
        least = count_least_changes(document)
        vi = f"chỉ được đổi nhiều nhất {subject[0]} xã so với phương án trước, mà ít nhất {least} xã phải đổi"
        en = f"at most {amount(int(subject[0]), 'lead')} may differ from the previous plan, and at least {least} must"
    elif demand.rule == rules.LECTURER_BOUND:
        limit = _limits(document)[subject[0]]
        vi = f"{school_names[subject[0]]} đủ người hướng dẫn để phụ trách nhiều nhất {limit} xã"
        en = f"{school_names[subject[0]]} has supervisors enough to lead at most {amount(limit, 'commune')}"
    else:
        c, s = commune_names[subject[0]], school_names[subject[1]]
        vi, en = {
            rules.PIN: (f"{c} được ấn định cho {s}", f"{c} is pinned to {s}"),
            rules.FORBID: (f"{s} không được phụ trách {c}", f"{s} is forbidden for {c}"),
            rules.MAX_LEAD_DISTANCE: (f"{c} xa {s} hơn mức cho phép", f"{c} is farther from {s} than allowed"),
            rules.REMOTE: (
                f"{c} là nơi khó tiếp cận, {s} không phục vụ từ xa được",
                f"{c} is remote and {s} cannot serve remotely",
            ),
        }[demand.rule]
    return Conflict(rule=demand.rule, subject=subject, vi=vi, en=en)
