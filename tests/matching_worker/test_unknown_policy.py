"""A key of `policy` that nobody knows: a slip is refused before it costs a rule, any other is named, never ignored."""

import json
from pathlib import Path
from typing import Any

import pytest
from matching_worker.cli.commands import main

from tests.matching_worker.test_cli import BAD_INPUT, OPTIMAL, example, read, write


def with_policy(tmp_path: Path, **policy: Any) -> Path:
    content = read(example("A07_ties_grid"))
    known = {key: value for key, value in content["policy"].items() if key in ("max_support", "theta_pct")}
    return write(tmp_path / "problem.json", content | {"policy": known | policy})


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("max_suport", "max_support"),
        ("maxSupport", "max_support"),
        ("theta-pct", "theta_pct"),
        ("contigiuty", "contiguity"),
    ],
)
def test_a_slip_of_a_known_key_is_refused_with_the_key_that_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], slip: str, meant: str
) -> None:
    out = tmp_path / "solution.json"
    assert main(["solve", str(with_policy(tmp_path, **{slip: 1})), "--out", str(out)]) == BAD_INPUT
    words = capsys.readouterr().err
    assert f"/policy/{slip}" in words
    assert f"'{meant}'" in words
    assert not out.exists()


def test_another_key_is_named_on_standard_error_and_in_the_certificate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "solution.json"
    problem = with_policy(tmp_path, students_per_lecturer=3)
    assert main(["solve", str(problem), "--out", str(out)]) == OPTIMAL
    assert "'students_per_lecturer'" in capsys.readouterr().err
    (note,) = read(out.with_suffix(".certificate.json"))["notes"]
    assert "không biết khóa đó" in note
    assert "does not know it" in note
    assert main(["check", str(problem), str(out)]) == OPTIMAL
    assert "'students_per_lecturer'" in capsys.readouterr().err


def test_a_policy_of_known_keys_is_not_remarked_upon(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "solution.json"
    assert main(["solve", str(with_policy(tmp_path)), "--out", str(out)]) == OPTIMAL
    assert "policy" not in capsys.readouterr().err
    assert json.loads(out.with_suffix(".certificate.json").read_text())["notes"] == []
