"""The stages by the document they solve: where each one's solve() and verify() are, imported only when called.

Imported late because a solver library lives in the solver's own child process, and two of them cannot live in one.
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
from pydantic import BaseModel

from matching_worker.model.outcome import SILENT, Limits, Monitor, Outcome, Verdict

AnyProblem = InstanceDocument | PlacementDocument | SecondmentDocument | GroupsDocument | BorderDocument


@dataclass(frozen=True)
class Stage:
    letter: str
    package: str
    problem_type: type[BaseModel]
    solution_type: type[BaseModel]

    def load(self) -> None:
        """Import the stage with its solver library, so that this is not counted as solving."""
        importlib.import_module(self.package)

    def solve(
        self, problem: BaseModel, *, limits: Limits, warm_start: BaseModel | None = None, monitor: Monitor = SILENT
    ) -> Outcome:
        """Run the stage's solver here, in this process. Raises ProblemError for an inconsistent document."""
        outcome: Outcome = importlib.import_module(self.package).solve(
            problem, limits=limits, warm_start=warm_start, monitor=monitor
        )
        return outcome

    def verify(self, problem: BaseModel, solution: BaseModel) -> Verdict:
        """Check a plan from the two documents alone; shares nothing with solve()."""
        verdict: Verdict = importlib.import_module(self.package).verify(problem, solution)
        return verdict


STAGES: dict[str, Stage] = {
    "mw-instance/1": Stage("A", "matching_worker.model.responsibility", InstanceDocument, InstanceSolution),
    "mw-placement/1": Stage("B", "matching_worker.model.placement", PlacementDocument, PlacementSolution),
    "mw-secondment/1": Stage("C", "matching_worker.model.secondment", SecondmentDocument, SecondmentSolution),
    "mw-groups/1": Stage("D", "matching_worker.model.groups", GroupsDocument, GroupsSolution),
    "mw-border/1": Stage("E", "matching_worker.model.border", BorderDocument, BorderSolution),
}


def get_stage(problem: AnyProblem) -> Stage:
    """The stage that solves this document."""
    return STAGES[problem.schema_]
