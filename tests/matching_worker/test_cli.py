"""The command line: all four kinds of document, exit statuses, certificates, and bad files of every sort."""

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from matching_worker.cli.commands import main

DOCUMENTS = Path(__file__).parent / "documents"
JUDGE = Path(__file__).parents[1] / "support" / "judge" / "check.py"
OPTIMAL, BAD_INPUT, FEASIBLE, INFEASIBLE, SOLVER_FAILED = 0, 1, 2, 3, 4
EXAMPLES = sorted(path.stem for path in (DOCUMENTS / "examples").glob("*.json"))
QUICK = [name for name in EXAMPLES if name[:3] in ("A04", "A07", "B03", "C02", "D03")]


def example(name: str) -> Path:
    return DOCUMENTS / "examples" / f"{name}.json"


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", QUICK)
def test_an_example_is_solved_to_the_optimum_that_the_judge_expects(name: str, tmp_path: Path) -> None:
    out = tmp_path / "solution.json"
    assert main(["solve", str(example(name)), "--out", str(out)]) == OPTIMAL
    expected = DOCUMENTS / "expected" / f"{name}.json"
    judged = subprocess.run([sys.executable, JUDGE, example(name), out, expected], check=False, capture_output=True)
    assert judged.returncode == 0, judged.stdout.decode()
    certificate = read(tmp_path / "solution.certificate.json")
    assert certificate["status"] == "optimal"
    assert certificate["verified"] is True
    assert certificate["objective"] == certificate["bound"] == read(expected)["objective"]
    assert main(["check", str(example(name)), str(out)]) == 0


def test_solving_again_from_another_layout_of_the_file_gives_the_same_plan_and_certificate(tmp_path: Path) -> None:
    content = read(example("D03_tight_balance"))
    laid_out_anew = write(tmp_path / "anew.json", dict(reversed(list(content.items()))))
    certificates = []
    for problem, out in ((example("D03_tight_balance"), "first.json"), (laid_out_anew, "second.json")):
        assert main(["solve", str(problem), "--out", str(tmp_path / out), "--seed", "7"]) == OPTIMAL
        certificates.append(read((tmp_path / out).with_suffix(".certificate.json")) | {"seconds": 0})
    assert certificates[0] == certificates[1]
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()


def test_an_old_solution_may_be_the_start(tmp_path: Path) -> None:
    problem, old, new = example("D03_tight_balance"), tmp_path / "old.json", tmp_path / "new.json"
    assert main(["solve", str(problem), "--out", str(old)]) == OPTIMAL
    assert main(["solve", str(problem), "--out", str(new), "--warm-start", str(old)]) == OPTIMAL
    assert read(old) == read(new)


