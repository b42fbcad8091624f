"""Explanations hold: moves have the effect they state, refusals name the rule, replacements are ranked and checked."""

from random import Random
from typing import Any

import pytest
from commune_schemas.documents import FieldName, PlacementDocument, PlacementSolution, PlacementVolunteer
from commune_verify.placement import verify
from matching_worker.model.outcome import Limits, Outcome, ProblemError, Status
from matching_worker.model.placement.explain.explain import explain_person, explain_refusal
from matching_worker.model.placement.explain.reasons import UnmetReasons
from matching_worker.model.placement.explain.replace import replacements
from matching_worker.model.placement.explain.shortfall import explain_unmet
from matching_worker.model.placement.solve import solve

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
    assert (reason.field, reason.missing, reason.able, reason.placed_elsewhere) == ("kpi", 1, 1, 1)
    assert reason.rule == "P1"
    assert reason.mend is None  # the only one able supervises the students at `near`
    assert explain_unmet(document, solution, "near") == []


def with_newcomer(document: PlacementDocument, reason: UnmetReasons) -> PlacementDocument:
    """One more lecturer, as near as the nearest of the school; and as many changes more as that takes."""
    nearest = {c.id: min(row[c.id] for row in document.dist_m.values()) for c in document.communes}
    skills = {reason.field: 3} if reason.field else {}
    lecturer = PlacementVolunteer(id="new", role="lecturer", skills=skills, days=[0, 1, 2, 3, 4])
    cap = document.policy.max_changes
    policy = document.policy.model_copy(
        update={"max_changes": None if cap is None else cap + reason.newcomer.beyond_cap}
    )
    volunteers, distances = [*document.volunteers, lecturer], {**document.dist_m, "new": nearest}
    return document.model_copy(update={"volunteers": volunteers, "dist_m": distances, "policy": policy})


def test_one_more_lecturer_at_the_school_mends_what_is_told() -> None:
    """The plan with the newcomer in it keeps every rule and costs to the unit what was told."""
    tried: set[bool] = set()
    for seed in range(0, 120, 2):
        document = make_tiny(Random(seed), decisions=seed % 4 == 0)
        outcome = solve(document, limits=Limits())
        if not isinstance(outcome.solution, PlacementSolution):
            continue
        for commune in document.communes:
            for reason in explain_unmet(document, outcome.solution, commune.id):
                place = [*outcome.solution.place, ("new", commune.id, list(reason.newcomer.days))]
                work = list(outcome.solution.work)
                if reason.field:
                    work.append(("new", commune.id, reason.field, reason.newcomer.mended))
                verdict = verify(with_newcomer(document, reason), PlacementSolution(place=place, work=work))
                assert verdict.accepted, (seed, verdict.violations)
                told = {level: outcome.objective[level] + n for level, n in reason.newcomer.effect.items()}
                assert verdict.objective == told, seed
                tried.add(reason.field is None)
    assert tried == {True, False}, "fields and weekdays"


def test_the_best_person_to_send_has_the_effect_that_is_told() -> None:
    """Solved with everyone bound to where they would be then: the same objective."""
    tried = 0
    for seed in range(0, 240, 2):
        document = make_tiny(Random(seed), decisions=False)
        outcome = solve(document, limits=Limits())
        if not isinstance(outcome.solution, PlacementSolution):
            continue
        for commune in document.communes:
            for mend in [r.mend for r in explain_unmet(document, outcome.solution, commune.id) if r.mend is not None]:
                where = {person: at for person, at, _ in outcome.solution.place}
                assert where.get(mend.person) == mend.origin
                team = next(v.team for v in document.volunteers if v.id == mend.person)
                moved = {v.id for v in document.volunteers if v.id == mend.person or (team and v.team == team)}
                bound = bind(document, {**where, **dict.fromkeys(moved, commune.id)})
                told = {level: outcome.objective[level] + n for level, n in mend.effect.items()}
                assert solve(bound, limits=Limits()).objective == told, seed
                tried += 1
    assert tried > 10


def bind(document: PlacementDocument, where: dict[str, str]) -> PlacementDocument:
    """Everyone to that commune, or nowhere."""
    everywhere = [commune.id for commune in document.communes]
    volunteers = [
        v.model_copy(update={"pinned_commune": where[v.id]} if v.id in where else {"forbidden_communes": everywhere})
        for v in document.volunteers
    ]
    return document.model_copy(update={"volunteers": volunteers})


def test_what_a_cap_on_changes_forbids_is_told_with_the_changes_it_would_take() -> None:
    base = make_document()
    before = [v.model_copy(update={"previous_commune": "near", "previous_days": [0, 1]}) for v in base.volunteers[:2]]
    document = base.model_copy(
        update={
            "volunteers": [*before, *base.volunteers[2:]],
            "policy": base.policy.model_copy(update={"keep_previous": True, "max_changes": 0}),
        }
    )
    _, solution = solved(document)
    (reason,) = [r for r in explain_unmet(document, solution, "near") if r.field == "pasc"]
    assert (reason.rule, reason.newcomer.beyond_cap) == ("P9", 1)
    assert reason.mend is not None
    assert (reason.mend.person, reason.mend.origin, reason.mend.beyond_cap) == ("s2", None, 1)
    assert "Nếu cho phép thêm 1 thay đổi (P9)" in reason.mend.vi
    assert explain_refusal(document, solution, "s2", "near").rule == "P9"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"skills": {}}, "P4"),
        ({"max_m": 1_000}, "P3"),
        ({"forbidden_communes": ["far"]}, "P7"),
        ({"days": []}, "P2"),
    ],
)
def test_unmet_need_names_the_rule_that_keeps_help_away(changes: dict[str, Any], rule: str) -> None:
    base = make_document()
    nobody_goes_far = [v.model_copy(update=changes if "kpi" in v.skills else {}) for v in base.volunteers]
    document = base.model_copy(update={"volunteers": nobody_goes_far})
    outcome = solve(document, limits=Limits())
    assert isinstance(outcome.solution, PlacementSolution)
    (reason,) = explain_unmet(document, outcome.solution, "far")
    assert reason.rule == rule
    assert reason.vi.startswith("Thiếu 1 ngày công “kpi” mỗi tuần")


def test_students_kept_at_home_by_supervision_are_told_so() -> None:
    document = make_document(policy={"students_per_lecturer": 1})
    _, solution = solved(document)
    (reason,) = [r for r in explain_unmet(document, solution, "near") if r.field == "pasc"]
    assert reason.rule == "P5"
    assert "hướng dẫn" in reason.vi


def test_words_name_fields_and_communes_where_the_document_does() -> None:
    document = make_document()
    named = [c.model_copy(update={"name": f"Xã {c.id}"}) for c in document.communes]
    fields = {"kpi": FieldName(vi="Đánh giá KPI", en="KPI assessment")}
    document = document.model_copy(update={"communes": named, "field_names": fields})
    (reason,) = explain_unmet(document, solved(document)[1], "far")
    assert "“Đánh giá KPI”" in reason.vi
    assert "“KPI assessment”" in reason.en


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
