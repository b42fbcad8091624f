"""A stage A document made a consistent problem: checked, sorted by identifier, and turned into arrays.

Communes, schools and fields are sorted by identifier and volunteers summed up by what they know, so that the order
in which a document lists things cannot change any result.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from commune_schemas.documents import InstanceDocument, InstanceVolunteer, Prices

from matching_worker.model.kilometres import round_km
from matching_worker.model.outcome import ProblemError
from matching_worker.model.responsibility.problem.rules import (
    counts_overlead,
    fairness_cap,
    is_allowed,
    led_at_most,
    supervisors_by_school,
)
from matching_worker.model.responsibility.problem.staffing import (
    MAX_FIELDS,
    BoolArray,
    IntArray,
    Staffing,
    make_staffing,
)

EXISTING_WEIGHT = 10
PREVIOUS_WEIGHT = 1


@dataclass(frozen=True, eq=False)
class Problem:
    """Arrays over sorted communes (c), schools (s) and needed fields (f)."""

    document: InstanceDocument
    communes: tuple[str, ...]
    schools: tuple[str, ...]
    fields: tuple[str, ...]
    need: IntArray
    """[c, f] person-days a week; none where the priority is 0, for serving those only costs travel."""
    priority: IntArray
    km: IntArray
    """[c, s] kilometres, rounded as the objective counts them."""
    allowed: BoolArray
    """[c, s] may the school lead or support the commune (R2-R4)?"""
    choices: BoolArray
    """[c, s] may the school lead it, pins (R5) taken into account?"""
    kept: IntArray
    """[c, s] broken ties avoided when the school leads: 10 an existing relation, 1 a previous lead."""
    broken_total: int
    previous: IntArray
    """[c, s] how often `previous` names the pair."""
    previous_total: int
    capacity: IntArray
    """[s] person-days a week of the volunteers who know anything."""
    asked: IntArray
    """[c] heads asked for; none where the priority is 0."""
    people: IntArray
    """[s] volunteers who can be somebody's head: with a free weekday and a field of the document."""
    staffing: tuple[Staffing, ...]
    lead_limit: IntArray
    """[s] most communes the school may lead: its bound where that is a rule."""
    lead_bound: IntArray
    """[s] communes its supervisors bear (R9), as a rule or as a level."""
    fair_permille: int
    max_support: int
    max_changes: int | None
    edges: tuple[tuple[int, int], ...]
    """Pairs of neighbouring communes, lower index first."""

    @property
    def needed(self) -> IntArray:
        """[c] person-days over all fields."""
        return np.asarray(self.need.sum(axis=1))

    @property
    def overlead(self) -> bool:
        return counts_overlead(self.document.policy)

    @property
    def contiguity(self) -> bool:
        """Communes apart from their area as a level of their own."""
        return self.document.policy.contiguity and bool(self.document.edges) and self.prices is None

    @property
    def prices(self) -> Prices | None:
        return self.document.policy.prices

    @property
    def asks_people(self) -> bool:
        return any(commune.min_people for commune in self.document.communes)

    def load_limit(self, permille: int) -> IntArray:
        """[s] most person-days a school may serve when its load stays within `permille` of its capacity."""
        return np.asarray(permille * self.capacity // 1000)


def build_problem(document: InstanceDocument) -> Problem:
    """Raises ProblemError when the document contradicts itself in form (clashing wishes are for conflict.py)."""
    _check(document)
    communes = sorted(range(len(document.communes)), key=lambda k: document.communes[k].id)
    schools = sorted(range(len(document.schools)), key=lambda k: document.schools[k].id)
    fields = _needed_fields(document)
    row = {document.communes[k].id: i for i, k in enumerate(communes)}
    column = {document.schools[k].id: j for j, k in enumerate(schools)}
    allowed = _allowed(document, communes, schools, row=row, column=column)
    weight = PREVIOUS_WEIGHT if document.policy.keep_previous else 0
    existing, previous = (_counts(pairs, row, column) for pairs in (document.existing, document.previous))
    need = np.array([[document.communes[k].need.get(f, 0) for f in fields] for k in communes], dtype=np.int64)
    priority = np.array([document.communes[k].priority for k in communes], dtype=np.int64)
    capacity, staffing = _volunteers(document.volunteers, column, fields)
    bound = _lead_bound(document, column, document.volunteers)
    return Problem(
        document=document,
        communes=tuple(row),
        schools=tuple(column),
        fields=tuple(fields),
        need=need.reshape(len(communes), len(fields)) * (priority > 0)[:, None],
        priority=priority,
        km=round_km(np.array(document.dist_m, dtype=np.int64).reshape(allowed.shape)[np.ix_(communes, schools)]),
        allowed=allowed,
        choices=_choices(document, allowed, row, column),
        kept=EXISTING_WEIGHT * existing + weight * previous,
        broken_total=EXISTING_WEIGHT * len(document.existing) + weight * len(document.previous),
        previous=previous,
        previous_total=len(document.previous),
        capacity=capacity,
        asked=np.array([document.communes[k].min_people for k in communes], dtype=np.int64) * (priority > 0),
        people=_people(document, column, document.volunteers),
        staffing=staffing,
        lead_limit=_lead_limit(document, bound),
        lead_bound=bound,
        fair_permille=fairness_cap(document.policy, int(need.sum()), int(capacity.sum())),
        max_support=document.policy.max_support,
        max_changes=document.policy.max_changes,
        edges=tuple(sorted({(min(row[a], row[b]), max(row[a], row[b])) for a, b in document.edges if a != b})),
    )


def _needed_fields(document: InstanceDocument) -> list[str]:
    fields = sorted({f for c in document.communes for f, days in c.need.items() if days})
    if len(fields) > MAX_FIELDS:
        raise ProblemError(
            "/fields", f"cần nhiều nhất {MAX_FIELDS} lĩnh vực", f"at most {MAX_FIELDS} fields may be needed"
        )
    return fields


def _allowed(
    document: InstanceDocument,
    communes: Sequence[int],
    schools: Sequence[int],
    *,
    row: dict[str, int],
    column: dict[str, int],
) -> BoolArray:
    """[c, s] of the communes and schools in this order."""
    allowed = np.array([[is_allowed(document, c, s) for s in schools] for c in communes], dtype=bool)
    allowed = allowed.reshape(len(communes), len(schools))
    for c, s in document.forbid:
        allowed[row[c], column[s]] = False
    return allowed


def _choices(document: InstanceDocument, allowed: BoolArray, row: dict[str, int], column: dict[str, int]) -> BoolArray:
    """What the pins leave of the pairs that are allowed (R5)."""
    choices = allowed.copy()
    for pin in document.pins:
        only = np.zeros(len(column), dtype=bool)
        only[column[pin.school]] = True
        choices[row[pin.commune]] &= only
    return choices


def with_volunteer(problem: Problem, newcomer: InstanceVolunteer) -> Problem:
    """The problem with one more volunteer; only that school's part is worked out anew."""
    document = problem.document
    everyone = [*document.volunteers, newcomer]
    own = [v for v in everyone if v.school == newcomer.school]
    s = problem.schools.index(newcomer.school)
    (days,), (staffing,) = _volunteers(own, {newcomer.school: 0}, problem.fields)
    capacity, bound, all_staffing = problem.capacity.copy(), problem.lead_bound.copy(), list(problem.staffing)
    capacity[s], all_staffing[s] = days, staffing
    bound[s] = _lead_bound(document, [newcomer.school], own)[0]
    people = problem.people.copy()
    people[s] = _people(document, [newcomer.school], own)[0]
    total_need = sum(days for c in document.communes for days in c.need.values())
    return replace(
        problem,
        document=document.model_copy(update={"volunteers": everyone}),
        capacity=capacity,
        people=people,
        staffing=tuple(all_staffing),
        lead_limit=_lead_limit(document, bound),
        lead_bound=bound,
        fair_permille=fairness_cap(document.policy, total_need, int(capacity.sum())),
    )


def _lead_bound(
    document: InstanceDocument, schools: Iterable[str], volunteers: Iterable[InstanceVolunteer]
) -> IntArray:
    supervisors = supervisors_by_school(document.policy, volunteers)
    communes = len(document.communes)
    return np.array([led_at_most(document.policy, supervisors[s], communes) for s in schools], dtype=np.int64)


def _people(document: InstanceDocument, schools: Iterable[str], volunteers: Iterable[InstanceVolunteer]) -> IntArray:
    fields = set(document.fields)
    able = Counter(v.school for v in volunteers if v.days and v.max_days and fields.intersection(v.skills))
    return np.array([able[s] for s in schools], dtype=np.int64)


def _lead_limit(document: InstanceDocument, bound: IntArray) -> IntArray:
    return np.full_like(bound, len(document.communes)) if counts_overlead(document.policy) else bound


def _volunteers(
    volunteers: Iterable[InstanceVolunteer], column: dict[str, int], fields: Sequence[str]
) -> tuple[IntArray, tuple[Staffing, ...]]:
    """Volunteers of one school who know the same needed fields are one group."""
    bit = {f: 1 << k for k, f in enumerate(fields)}
    capacity = np.zeros(len(column), dtype=np.int64)
    groups: list[dict[int, int]] = [{} for _ in column]
    for v in volunteers:
        days = min(v.max_days, len(v.days))
        if not v.skills or not days:
            continue
        school = column[v.school]
        capacity[school] += days
        mask = sum(bit.get(f, 0) for f in v.skills)
        groups[school][mask] = groups[school].get(mask, 0) + days
    return capacity, tuple(make_staffing(group, len(fields)) for group in groups)


def _counts(pairs: Iterable[tuple[str, str]], row: dict[str, int], column: dict[str, int]) -> IntArray:
    counts = np.zeros((len(row), len(column)), dtype=np.int64)
    for c, s in pairs:
        if c in row and s in column:  # the previous plan may name what is gone by now
            counts[row[c], column[s]] += 1
    return counts


def _check(document: InstanceDocument) -> None:
    communes = _unique("communes", "xã", (c.id for c in document.communes))
    schools = _unique("schools", "trường", (s.id for s in document.schools))
    fields = _unique("fields", "lĩnh vực", document.fields)
    _unique("volunteers", "tình nguyện viên", (v.id for v in document.volunteers))
    for k, commune in enumerate(document.communes):
        for field in commune.need:
            _known(f"/communes/{k}/need/{field}", "lĩnh vực", "field", field, fields)
    for k, volunteer in enumerate(document.volunteers):
        _known(f"/volunteers/{k}/school", "trường", "school", volunteer.school, schools)
        if len(set(volunteer.days)) != len(volunteer.days):
            raise ProblemError(f"/volunteers/{k}/days", "một ngày ghi hai lần", "a weekday is listed twice")
    if len(document.dist_m) != len(communes):
        raise _wrong_size("/dist_m", len(communes), len(document.dist_m), "rows (communes)")
    for k, distances in enumerate(document.dist_m):
        if len(distances) != len(schools):
            raise _wrong_size(f"/dist_m/{k}", len(schools), len(distances), "columns (schools)")
    named = [("pins", k, p.commune, p.school) for k, p in enumerate(document.pins)]
    named += [("forbid", k, c, s) for k, (c, s) in enumerate(document.forbid)]
    named += [("existing", k, c, s) for k, (c, s) in enumerate(document.existing)]
    for name, k, commune_id, school_id in named:
        _known(f"/{name}/{k}", "xã", "commune", commune_id, communes)
        _known(f"/{name}/{k}", "trường", "school", school_id, schools)
    for k, edge in enumerate(document.edges):
        for end in edge:
            _known(f"/edges/{k}", "xã", "commune", end, communes)


def _unique(name: str, word_vi: str, identifiers: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for k, identifier in enumerate(identifiers):
        if identifier in seen:
            place = f"/{name}/{k}" if name == "fields" else f"/{name}/{k}/id"
            raise ProblemError(place, f"{word_vi} {identifier} ghi hai lần", f"{identifier} is listed twice")
        seen.add(identifier)
    return seen


def _known(pointer: str, word_vi: str, word_en: str, identifier: str, known: set[str]) -> None:
    if identifier not in known:
        raise ProblemError(
            pointer,
            f"không có {word_vi} {identifier!r} trong tài liệu",
            f"there is no {word_en} {identifier!r} in the document",
        )


def _wrong_size(pointer: str, wanted: int, found: int, what: str) -> ProblemError:
    return ProblemError(pointer, f"cần {wanted} phần tử, có {found}", f"{wanted} {what} are wanted, {found} given")
