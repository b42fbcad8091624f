"""Why the border round sends a commune what it does: who helps and who would be next, and why a field stays unmet.

Every effect is exact with all other supports left where they are: a day taken from one and given to another.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from commune_schemas.documents import BorderDocument, BorderNeed, BorderSolution, BorderStaff

from matching_worker.model.border import words
from matching_worker.model.border.helper import Helper
from matching_worker.model.border.rules import E1, E2, E3, E4, may_help
from matching_worker.model.kilometres import round_km
from matching_worker.model.outcome import ProblemError


@dataclass(frozen=True)
class FieldHelp:
    """One field of the commune: what it lacked, who gives, who would be next, and what keeps the rest unmet."""

    field: str
    wanted: int
    left: int
    helpers: tuple[Helper, ...]
    next_best: Helper | None
    barred: tuple[tuple[str, int], ...]
    """(rule, staff who know the field or are near and are kept away by it), where days are left."""
    vi: str
    en: str


@dataclass(frozen=True)
class BorderExplanation:
    commune: str
    fields: tuple[FieldHelp, ...]
    text_vi: str
    text_en: str


def explain(problem: BorderDocument, solution: BorderSolution, *, commune: str) -> BorderExplanation:
    """Raises ProblemError for a commune that the document does not name."""
    need = next((one for one in problem.needs if one.commune == commune), None)
    if need is None:
        raise ProblemError(
            "/commune", f"tài liệu không có xã {commune}", f"the document has no commune {commune} in need"
        )
    fields = tuple(_explain_field(problem, solution, need, field) for field, days in sorted(need.need.items()) if days)
    vi, en = [one.vi for one in fields], [one.en for one in fields]
    if not fields:
        vi, en = [words.NOTHING_LACKING[0]], [words.NOTHING_LACKING[1]]
    return BorderExplanation(commune, fields, "\n".join(vi), "\n".join(en))


def _explain_field(problem: BorderDocument, solution: BorderSolution, need: BorderNeed, field: str) -> FieldHelp:
    staff = {one.id: one for one in problem.staff}
    given = Counter[str]()
    for commune, helper, served, days in solution.support:
        if (commune, served) == (need.commune, field):
            given[helper] += days
    used = Counter[str]()
    for _, helper, _, days in solution.support:
        used[helper] += days
    helpers = tuple(
        Helper(one, staff[one].school, days, km)
        for km, one, days in sorted((_km(problem, need, staff[one]), one, days) for one, days in given.items())
    )
    wanted, left = need.need[field], need.need[field] - sum(given.values())
    able = [one for one in problem.staff if _barrier(problem, need, one, field) is None]
    spare = [one for one in able if one.days > used[one.id]]
    nearest = min(spare, key=lambda one: (_km(problem, need, one), one.id), default=None)
    next_best = None
    if nearest is not None:
        left_over = nearest.days - used[nearest.id]
        next_best = Helper(nearest.id, nearest.school, left_over, _km(problem, need, nearest))
    barred = tuple(sorted(_barred(problem, need, field, able).items())) if left else ()
    vi, en = words.field_help(need.commune, field, wanted=wanted, left=left, helpers=helpers, barred=barred)
    if helpers and next_best is not None:
        more = next_best.km - helpers[-1].km
        vi, en = (f"{vi} {words.next_best(next_best, more)[0]}", f"{en} {words.next_best(next_best, more)[1]}")
    return FieldHelp(field, wanted, left, helpers, next_best, barred, vi, en)


def _barred(problem: BorderDocument, need: BorderNeed, field: str, able: Sequence[BorderStaff]) -> Counter[str]:
    """How many of the staff with days each rule keeps away; E4 those who could come and give their days elsewhere."""
    rules = Counter(E4 for _ in able)
    for one in problem.staff:
        rule = _barrier(problem, need, one, field)
        if rule is not None and one.days:
            rules[rule] += 1
    return rules


def _barrier(problem: BorderDocument, need: BorderNeed, one: BorderStaff, field: str) -> str | None:
    """The first rule that keeps the staff from this field of the commune."""
    if not one.days:
        return E4
    if field not in one.fields:
        return E3
    if one.province == need.province:
        return E1
    metres = problem.dist_m.get(need.commune, {}).get(one.school)
    near = may_help(same_province=False, metres=metres, max_m=problem.policy.max_m, own_max_m=one.max_m)
    return None if near else E2


def _km(problem: BorderDocument, need: BorderNeed, one: BorderStaff) -> int:
    return round_km(problem.dist_m.get(need.commune, {}).get(one.school, 0))
