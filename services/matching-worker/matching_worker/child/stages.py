"""The stages by the document they solve: where each one's solve() and verify() are, imported only when called.

Imported late, so that only the solver's child loads the solver library.
"""

import importlib
from dataclasses import dataclass

from commune_schemas.documents import (
    BorderDocument,
    BorderSolution,
    GroupsDocument,
    GroupsSolution,
    InstanceDocument,
    InstanceSolution,
    PlacementDocument,
    PlacementSolution,
    SecondmentDocument,
    SecondmentSolution,
)
from commune_verify.verdict import Verdict
from pydantic import BaseModel

from matching_worker.model.outcome import SILENT, Limits, Monitor, Outcome

AnyProblem = InstanceDocument | PlacementDocument | SecondmentDocument | GroupsDocument | BorderDocument


@dataclass(frozen=True)
class Stage:
    letter: str
    name: str
    problem_type: type[BaseModel]
    solution_type: type[BaseModel]

    @property
    def solver(self) -> str:
        """The module with solve(); it loads the solver library."""
        return f"matching_worker.model.{self.name}.solve"

    @property
    def judge(self) -> str:
        """The module with verify(); it loads none."""
        return f"commune_verify.{self.name}"

    def load(self) -> None:
        """Import the stage with its solver library, so that this is not counted as solving."""
        importlib.import_module(self.solver)

    def solve(
        self, problem: BaseModel, *, limits: Limits, warm_start: BaseModel | None = None, monitor: Monitor = SILENT
    ) -> Outcome:
        """Run the stage's solver here, in this process. Raises ProblemError for an inconsistent document."""
        outcome: Outcome = importlib.import_module(self.solver).solve(
            problem, limits=limits, warm_start=warm_start, monitor=monitor
        )
        return outcome

    def verify(self, problem: BaseModel, solution: BaseModel) -> Verdict:
        """Check a plan from the two documents alone; shares nothing with solve()."""
        verdict: Verdict = importlib.import_module(self.judge).verify(problem, solution)
        return verdict


STAGES: dict[str, Stage] = {
    "mw-instance/1": Stage("A", "responsibility", InstanceDocument, InstanceSolution),
    "mw-placement/1": Stage("B", "placement", PlacementDocument, PlacementSolution),
    "mw-secondment/1": Stage("C", "secondment", SecondmentDocument, SecondmentSolution),
    "mw-groups/1": Stage("D", "groups", GroupsDocument, GroupsSolution),
    "mw-border/1": Stage("E", "border", BorderDocument, BorderSolution),
}


def get_stage(problem: AnyProblem) -> Stage:
    """The stage that solves this document."""
    return STAGES[problem.schema_]