def test_a_work_limit_leaves_a_checked_plan_with_its_gap_stated(tmp_path: Path) -> None:
    two_markets = {
        "schema": "mw-secondment/1",
        "id": "two markets",
        "posts": [{"id": f"q{one}", "commune": f"c{one}", "field": "it"} for one in "ab"],
        "people": [{"id": f"p{one}", "kind": "internal", "unit": f"u{one}", "fields": ["it"]} for one in "ab"],
        "dist_m": {"ua": {"ca": 5000}, "ub": {"cb": 7000}},
    }
    problem, out = write(tmp_path / "problem.json", two_markets), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out), "--work-limit", "1"]) == FEASIBLE
    certificate = read(tmp_path / "solution.certificate.json")
    assert certificate["status"] == "feasible"
    assert certificate["verified"] is True
    assert any(certificate["gap"].values())
    assert main(["check", str(problem), str(out)]) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_the_command_still_starts_brings_a_checked_plan(
    number: signal.Signals, tmp_path: Path
) -> None:
    problem, out = tmp_path / "problem.json", tmp_path / "solution.json"
    os.mkfifo(problem)
    command = [str(Path(sys.executable).with_name("matching-worker")), "solve", str(problem), "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as solving:
        with problem.open("wb") as pipe:  # opens when the command begins to read, long before it solves
            solving.send_signal(number)
            pipe.write(example("A02_dienbien").read_bytes())
        _, said = solving.communicate(timeout=60)
    proved_meanwhile = solving.returncode == OPTIMAL  # where the wish is heard late, on a machine that is busy
    assert proved_meanwhile or solving.returncode == FEASIBLE, said.decode()
    assert main(["check", str(example("A02_dienbien")), str(out)]) == 0


def test_a_limit_that_comes_before_any_plan_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three groups of odd weight from communes that are even, but for one: no plan, and a search to see it."""
    ids = [f"{number:02}" for number in range(19)]
    odd = {
        "schema": "mw-groups/1",
        "id": "odd",
        "communes": [{"id": one, "weight": 3 if one == ids[0] else 2} for one in ids],
        "edges": [*itertools.combinations(ids, 2)],
        "k": 3,
        "lo": 13,
        "hi": 13,
        "dist_km": {a: {b: abs(int(a) - int(b)) for b in ids} for a in ids},
    }
    problem, out = write(tmp_path / "problem.json", odd), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out), "--work-limit", "1"]) == SOLVER_FAILED
    vietnamese, english = capsys.readouterr().err.strip().splitlines()[-2:]
    assert vietnamese.startswith("Hết giới hạn")
    assert english.startswith("A limit was reached before any plan was found")
    assert not out.exists()


def test_an_infeasible_problem_names_its_conflict(tmp_path: Path) -> None:
    content = read(example("D03_tight_balance")) | {"lo": 100, "hi": 100}
    problem, out = write(tmp_path / "problem.json", content), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out)]) == INFEASIBLE
    solution = read(out)
    assert solution["status"] == "infeasible"
    assert {member["rule"] for member in solution["conflict"]} == {"D1", "D3"}
    assert main(["check", str(problem), str(out)]) == INFEASIBLE


def test_a_solver_without_memory_ends_with_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["solve", str(example("C02_posts_exceed_people")), "--out", str(tmp_path / "s.json")]
    assert main([*arguments, "--memory-mb", "5"]) == SOLVER_FAILED
    assert "memory" in capsys.readouterr().err
    assert not (tmp_path / "s.json").exists()


def test_a_plan_that_breaks_a_rule_is_refused_by_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = read(example("D03_tight_balance"))
    everyone_together = {"group": {commune["id"]: 0 for commune in content["communes"]}}
    solution = write(tmp_path / "solution.json", everyone_together)
    assert main(["check", str(example("D03_tight_balance")), str(solution)]) == BAD_INPUT
    assert "D4" in capsys.readouterr().out


def test_a_placement_is_explained_for_one_commune(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, out = example("B03_single_weekday"), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out)]) == OPTIMAL
    (person, commune, _), *_ = read(out)["place"]
    capsys.readouterr()
    assert main(["explain", str(problem), str(out), "--commune", commune]) == 0
    assert person in capsys.readouterr().out
    assert main(["explain", str(problem), str(out), "--commune", "nowhere"]) == BAD_INPUT


def test_a_lead_is_explained_in_both_languages_with_the_cost_of_the_next_best(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, out = example("A10_duplicates"), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out)]) == OPTIMAL
    commune, lead = next(iter(read(out)["lead"].items()))
    other = next(school["id"] for school in read(problem)["schools"] if school["id"] != lead)
    capsys.readouterr()
    arguments = ["explain", str(problem), str(out), "--commune", commune]
    assert main([*arguments, "--school", other, "--resolve"]) == 0
    said = capsys.readouterr().out
    assert "Chuyển riêng xã này" in said
    assert "Best single move" in said
    assert "Solved anew" in said
    assert main([*arguments, "--school", "nowhere"]) == BAD_INPUT


@pytest.mark.parametrize(("name", "level"), [("C02_posts_exceed_people", "unfilled"), ("D03_tight_balance", "cost")])
def test_posts_and_groups_are_explained_in_both_languages_and_as_data(
    name: str, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, out = example(name), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out)]) == OPTIMAL
    place = "posts" if name.startswith("C") else "communes"
    commune = read(problem)[place][0]["commune" if place == "posts" else "id"]
    capsys.readouterr()
    arguments = ["explain", str(problem), str(out), "--commune", commune]
    assert main(arguments) == 0
    vietnamese, english = capsys.readouterr().out.strip().split("\n\n")
    assert vietnamese.count("\n") == english.count("\n")
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["data"]["commune"] == commune
    assert (told["text_vi"], told["text_en"]) == (vietnamese, english)
    assert level in json.dumps(told["data"])
    assert main(["explain", str(problem), str(out), "--commune", "nowhere"]) == BAD_INPUT


def test_a_file_that_states_there_is_no_plan_is_explained_by_its_conflict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = read(example("D03_tight_balance")) | {"lo": 100, "hi": 100}
    problem, out = write(tmp_path / "problem.json", content), tmp_path / "solution.json"
    assert main(["solve", str(problem), "--out", str(out)]) == INFEASIBLE
    capsys.readouterr()
    assert main(["explain", str(problem), str(out), "--commune", "03388"]) == INFEASIBLE
    said = capsys.readouterr().out
    assert "D1: mỗi xã thuộc đúng một trong 3 nhóm" in said
    assert "D3: mỗi nhóm nặng ít nhất 100" in said


INSTANCE = read(DOCUMENTS / "examples" / "A10_duplicates.json")
LECTURERS = "/policy/max_communes_per_lecturer"
GROUPS = read(DOCUMENTS / "examples" / "D03_tight_balance.json")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "/"),
        (b"not json", "/"),
        (b"\xff\xfe\x00", "/"),
        (b"[1, 2]", "/"),
        (b"[" * 100_000, "/"),
        (b'{"schema": "mw-groups/1", "k": ' + b"9" * 5000 + b"}", "/"),
        (b'{"schema": "mw-unknown/9"}', "/schema"),
        (b'{"schema": {"a": 1}}', "/schema"),
        (b'{"schema": "mw-groups/1", "id": "x"}', "/communes"),
        (json.dumps(GROUPS | {"k": 0}).encode(), "/k"),
        (json.dumps(GROUPS | {"k": "three"}).encode(), "/k"),
        (json.dumps(GROUPS | {"k": 10**30}).encode(), "/k"),
        (json.dumps(GROUPS | {"k": "3"}).encode(), "/k"),
        (json.dumps(GROUPS | {"k": True}).encode(), "/k"),
        (json.dumps(GROUPS | {"lo": float("nan")}).encode(), "/lo"),
        (json.dumps(GROUPS | {"hi": 10**40}).encode(), "/hi"),
        (json.dumps(GROUPS | {"communes": GROUPS["communes"] * 2}).encode(), "/communes/12/id"),
        (json.dumps(INSTANCE | {"policy": {"max_communes_per_lecturer": float("inf")}}).encode(), LECTURERS),
        (json.dumps(INSTANCE | {"policy": {"max_communes_per_lecturer": "2"}}).encode(), LECTURERS),
        (json.dumps(GROUPS | {"edges": [5]}).encode(), "/edges/0"),
        (json.dumps(GROUPS | {"communes": [{"id": "a", "weight": -1}]}).encode(), "/communes/0/weight"),
        (json.dumps(GROUPS | {"edges": [["03388", "nowhere"]]}).encode(), "/edges/0"),
        (json.dumps(GROUPS | {"dist_km": {}}).encode(), "/dist_km/03388/03388"),
    ],
)
def test_bad_input_is_refused_with_its_place_in_two_languages(
    content: bytes, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = tmp_path / "problem.json"
    problem.write_bytes(content)
    assert main(["solve", str(problem), "--out", str(tmp_path / "s.json")]) == BAD_INPUT
    vietnamese, english = capsys.readouterr().err.strip().splitlines()[-2:]
    assert vietnamese.startswith(f"Dữ liệu sai tại {place}: ")
    assert english.startswith(f"Bad input at {place}: ")
    assert vietnamese.split(": ", 1)[1] != english.split(": ", 1)[1]
    assert not any(word in vietnamese for word in ("should", "must", "Input"))
    assert not (tmp_path / "s.json").exists()


def test_a_whole_number_may_be_written_with_a_point_or_an_exponent(tmp_path: Path) -> None:
    text = json.dumps(GROUPS).replace('"k": 3', '"k": 3.0').replace('"lo": 15', '"lo": 1.5e1')
    problem = tmp_path / "problem.json"
    problem.write_text(text)
    assert '"k": 3.0' in text
    assert '"lo": 1.5e1' in text
    assert main(["solve", str(problem), "--out", str(tmp_path / "s.json")]) == OPTIMAL


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve"],
        ["solve", "missing.json", "--out", "s.json"],
        ["solve", str(example("D03_tight_balance")), "--out", "/nowhere/at/all.json"],
        ["solve", str(example("D03_tight_balance")), "--out", "s.json", "--time-limit", "-1"],
        ["solve", str(example("D03_tight_balance")), "--out", "s.json", "--seed", "many"],
        ["check", str(example("D03_tight_balance")), str(example("C02_posts_exceed_people"))],
        ["dance"],
    ],
)
def test_a_command_that_cannot_be_done_ends_with_status_1(arguments: list[str]) -> None:
    assert main(arguments) == BAD_INPUT
