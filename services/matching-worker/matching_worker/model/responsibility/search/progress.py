"""The best plan so far and what is proved about it, told to the monitor as it changes."""

from commune_schemas.documents import InstanceSolution
from commune_verify.responsibility import verify
from commune_verify.verdict import Objective

from matching_worker.model.engine.budget import Budget
from matching_worker.model.outcome import Progress
from matching_worker.model.responsibility.problem.core import trivial_bounds
from matching_worker.model.responsibility.problem.costs import Plan, as_solution, as_vector, levels_of, objective_of
from matching_worker.model.responsibility.problem.problem import Problem


class Best:
    """Only plans that verify() accepts get in."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        self.problem = problem
        self.plan: Plan | None = None
        self.solution: InstanceSolution | None = None
        self.objective: Objective = {}
        self.bound: dict[str, int] = {level: trivial_bounds(problem).get(level, 0) for level in levels_of(problem)}
        self.proved: set[str] = set()
        self.notes: list[str] = []
        self._budget = budget

    def offer(self, plan: Plan, level: str, *, tie_break: bool = False) -> bool:
        """Keep the plan if it is better (or equal, as the tie-break's choice) and stands the check."""
        objective = objective_of(self.problem, plan)
        if self.plan is not None:
            worse = as_vector(objective) > as_vector(self.objective)
            if worse or (as_vector(objective) == as_vector(self.objective) and not tie_break):
                return False
        solution = as_solution(self.problem, plan)
        verdict = verify(self.problem.document, solution)
        if not verdict.accepted or dict(verdict.objective) != dict(objective):
            broken = ", ".join(verdict.violations[:3]) or "objective"
            self.notes.append(
                f"Một phương án bị bước kiểm tra bác: {broken}. / A plan was refused by the check: {broken}."
            )
            return False
        self.plan, self.solution, self.objective = plan, solution, objective
        self._report(level, solution)
        return True

    def prove(self, level: str, value: int) -> None:
        """The level's exact optimum, given the levels before it."""
        self.raise_bound(level, value)
        self.proved.add(level)

    def raise_bound(self, level: str, value: int) -> None:
        if value > self.bound[level]:
            self.bound[level] = value
            self._report(level, None)

    def _report(self, level: str, solution: InstanceSolution | None) -> None:
        shown = self.objective.get(level)
        gap = None if shown is None else max(0, shown - self.bound[level]) / max(1, shown)
        self._budget.monitor.report(
            Progress(
                stage="A",
                level=level,
                objective=dict(self.objective) or None,
                bound=dict(self.bound),
                gap=gap,
                seconds=self._budget.seconds(),
                solution=solution,
            )
        )
