"""Explanations hold: moves have the effect they state, refusals name the rule, replacements are ranked and checked."""

from random import Random
from typing import Any

import pytest
from commune_schemas.documents import PlacementDocument, PlacementSolution
from matching_worker.model.outcome import Limits, Outcome, ProblemError, Status
from matching_worker.model.placement import solve, verify
from matching_worker.model.placement.explain import explain_person, explain_refusal, explain_unmet
from matching_worker.model.placement.replace import replacements

from tests.matching_worker.placement.tiny import make_tiny


def make_document(**changes: Any) -> PlacementDocument:
    """One lecturer and three students for two communes; `far` is too far for the student s3."""
    base: dict[str, Any] = {
        "schema": "mw-placement/1",
        "id": "town",
        "fields": ["kpi", "pasc"],
        "communes": [
            {"id": "near", "need": {"kpi": 2, "pasc": 3}, "presence": [1, 0, 0, 0, 0]},
            {"id": "far", "need": {"kpi": 1}},
        ],
        "volunteers": [
            {"id": "l", "role": "lecturer", "skills": {"kpi": 1}, "days": [0, 1], "max_days": 2},
            {"id": "s1", "skills": {"pasc": 1}, "days": [0, 1, 2], "max_days": 2},
            {"id": "s2", "skills": {"pasc": 1}, "days": [0, 1, 2], "max_days": 2},
            {"id": "s3", "skills": {"kpi": 1}, "days": [3], "max_days": 1, "max_m": 10_000},
        ],
        "dist_m": {
            "l": {"near": 5_000, "far": 20_000},
            "s1": {"near": 4_000, "far": 20_000},
            "s2": {"near": 6_000, "far": 20_000},
            "s3": {"near": 3_000, "far": 20_000},
        },
        "policy": {"students_per_lecturer": 2},
    }
    return PlacementDocument.model_validate(base | changes)


def solved(document: PlacementDocument) -> tuple[Outcome, PlacementSolution]:
    outcome = solve(document, limits=Limits())
    assert outcome.status is Status.OPTIMAL
    assert isinstance(outcome.solution, PlacementSolution)
    return outcome, outcome.solution


def test_a_person_is_told_why_here_and_why_not_there() -> None:
    document = make_document()
    _, solution = solved(document)
    reasons = explain_person(document, solution, "l")
    assert (reasons.commune, reasons.work) == ("near", {"kpi": 2})
    assert "thứ Hai" in reasons.vi
    assert [(a.commune, a.rule) for a in reasons.alternatives] == [(None, "P5"), ("far", "P5")]
    assert explain_refusal(document, solution, "s3", "far").rule == "P3"
    assert explain_person(document, solution, "s3").commune is None
    with pytest.raises(ProblemError):
        explain_person(document, solution, "nobody")


def test_unmet_need_names_who_could_help_and_the_cheapest_mend() -> None:
    document = make_document()
    _, solution = solved(document)
    (reason,) = explain_unmet(document, solution, "far")
    assert (reason.subject, reason.missing, reason.able, reason.placed_elsewhere) == ("kpi", 1, 1, 1)
    assert reason.mend is None  # the only one able supervises the students at `near`
    assert explain_unmet(document, solution, "near") == []


def test_replacements_are_ranked_by_their_effect_on_each_level() -> None:
    document = make_document(policy={"students_per_lecturer": 2})
    outcome, solution = solved(document)
    offers = replacements(document, solution, vacancy="s2")
    assert [offer.people for offer in offers] == [("s3",), ()]  # s3 lives nearer than l, whose work is shared
    assert offers[0].effect["unmet"] == 1
    for offer in offers:
        assert {k: outcome.objective[k] + v for k, v in offer.effect.items()} == offer.objective
    assert replacements(document, solution, vacancy="l") == []  # nobody else may supervise
    with pytest.raises(ProblemError):
        replacements(document, solution, vacancy="s3")


def test_every_allowed_single_move_of_a_best_plan_is_no_better() -> None:
    for seed in range(0, 90, 3):
        document = make_tiny(Random(seed), decisions=False)
        _, solution = solved(document)
        for person in document.volunteers:
            for other in explain_person(document, solution, person.id).alternatives:
                assert other.effect is None or tuple(other.effect.values()) >= (0, 0), (seed, person.id)
        for commune in document.communes:
            for reason in explain_unmet(document, solution, commune.id):
                assert reason.mend is None or tuple((reason.mend.effect or {}).values()) >= (0, 0)


def test_no_replacement_beats_the_best_plan_without_the_person() -> None:
    for seed in range(1, 120, 4):
        document = make_tiny(Random(seed), decisions=False)
        _, solution = solved(document)
        for person, *_ in solution.place:
            without = [v.model_copy(update={"max_days": 0}) if v.id == person else v for v in document.volunteers]
            best, plan = solved(document.model_copy(update={"volunteers": without}))
            assert verify(document, plan).accepted
            for offer in replacements(document, solution, vacancy=person):
                assert tuple(offer.objective.values()) >= tuple(best.objective.values()), (seed, person)
