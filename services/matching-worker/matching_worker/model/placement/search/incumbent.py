"""The best checked plan so far, and the news of it."""

from commune_verify.placement import verify

from matching_worker.model.engine.budget import Budget
from matching_worker.model.outcome import Progress
from matching_worker.model.placement.problem.costs import TRAVEL
from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.search.plan import Plan, is_allowed, to_solution

DEARER = (
    "Nghiệm tối ưu của quy hoạch kém hơn một phương án đã kiểm tra: không chứng minh được gì. / "
    "The programme's optimum is worse than a checked plan: it proves nothing."
)


class Incumbent:
    """The best checked plan so far. A plan that verify() refuses never gets here."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        self.problem = problem
        self.budget = budget
        self.plan: Plan | None = None
        self.bound: dict[str, int] = dict.fromkeys(problem.levels, 0)
        self.notes: list[str] = []

    def offer(self, plan: Plan | None) -> bool:
        """Takes the plan when it is allowed and better; says whether it did."""
        if plan is None or not is_allowed(self.problem, plan):
            return False
        if self.plan is not None and plan.rank(self.problem) >= self.plan.rank(self.problem):
            return False
        if not verify(self.problem.document, to_solution(self.problem, plan)).accepted:
            return False
        self.plan = plan
        return True

    def is_proved(self, level: str) -> bool:
        return self.plan is not None and self.bound[level] >= self.plan.objective[level]

    def raise_bound(self, level: str, value: int) -> None:
        """A proved bound of a level above travel; never more than the plan's own value."""
        most = value if self.plan is None else min(value, self.plan.objective[level])
        self.bound[level] = max(self.bound[level], most)

    def claim_bound(self, level: str, value: int) -> None:
        """A bound over all plans, as a solver says it: above a checked plan it is wrong, and proves nothing."""
        if self.plan is None or value <= self.plan.objective[level]:
            self.raise_bound(level, value)
        else:
            self.notes.append(f"{level}: {DEARER}")

    def set_travel_bound(self, value: int) -> None:
        """Travel is bounded for plans that are as good as this one in the levels above: it changes with the plan."""
        if self.plan is not None:
            self.bound[TRAVEL] = max(0, min(value, self.plan.objective[TRAVEL]))

    def report(self, *, with_solution: bool = False) -> None:
        plan = self.plan
        if plan is None:
            return
        level = next((name for name in self.problem.levels if plan.objective[name] > self.bound[name]), TRAVEL)
        self.budget.monitor.report(
            Progress(
                stage="B",
                level=level,
                objective=dict(plan.objective),
                bound=dict(self.bound),
                gap=(plan.objective[level] - self.bound[level]) / max(1, plan.objective[level]),
                seconds=self.budget.seconds(),
                solution=to_solution(self.problem, plan) if with_solution else None,
            )
        )
