"""A row's verdict is its target's, a case's verdict is that of all its rows, and what is written is JSON."""

import json
from pathlib import Path

import pytest

from bench.cases import REQUIRED
from bench.engine_questions import percentile, spread
from bench.rows import case_rows, growth_row, make_row
from bench.table import BEGIN, END, format_line, make_table, replace_between, write_docs


@pytest.mark.parametrize(
    ("targets", "met"),
    [
        ({}, None),
        ({"at_most": 3.0}, True),
        ({"at_most": 2.9}, False),
        ({"at_least": 3.0}, True),
        ({"at_least": 3.1}, False),
        ({"ratio_at_most": 0.5}, True),
        ({"ratio_at_most": 0.49}, False),
    ],
)
def test_a_target_is_met_by_the_value_or_by_the_ratio(targets: dict[str, float], met: bool | None) -> None:
    row = make_row("x", 3.0, "s", ceiling=6.0, **targets)
    assert row["met"] is met
    assert row["ratio"] == 0.5


def test_without_a_ceiling_there_is_no_ratio_and_a_target_on_it_is_missed() -> None:
    for ceiling in (None, 0):
        row = make_row("x", 3.0, "s", ceiling=ceiling, ratio_at_most=1.0)
        assert (row["ratio"], row["met"]) == (None, False)


def test_rows_hold_only_what_json_knows() -> None:
    row = make_row("x", float("inf"), "s", ceiling=float("nan"), cpu_seconds=float("inf"))
    assert json.loads(json.dumps(row, allow_nan=False))["value"] is None


@pytest.mark.parametrize(
    ("seconds", "detail", "shown"),
    [(1.0, 0.0, " met"), (1.0, 0.1, "MISSED: gap"), (9.0, 0.0, "MISSED: seconds"), (9.0, 0.1, "MISSED: seconds, gap")],
)
def test_a_case_is_met_only_if_every_target_in_it_is_and_names_those_that_are_not(
    seconds: float, detail: float, shown: str
) -> None:
    details = [make_row("x.gap", detail, "", at_most=0.0), make_row("x.only_compares", 7, "km", ceiling=1)]
    rows = case_rows("x", seconds, details, ceiling=1.0, at_most=2.0)
    assert [row["name"] for row in rows] == ["x", "x.gap", "x.only_compares"]
    assert rows[0]["met"] is ("MISSED" not in shown)
    assert format_line(rows[0]).endswith(shown)


def test_the_table_shows_every_row_once() -> None:
    rows = [
        *case_rows("engine.a.dienbien", 0.5, [make_row("engine.a.dienbien.gap", 0.0, "")], ceiling=0.25, at_most=1.0),
        growth_row("x.growth.10", "X: posts", 10, 0.5, cpu_seconds=0.4, peak_memory_mb=70.0, gap=0.01),
    ]
    table = make_table(rows, "here and today")
    assert "| engine.a.dienbien | 0.5 s | 0.25 | 2 | ≤ 1 | met |" in table
    assert table.count("engine.a.dienbien.gap") == 1
    assert "| 10 | 0.5 | 0.4 | 70 | 1.000% |" in table
    assert "MISSED" in format_line(make_row("x", 3.0, "s", at_most=2.0))


def test_a_new_table_takes_the_place_of_the_old_one_and_of_nothing_else() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replace_between(page, "new\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_the_docs_are_written_only_from_a_run_that_measured_every_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = [make_row(name, 1.0, "s") for name in REQUIRED[1:]]
    (tmp_path / "results.json").write_text(json.dumps(measured))
    assert write_docs(tmp_path) == 1
    assert REQUIRED[0] in capsys.readouterr().err


def test_p95_is_a_value_that_95_of_100_do_not_exceed() -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0


def test_questions_are_spread_over_all() -> None:
    letters = [chr(code) for code in range(97, 123)]
    assert spread(letters, 100) == letters
    assert spread(letters, 9) == ["a", "d", "g", "j", "m", "p", "s", "v", "y"]
