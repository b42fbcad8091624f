"""Why no plan keeps every decision: a smallest clashing set of pins, forbids, teams, limits and caps.

Smallest means irreducible: drop any one member and a plan exists. Found by deletion: each decision is taken out in
turn, and stays out while there is still no plan.
"""

from collections.abc import Collection

import numpy as np
from commune_schemas.amounts import amount
from commune_schemas.documents import PlacementDocument, PlacementVolunteer

from matching_worker.model.engine.budget import Budget
from matching_worker.model.outcome import Conflict
from matching_worker.model.placement.problem.problem import read_problem
from matching_worker.model.placement.proof.formulation import Formulation
from matching_worker.model.placement.proof.highs import InfeasibleError, Solver

Decision = tuple[str, ...]
"""Rule number, then what it names: ('P6', person, commune), ('P8', team), ('P9',) ..."""


def find_conflict(document: PlacementDocument, budget: Budget) -> tuple[Conflict, ...]:
    """The clashing set of a document that has no plan; not yet the smallest one when the budget ends first."""
    decisions = list_decisions(document)
    step = max(1, len(decisions) // 2)
    while step >= 1:
        position = 0
        while position < len(decisions):
            fewer = decisions[:position] + decisions[position + step :]
            if budget.is_out_of_time():
                return tuple(describe(decision) for decision in decisions)
            if has_plan(keep_only(document, fewer), budget):
                position += step
            else:
                decisions = fewer
        step //= 2
    return tuple(describe(decision) for decision in decisions)


def list_decisions(document: PlacementDocument) -> list[Decision]:
    """Everything that could be given up for a plan to exist, in canonical order."""
    decisions: list[Decision] = []
    if document.policy.max_changes is not None:
        decisions.append(("P9", str(document.policy.max_changes)))
    if document.policy.supervision != "none":
        decisions.append(("P5", str(document.policy.students_per_lecturer)))
    decisions += [("P8", team) for team in sorted({v.team for v in document.volunteers if v.team is not None})]
    for person in sorted(document.volunteers, key=lambda volunteer: volunteer.id):
        if person.pinned_commune is not None:
            decisions.append(("P6", person.id, person.pinned_commune))
        if person.pinned_commune is not None or person.team is not None:
            decisions += [("P7", person.id, commune) for commune in sorted(person.forbidden_communes)]
            decisions += [("P3", person.id), ("P2", person.id)]
    return decisions


def keep_only(document: PlacementDocument, decisions: Collection[Decision]) -> PlacementDocument:
    """The document with every other decision given up."""
    kept = set(decisions)
    rules = {decision[0] for decision in decisions}
    policy = document.policy.model_copy(
        update={
            "max_changes": document.policy.max_changes if "P9" in rules else None,
            "supervision": document.policy.supervision if "P5" in rules else "none",
        }
    )
    volunteers = [give_up(person, kept) for person in document.volunteers]
    return document.model_copy(update={"policy": policy, "volunteers": volunteers})


def give_up(person: PlacementVolunteer, kept: Collection[Decision]) -> PlacementVolunteer:
    bound = person.pinned_commune is not None or person.team is not None
    pinned = person.pinned_commune is not None and ("P6", person.id, person.pinned_commune) in kept
    changes: dict[str, object] = {
        "pinned_commune": person.pinned_commune if pinned else None,
        "team": person.team if ("P8", person.team) in kept else None,
    }
    if bound:
        forbidden = [c for c in person.forbidden_communes if ("P7", person.id, c) in kept]
        changes["forbidden_communes"] = forbidden
        changes["max_m"] = person.max_m if ("P3", person.id) in kept else 100_000_000
        if ("P2", person.id) not in kept:
            changes |= {"days": [0, 1, 2, 3, 4], "max_days": 5}
    return person.model_copy(update=changes)


def has_plan(document: PlacementDocument, budget: Budget) -> bool:
    """Whether any plan keeps every rule; True also when the budget ended before that was settled."""
    problem = read_problem(document)
    if any(unit.required and not unit.communes for unit in problem.units):
        return False
    formulation = Formulation(problem)
    solver = Solver(formulation, budget)
    cost = np.zeros(len(formulation.matrix.upper))
    try:
        solver.relax(cost)
    except InfeasibleError:
        return False
    everything = np.ones(len(formulation.pairs), dtype=bool)
    searched = solver.search(cost, pairs=everything, start=None, seconds=budget.seconds_left(), on_plan=lambda _: None)
    return not searched.infeasible


def describe(decision: Decision) -> Conflict:
    rule, *subject = decision
    name = subject[0]
    number = int(name) if name.isdecimal() else 0
    commune = subject[1] if len(subject) > 1 else ""
    vi, en = {
        "P2": (f"{name} không có ngày rảnh phù hợp", f"{name} has no free weekday to be present on"),
        "P3": (f"Quãng đường tối đa của {name}", f"the farthest {name} may travel"),
        "P5": (
            f"Mỗi người hướng dẫn nhận tối đa {name} người",
            f"one supervisor supervises at most {amount(number, 'other')}",
        ),
        "P6": (f"{name} được ghim vào xã {commune}", f"{name} is pinned to commune {commune}"),
        "P7": (f"{name} bị cấm đến xã {commune}", f"{name} is forbidden to go to commune {commune}"),
        "P8": (f"Nhóm {name} phải đi cùng nhau", f"team {name} goes together"),
        "P9": (f"Tối đa {name} người thay đổi", f"at most {amount(number, 'person')} may change"),
    }[rule]
    return Conflict(rule=rule, subject=tuple(subject), vi=vi, en=en)
