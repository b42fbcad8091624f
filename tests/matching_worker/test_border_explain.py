"""Why the border round sends a commune what it does: every number held against the documents and the check."""

import json
from pathlib import Path

import pytest
from commune_schemas.documents import BorderSolution
from commune_verify.border import verify
from matching_worker.cli.commands import main
from matching_worker.model.border.explain import explain
from matching_worker.model.border.solve import solve
from matching_worker.model.outcome import Limits, ProblemError

from tests.matching_worker.test_border import make_border, plan_of


def test_days_given_and_left_add_up_and_every_staff_kept_away_is_counted_under_its_rule() -> None:
    rules = set[str]()
    for seed in range(200):
        problem = make_border(seed, communes=4, staff=6)
        plan = plan_of(solve(problem, limits=Limits()))
        for need in problem.needs:
            for field in explain(problem, plan, commune=need.commune).fields:
                assert sum(one.days for one in field.helpers) + field.left == field.wanted == need.need[field.field]
                if field.left:
                    assert sum(count for _, count in field.barred) == len([one for one in problem.staff if one.days])
                    rules |= {rule for rule, _ in field.barred}
                    assert all(f"({rule})" in field.vi and f"({rule})" in field.en for rule, _ in field.barred)
    assert rules == {"E1", "E2", "E3", "E4"}


def test_who_would_come_instead_costs_what_the_check_counts() -> None:
    asked = 0
    for seed in range(200):
        problem = make_border(seed, communes=3, staff=6)
        plan = plan_of(solve(problem, limits=Limits()))
        before = verify(problem, plan).objective
        for need in problem.needs:
            for field in explain(problem, plan, commune=need.commune).fields:
                if not field.helpers or field.next_best is None:
                    continue
                last, other = field.helpers[-1], field.next_best
                days = {(c, s, f): n for c, s, f, n in plan.support}
                days[need.commune, last.staff, field.field] -= 1
                instead = (need.commune, other.staff, field.field)
                days[instead] = days.get(instead, 0) + 1
                changed = verify(problem, BorderSolution(support=[(*key, n) for key, n in days.items() if n]))
                assert changed.accepted
                assert changed.objective["unmet"] == before["unmet"]
                assert changed.objective["travel_km"] - before["travel_km"] == other.km - last.km >= 0
                asked += 1
    assert asked > 20


def test_a_commune_that_the_document_does_not_name_is_refused_by_name() -> None:
    problem = make_border(3)
    with pytest.raises(ProblemError, match="no commune nowhere"):
        explain(problem, BorderSolution(support=[]), commune="nowhere")


def test_the_command_line_explains_the_border_round_in_both_languages_and_as_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = next(made for made in map(make_border, range(100)) if plan_of(solve(made, limits=Limits())).support)
    path, out = tmp_path / "problem.json", tmp_path / "solution.json"
    path.write_text(problem.model_dump_json(by_alias=True), encoding="utf-8")
    assert main(["solve", str(path), "--out", str(out)]) == 0
    commune = json.loads(out.read_text(encoding="utf-8"))["support"][0][0]
    capsys.readouterr()
    assert main(["explain", str(path), str(out), "--commune", commune]) == 0
    vietnamese, english = capsys.readouterr().out.strip().split("\n\n")
    assert "giúp" in vietnamese
    assert "gives" in english
    assert main(["explain", str(path), str(out), "--commune", commune, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["text_vi"], answer["text_en"]) == (vietnamese, english)
    assert answer["data"]["fields"][0]["helpers"] or answer["data"]["fields"][-1]["helpers"]
    assert main(["explain", str(path), str(out), "--commune", "nowhere"]) == 1
