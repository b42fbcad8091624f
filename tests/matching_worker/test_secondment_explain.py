"""Stage C's explanations: each stated effect is what the independent check finds in the plan with that change made."""

from itertools import product
from typing import Any

import pytest
from commune_schemas.documents import SecondmentDocument, SecondmentPerson, SecondmentSolution
from commune_verify.secondment import verify
from matching_worker.model.outcome import Limits, ProblemError
from matching_worker.model.secondment.explain import Alternative, Explanation, PostReasons, explain
from matching_worker.model.secondment.solve import solve

from tests.matching_worker.test_secondment import make_market

LEVELS = ("unfilled", "province", "travel_km")


def solved(problem: SecondmentDocument) -> SecondmentSolution:
    solution = solve(problem, limits=Limits()).solution
    assert isinstance(solution, SecondmentSolution)
    return solution


def town(**changes: Any) -> SecondmentDocument:
    """Two posts, a neighbour who knows both fields, someone far off, and one from a provincial agency."""
    base: dict[str, Any] = {
        "schema": "mw-secondment/1",
        "id": "town",
        "posts": [
            {"id": "q-it", "commune": "c1", "field": "it", "priority": 3},
            {"id": "q-land", "commune": "c2", "field": "land", "priority": 1},
        ],
        "people": [
            {"id": "near", "kind": "internal", "unit": "u1", "fields": ["it", "land"]},
            {"id": "far", "kind": "internal", "unit": "u2", "fields": ["it"]},
            {"id": "agency", "kind": "province", "unit": "DEPT", "fields": ["it"]},
        ],
        "dist_m": {
            "u1": {"c1": 5_000, "c2": 6_000},
            "u2": {"c1": 40_000, "c2": 40_000},
            "DEPT": {"c1": 9_000, "c2": 9_000},
        },
        "policy": {"max_move_m": 50_000},
    }
    return SecondmentDocument.model_validate(base | changes)


def with_change(problem: SecondmentDocument, solution: SecondmentSolution, told: Alternative) -> dict[str, int]:
    """The objective of the plan with the change made, in the problem with its mend made; it must keep every rule."""
    if told.kind == "newcomer":
        return with_newcomer(problem, solution, told)
    if told.kind == "relax" and told.rule == "C4":
        problem = problem.model_copy(update={"policy": problem.policy.model_copy(update={"max_move_m": 10**8})})
    if told.kind == "relax" and told.rule == "C3":
        problem = problem.model_copy(update={"forbid": []})
    person_at = {post: person for person, post in solution.moves} | told.filled
    moves = [(person, post) for post, person in person_at.items() if person is not None]
    verdict = verify(problem, SecondmentSolution(moves=moves))
    assert verdict.accepted, verdict.violations
    return dict(verdict.objective)


def with_newcomer(problem: SecondmentDocument, solution: SecondmentSolution, told: Alternative) -> dict[str, int]:
    """One more person of the unit for the empty post that the mend is about: whichever it fits."""
    found = []
    empty = [post for post in problem.posts if post.id not in {q for _, q in solution.moves}]
    for post in empty:
        for kind in ("internal", "province"):
            newcomer = SecondmentPerson(id="new", kind=kind, unit=str(told.unit), fields=[post.field])
            grown = problem.model_copy(update={"people": [*problem.people, newcomer]})
            verdict = verify(grown, SecondmentSolution(moves=[*solution.moves, ("new", post.id)]))
            if verdict.accepted:
                found.append(dict(verdict.objective))
    before = verify(problem, solution).objective
    stated = {level: before[level] + told.change[level] for level in LEVELS}
    assert stated in found
    return stated


def every_told(problem: SecondmentDocument, solution: SecondmentSolution, **asked: Any) -> list[Explanation]:
    communes = sorted({post.commune for post in problem.posts})
    return [explain(problem, solution, commune=commune, **asked) for commune in communes]


@pytest.mark.parametrize("block", range(4))
def test_every_stated_change_is_what_the_check_finds_in_the_changed_plan(block: int) -> None:
    kinds: set[str] = set()
    for seed in range(block * 100, block * 100 + 100):
        problem = make_market(seed)
        solution = solved(problem)
        before = verify(problem, solution).objective
        for told in every_told(problem, solution, resolve=True):
            for change in (change for post in told.posts for change in post.alternatives):
                after = with_change(problem, solution, change)
                assert {level: after[level] - before[level] for level in LEVELS} == change.change, (seed, change)
                kinds.add(change.kind)
                if change.kind in ("next", "release", "resolve"):
                    assert tuple(change.change.values()) >= (0, 0, 0), "nothing beats a proved optimum"
    assert kinds == {"next", "release", "relax", "newcomer", "resolve"}


