"""Why this person fills a post of a commune and who would be next, or why a post stays empty and what would fill it.

As data and in words. Single changes are exact, everyone else left where they are; `resolve` solves the whole anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from commune_schemas.documents import SecondmentDocument, SecondmentPerson, SecondmentPost, SecondmentSolution
from commune_verify.secondment import verify
from commune_verify.verdict import Objective

from matching_worker.model.outcome import Limits, ProblemError
from matching_worker.model.secondment import words
from matching_worker.model.secondment.market import LEVELS, PROVINCE, Market, Trial
from matching_worker.model.secondment.rules import C1, C2
from matching_worker.model.secondment.solve import solve


@dataclass(frozen=True)
class Alternative:
    """Posts filled otherwise, or a mend, with what that changes by level (positive is worse)."""

    kind: str
    """'next' | 'resolve' of a filled post; 'release' | 'relax' | 'newcomer' of an empty one."""
    filled: dict[str, str | None]
    """Person by post; empty for one more person."""
    rule: str | None
    """The rule that would have to be lifted ('relax')."""
    unit: str | None
    """Where one more person would come from ('newcomer')."""
    change: Objective
    vi: str
    en: str


@dataclass(frozen=True)
class PersonReason:
    """Why a person does not fill a post: the rule, or what the cheapest way to send them there would change."""

    person: str
    rule: str | None
    change: Objective
    vi: str
    en: str


@dataclass(frozen=True)
class PostReasons:
    post: str
    field: str
    person: str | None
    rule: str | None
    """What decides: C1 to C4, or the level ('travel_km'); None where the plan is not the best."""
    vi: str
    en: str
    alternatives: tuple[Alternative, ...]
    """Of a filled post the next best person and the whole solved anew; of an empty one its mends, cheapest first."""
    why_not: tuple[PersonReason, ...]
    """Of the person asked about."""


@dataclass(frozen=True)
class Explanation:
    commune: str
    posts: tuple[PostReasons, ...]

    @property
    def text_vi(self) -> str:
        return "\n".join([part.vi for part in self._parts()] or [f"{self.commune} không có vị trí nào cần người."])

    @property
    def text_en(self) -> str:
        return "\n".join([part.en for part in self._parts()] or [f"{self.commune} has no post to fill."])

    def _parts(self) -> Iterator[PostReasons | Alternative | PersonReason]:
        for post in self.posts:
            yield post
            yield from post.alternatives
            yield from post.why_not


def explain(
    problem: SecondmentDocument,
    solution: SecondmentSolution,
    *,
    commune: str,
    person: str | None = None,
    resolve: bool = False,
) -> Explanation:
    """Every post of the commune; `person`: also why they fill none or another. `solution` must be an accepted one.

    Raises ProblemError for a commune or person the problem does not know.
    """
    market = Market(problem, solution)
    known = {post.commune for post in problem.posts} | {to for row in problem.dist_m.values() for to in row}
    if commune not in known:
        raise ProblemError("/commune", f"không có xã {commune!r}", f"there is no commune {commune!r}")
    if person is not None and person not in market.people:
        raise ProblemError("/person", f"không có người {person!r}", f"there is no person {person!r}")
    posts = sorted((post for post in problem.posts if post.commune == commune), key=lambda post: post.id)
    return Explanation(commune, tuple(_explain_post(market, solution, post, person, resolve) for post in posts))


def describe_post(market: Market, solution: SecondmentSolution, post: SecondmentPost) -> dict[str, Any]:
    """One post with everybody else who knows its field, in the order they would come, barred ones last."""
    reasons = _explain_post(market, solution, post, None, resolve=False)
    others = [one for one in market.document.people if post.field in one.fields and one.id != reasons.person]
    others.sort(key=lambda one: (bool(market.bars(one, post)), one.kind == PROVINCE, market.metres(one, post), one.id))
    return {
        "person": reasons.person,
        "rule": reasons.rule,
        "vi": reasons.vi,
        "en": reasons.en,
        "alternatives": [asdict(one) for one in reasons.alternatives],
        "candidates": [asdict(_why_not(market, post, one)) for one in others],
    }


def _explain_post(
    market: Market, solution: SecondmentSolution, post: SecondmentPost, asked: str | None, resolve: bool
) -> PostReasons:
    there = market.person_at.get(post.id)
    if there is None:
        rule, because = _why_empty(market, post)
        vi, en = words.stays_empty(post, because)
        alternatives = sorted(_mends(market, post), key=lambda mend: (tuple(mend.change.values()), mend.kind))
    else:
        rule, because = _why_filled(market, post, market.people[there])
        vi, en = words.fills(market, post, there, because)
        again = _solve_without(market, solution, post, there) if resolve else None
        alternatives = [found for found in (_next_best(market, post, there), again) if found is not None]
    reasons = [_why_not(market, post, market.people[asked])] if asked not in (None, there) else []
    return PostReasons(post.id, post.field, there, rule, vi, en, tuple(alternatives), tuple(reasons))


def _why_filled(market: Market, post: SecondmentPost, there: SecondmentPerson) -> tuple[str | None, words.Both]:
    able = market.able(post)
    if len(able) == 1:
        return C2, words.only_one()
    first = min(able, key=lambda person: market.order(person, post))
    if market.order(first, post)[:2] == market.order(there, post)[:2]:
        return "travel_km", words.nearest(len(able))
    best = min(market.send(first, post), key=lambda trial: trial.rank)
    rule = C1 if first.id in market.post_of else None
    return rule, words.nearer_serves(market, post, first.id, best.change)


def _why_empty(market: Market, post: SecondmentPost) -> tuple[str | None, words.Both]:
    able = market.able(post)
    if able:
        free = next((person.id for person in able if person.id not in market.post_of), None)
        return (C1, words.all_serve(len(able))) if free is None else (None, words.not_best(free))
    knowing = [person for person in market.document.people if post.field in person.fields]
    bars = Counter(rule for person in knowing for rule in market.bars(person, post))
    rule = min(bars, key=lambda name: (-bars[name], name), default=C2)
    return rule, words.nobody_able(market, rule, len(knowing))


def _next_best(market: Market, post: SecondmentPost, there: str) -> Alternative | None:
    others = (person for person in market.able(post) if person.id != there)
    best = min((t for person in others for t in market.send(person, post)), key=lambda t: t.rank, default=None)
    return None if best is None else _as_alternative("next", best, words.next_best(best.filled, best.change))


def _mends(market: Market, post: SecondmentPost) -> Iterator[Alternative]:
    """The cheapest of each kind: someone of another post, someone a rule bars, one more person."""
    released = [trial for person in market.able(post) for trial in market.send(person, post)]
    if released:
        best = min(released, key=lambda trial: trial.rank)
        yield _as_alternative("release", best, words.release(best.filled, best.change))
    barred = [
        (tuple(change.values()), person.id, bars[0], change)
        for person in market.document.people
        if person.id not in market.post_of and post.commune in market.document.dist_m[person.unit]
        if len(bars := market.bars(person, post)) == 1 and bars[0] != C2
        for change in [market.price(person, post)]
    ]
    if barred:
        _, person_id, rule, change = min(barred, key=lambda found: found[:2])
        vi, en = words.relax(market, post, person_id, rule, change)
        yield Alternative("relax", {post.id: person_id}, rule, None, change, vi, en)
    units = [(tuple(change.values()), unit, change) for unit, _, change in market.newcomers(post)]
    if units:
        _, unit, change = min(units, key=lambda found: found[:2])
        vi, en = words.newcomer(post, unit, change)
        yield Alternative("newcomer", {}, None, unit, change, vi, en)


def _why_not(market: Market, post: SecondmentPost, person: SecondmentPerson) -> PersonReason:
    rule = next(iter(market.bars(person, post)), None)
    change: Objective = {}
    if rule is None:
        change = min(market.send(person, post), key=lambda trial: trial.rank).change
    return PersonReason(person.id, rule, change, *words.why_not(market, post, person.id, rule, change))


def _solve_without(
    market: Market, solution: SecondmentSolution, post: SecondmentPost, there: str
) -> Alternative | None:
    """The best plan in which that person does not fill that post."""
    document = market.document
    again = solve(_barring(document, post, there), limits=Limits()).solution
    if not isinstance(again, SecondmentSolution):
        return None
    before, after = verify(document, solution).objective, verify(document, again).objective
    change = {level: after[level] - before[level] for level in LEVELS}
    now = {moved: person for person, moved in again.moves}
    filled = {one: now.get(one) for one in market.posts if now.get(one) != market.person_at.get(one)}
    people = len({p for p, q in again.moves if market.post_of.get(p) != q} | (set(market.post_of) - set(now.values())))
    vi, en = words.resolved(people, change)
    return Alternative("resolve", filled, None, None, change, vi, en)


def _barring(document: SecondmentDocument, post: SecondmentPost, person: str) -> SecondmentDocument:
    """The same problem without one pair: the post gets a field of its own, known by everyone else who may fill it."""
    own = f"{post.field}#{post.id}"
    posts = [one.model_copy(update={"field": own}) if one.id == post.id else one for one in document.posts]
    people = [
        one.model_copy(update={"fields": [*one.fields, own]}) if post.field in one.fields and one.id != person else one
        for one in document.people
    ]
    return document.model_copy(update={"posts": posts, "people": people})


def _as_alternative(kind: str, trial: Trial, both: words.Both) -> Alternative:
    return Alternative(kind, dict(trial.filled), None, None, trial.change, *both)
