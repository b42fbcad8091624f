"""The judge's stage B examples, solved to their proved optima and judged by the judge."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commune_schemas.documents import PlacementDocument, PlacementSolution
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.placement.solve import solve

DOCUMENTS = Path(__file__).parents[1] / "documents"
JUDGE = Path(__file__).parents[2] / "support" / "judge" / "check.py"
EXAMPLES = sorted(path.name for path in (DOCUMENTS / "examples").glob("B*.json"))


def read_example(name: str) -> PlacementDocument:
    return PlacementDocument.model_validate_json((DOCUMENTS / "examples" / name).read_text())


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_judge_finds_each_example_at_its_proved_optimum(name: str, tmp_path: Path) -> None:
    outcome = solve(read_example(name), limits=Limits())
    assert outcome.status is Status.OPTIMAL
    assert isinstance(outcome.solution, PlacementSolution)
    solution = tmp_path / name
    solution.write_text(json.dumps(outcome.solution.model_dump(mode="json")))
    command = [JUDGE, DOCUMENTS / "examples" / name, solution, DOCUMENTS / "expected" / name]
    judged = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2
