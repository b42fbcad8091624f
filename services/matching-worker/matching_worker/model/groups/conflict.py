"""Why no grouping exists: plain arithmetic where it suffices, else the smallest set of clashing rules."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from matching_worker.model.groups.problem import Map, components, possible_balance
from matching_worker.model.groups.rules import RULES
from matching_worker.model.outcome import Conflict

CanGroup = Callable[[Map, bool], bool]
"""(problem, must groups be connected) -> whether any grouping exists."""


def explain_plainly(problem: Map) -> tuple[Conflict, ...]:
    """Impossibilities seen without solving; empty when there is none of these."""
    total = sum(problem.weight)
    least, most = possible_balance(problem)
    parts = components(set(range(problem.size)), problem.neighbours)
    heavy = [one for one, weight in zip(problem.ids, problem.weight, strict=True) if weight > problem.hi]
    light = [part for part in parts if sum(problem.weight[commune] for commune in part) < problem.lo]
    clash: tuple[Conflict, ...] = ()
    if problem.size < problem.k:
        clash = (name_rule(problem, "D1", problem.ids),)
    elif heavy:
        clash = (name_rule(problem, "D4", heavy[:1]),)
    elif len(parts) > problem.k:
        clash = (name_rule(problem, "D1"), name_rule(problem, "D2", [problem.ids[min(part)] for part in parts]))
    elif total < problem.k * least:
        clash = (name_rule(problem, "D1"), name_rule(problem, "D3"))
    elif total > problem.k * most:
        clash = (name_rule(problem, "D1"), name_rule(problem, "D4"))
    elif light:
        members = [problem.ids[commune] for commune in sorted(light[0])]
        clash = (name_rule(problem, "D2", members), name_rule(problem, "D3", members))
    return clash


def explain_by_dropping(problem: Map, can_group: CanGroup) -> tuple[Conflict, ...]:
    """Drop each rule that the impossibility does not need; what is left clashes, and nothing less does."""
    needed = ["D2", "D3", "D4"]
    for rule in list(needed):
        kept = [one for one in needed if one != rule]
        if not can_group(relaxed(problem, kept), "D2" in kept):
            needed = kept
    return tuple(name_rule(problem, rule) for rule in ("D1", *needed))


def relaxed(problem: Map, rules: Sequence[str]) -> Map:
    return replace(
        problem,
        lo=problem.lo if "D3" in rules else 0,
        hi=problem.hi if "D4" in rules else sum(problem.weight),
    )


def name_rule(problem: Map, rule: str, subject: Sequence[str] = ()) -> Conflict:
    vi, en = (words.format(k=problem.k, lo=problem.lo, hi=problem.hi) for words in RULES[rule])
    about = f" ({', '.join(subject)})" if subject else ""
    return Conflict(rule, tuple(subject), vi + about, en + about)
