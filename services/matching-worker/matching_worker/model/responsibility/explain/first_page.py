"""What an officer asks about a plan before anything else: leads from far away, and schools that lead nothing."""

from collections.abc import Iterator

import numpy as np
from commune_schemas.amounts import amount
from commune_schemas.remarks import Remark

from matching_worker.model.responsibility.explain import words
from matching_worker.model.responsibility.explain.explain import Explainer, Explanation, bind
from matching_worker.model.responsibility.problem import rules
from matching_worker.model.responsibility.search.moves import Move, Standing, barrier

FAR_KM = 30
"""A lead this much farther than the nearest school has its reason told first."""


def remark_far_lead(explainer: Explainer, explanation: Explanation) -> Remark | None:
    """Of a commune whose lead is far beyond the nearest school that has people."""
    problem = explainer.problem
    if explanation.lead is None:
        return None
    c, lead = problem.communes.index(explanation.commune), problem.schools.index(explanation.lead)
    staffed = np.nonzero(problem.capacity > 0)[0]
    if words.is_remote(problem, c) or not len(staffed):
        return None
    nearest = int(staffed[np.argmin(problem.km[c, staffed])])
    farther = int(problem.km[c, lead] - problem.km[c, nearest])
    if farther <= FAR_KM:
        return None
    near, commune = words.school_name(problem, nearest), words.commune_name(problem, c)
    return Remark(
        code="commune.far_lead",
        commune_code=explanation.commune,
        school_code=explanation.lead,
        km_farther=farther,
        rule=explanation.rule,
        vi=f"{commune}: trường phụ trách xa hơn trường gần nhất ({near}) {farther} km. {explanation.vi}",
        en=f"{commune}: its lead is {farther} km farther than the nearest school ({near}). {explanation.en}",
    )


def list_idle_schools(explainer: Explainer) -> Iterator[Remark]:
    """Schools with people that lead no commune, each with the commune that it could lead at least cost, and why not."""
    problem, standing = explainer.problem, explainer.standing
    people = dict.fromkeys(problem.schools, 0)
    for volunteer in explainer.document.volunteers:
        people[volunteer.school] += 1
    for s, school in enumerate(problem.schools):
        if people[school] and problem.communes and not standing.led[s]:
            rule, (vi, en) = _why_idle(standing, s)
            name, count = words.school_name(problem, s), people[school]
            yield Remark(
                code="school.leads_nothing",
                school_code=school,
                people=count,
                rule=rule,
                vi=f"{name} ({count} người) không phụ trách xã nào. {vi}",
                en=f"{name} ({amount(count, 'person')}) leads no commune. {en}",
            )


def _why_idle(standing: Standing, s: int) -> tuple[str | None, words.Both]:
    problem = standing.problem
    moves = [(c, standing.try_leads({c: s})) for c in range(len(problem.communes))]
    possible = [(c, move) for c, move in moves if move.rule is None]
    if not possible:
        c = int(np.argmin(problem.km[:, s]))
        rule = moves[c][1].rule or barrier(problem, c, s)
        reason = words.binding(problem, s, words.Binding(rule))
        return rule, _sentence(standing, c, s, reason)
    c, move = min(possible, key=lambda one: (one[1].vector, one[0]))
    why = bind(standing, c, s, move)
    return why.rule, _sentence(standing, c, s, _reason(standing, s, move, why))


def _reason(standing: Standing, s: int, move: Move, why: words.Binding) -> words.Both:
    if why.rule in (rules.TRAVEL, rules.PRICES, rules.TIE_BREAK) and not why.improves:
        return words.cost(move.change)
    return words.binding(standing.problem, s, why)


def _sentence(standing: Standing, c: int, s: int, reason: words.Both) -> words.Both:
    problem = standing.problem
    commune, km = words.commune_name(problem, c), problem.km[c, s]
    return (
        f"Xã dễ giao nhất là {commune} ({km} km), nhưng {reason[0]}.",
        f"The easiest to give it is {commune} ({km} km), but {reason[1]}.",
    )