def test_solving_anew_finds_the_best_plan_without_the_pair() -> None:
    tried = 0
    for seed in range(60):
        problem = make_market(seed)
        solution = solved(problem)
        before = verify(problem, solution).objective
        for told in every_told(problem, solution, resolve=True):
            for post in (post for post in told.posts if post.person is not None):
                again = next(change for change in post.alternatives if change.kind == "resolve")
                best = best_without(problem, str(post.person), post.post)
                assert tuple(before[level] + again.change[level] for level in LEVELS) == best, seed
                tried += 1
    assert tried > 40


def best_without(problem: SecondmentDocument, person: str, post: str) -> tuple[int, ...]:
    """By brute force over every choice of a person, or nobody, for each post."""
    found = []
    for choice in product([None, *(one.id for one in problem.people)], repeat=len(problem.posts)):
        moves = [(who, to.id) for who, to in zip(choice, problem.posts, strict=True) if who is not None]
        verdict = verify(problem, SecondmentSolution(moves=moves))
        if verdict.accepted and (person, post) not in moves:
            found.append(tuple(verdict.objective[level] for level in LEVELS))
    return min(found)


def test_a_filled_post_says_who_stands_before_and_where_they_serve() -> None:
    problem = town()
    (it,) = explain(problem, solved(problem), commune="c1").posts
    assert (it.person, it.rule) == ("far", "C1")
    assert "near (u1, 5 km) đứng trước nhưng đang giữ vị trí q-land" in it.vi
    assert [(change.kind, change.filled) for change in it.alternatives] == [("next", {"q-it": "agency"})]
    assert it.alternatives[0].change == {"unfilled": 0, "province": 1, "travel_km": -31}


def test_only_the_nearest_and_the_only_one_are_told_so() -> None:
    alone = town(people=[{"id": "near", "kind": "internal", "unit": "u1", "fields": ["it"]}])
    assert reasons(alone, "c1").rule == "C2"
    two = town(people=[{"id": who, "kind": "internal", "unit": who, "fields": ["it"]} for who in ("u1", "u2")])
    assert (reasons(two, "c1").person, reasons(two, "c1").rule) == ("u1", "travel_km")


def reasons(problem: SecondmentDocument, commune: str) -> PostReasons:
    (post,) = explain(problem, solved(problem), commune=commune).posts
    return post


@pytest.mark.parametrize(
    ("changes", "rule", "kinds"),
    [
        ({"people": [{"id": "p", "kind": "internal", "unit": "u1", "fields": ["it"]}]}, "C2", ["newcomer"]),
        ({"forbid": [("u1", "c2")]}, "C3", ["relax"]),
        ({"policy": {"max_move_m": 5_500}}, "C4", ["relax"]),
    ],
)
def test_an_empty_post_names_the_rule_and_what_would_fill_it(
    changes: dict[str, Any], rule: str, kinds: list[str]
) -> None:
    """A person who is free once the near one is needed for nothing else."""
    problem = town(**changes)
    only_land = [post for post in problem.posts if post.field == "land"]
    land = reasons(problem.model_copy(update={"posts": only_land}), "c2")
    assert (land.person, land.rule) == (None, rule)
    assert [change.kind for change in land.alternatives if change.kind == kinds[0]] == kinds
    assert land.vi
    assert land.en


def test_a_person_asked_about_is_told_the_rule_or_the_cost() -> None:
    problem = town()
    solution = solved(problem)
    (it,) = explain(problem, solution, commune="c1", person="agency").posts
    assert [(one.rule, one.change["province"]) for one in it.why_not] == [(None, 1)]
    (land,) = explain(problem, solution, commune="c2", person="agency").posts
    assert [one.rule for one in land.why_not] == ["C2"]


def test_what_the_documents_do_not_name_is_refused() -> None:
    problem = town()
    for commune, person in (("?", None), ("c1", "?")):
        with pytest.raises(ProblemError):
            explain(problem, solved(problem), commune=commune, person=person)
    empty = town(posts=[])
    told = explain(empty, solved(empty), commune="c1")
    assert (told.posts, told.text_vi) == ((), "c1 không có vị trí nào cần người.")
