"""What planning has in hand: solved documents with their proof, and the plan of both stages they make up.

Every plan passes check() before it counts.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from commune_schemas.matching import ProblemCommune, StageCertificate
from commune_schemas.replanning import LeastChange

from matching_worker.campaign.cut import joint_short
from matching_worker.campaign.joint import part_of, with_share
from matching_worker.child.process import SolverFailed
from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.model.certificate import certify
from matching_worker.model.outcome import Limits, Outcome, Status


@dataclass(frozen=True)
class Solved:
    """One solved document with its proof. `outcome.solution` is None only when no plan is possible."""

    problem: AnyProblem
    outcome: Outcome
    certificate: StageCertificate


@dataclass
class JointPlan:
    """A plan of both stages. `placed` may lack schools when a person stopped the run early."""

    responsibility: Solved
    relations: InstanceSolution | None = None
    """Stage A's plan with the schools that pinned people bring in; None = as solved."""
    asked: Mapping[str, PlacementDocument] = field(default_factory=dict)
    """By school, what stage B was asked; under a cap on changes a document that was solved has fewer people."""
    placed: dict[str, Solved] = field(default_factory=dict)
    division: Solved | None = None
    """All schools at once under the cap on changes; kept only where no plan keeps to it."""
    least_leads: LeastChange | None = None
    least_people: LeastChange | None = None
    unmet_lower_bound: int = 0
    unmet_upper_bound: int = 0

    @property
    def instance(self) -> InstanceDocument:
        problem = self.responsibility.problem
        assert isinstance(problem, InstanceDocument)  # noqa: S101 - stage A's
        return problem

    @property
    def lead_plan(self) -> InstanceSolution | None:
        """Who leads, who supports, and the days promised."""
        plan = self.relations or self.responsibility.outcome.solution
        return plan if isinstance(plan, InstanceSolution) else None

    @property
    def placements(self) -> dict[str, PlacementSolution]:
        return {
            school: solved.outcome.solution
            for school, solved in self.placed.items()
            if isinstance(solved.outcome.solution, PlacementSolution)
        }

    def undone(self, communes: Sequence[ProblemCommune]) -> tuple[int, int]:
        """People missing, then need left: what a round of both stages is judged by."""
        return joint_short(communes, self.placements), self.unmet_upper_bound

    @property
    def solved(self) -> list[Solved]:
        division = [] if self.division is None else [self.division]
        return [self.responsibility, *division, *self.placed.values()]

    @property
    def infeasible(self) -> list[Solved]:
        return [solved for solved in self.solved if solved.outcome.status is Status.INFEASIBLE]


def check(problem: AnyProblem, outcome: Outcome, *, stage: str, school: str | None, limits: Limits) -> StageCertificate:
    """Verify the outcome's plan and certify it. Raises SolverFailed when verify() and the solver disagree."""
    if outcome.solution is None:
        return certify(stage, problem, outcome, limits=limits, verdict=None, school=school)
    verdict = get_stage(problem).verify(problem, outcome.solution)
    certificate = certify(stage, problem, outcome, limits=limits, verdict=verdict, school=school)
    if not certificate.verified:
        found = "; ".join(verdict.violations[:5]) or f"{dict(verdict.objective)} != {dict(outcome.objective)}"
        raise SolverFailed(
            "verification",
            f"Phương án giai đoạn {stage} không qua được kiểm tra độc lập: {found}",
            f"The plan of stage {stage} failed the independent check: {found}",
        )
    return certificate


def describe_cut(cut_schools: Set[str]) -> str:
    schools = ", ".join(sorted(cut_schools))
    return (
        f"Trường {schools}: số ngày của từng người lấy theo những gì giai đoạn B xếp được. / "
        f"{schools}: each person counts for the days that stage B could place."
    )


def with_note(solved: Solved, note: str) -> Solved:
    certificate = solved.certificate.model_copy(update={"notes": [*solved.certificate.notes, note]})
    return replace(solved, certificate=certificate)


def is_proved(solved: Solved | None, problem: AnyProblem) -> bool:
    """Whether this is a proved plan of that very document."""
    return solved is not None and solved.outcome.status is Status.OPTIMAL and solved.problem == problem


def parts_of(joint: Outcome, documents: Mapping[str, PlacementDocument], *, limits: Limits) -> dict[str, Solved]:
    """Each school's part of a proved plan of the joint document, proved with it: could one school do better within its
    share of the changes, so could the whole."""
    assert isinstance(joint.solution, PlacementSolution)  # noqa: S101 - a proved plan
    solved: dict[str, Solved] = {}
    for school, document in documents.items():
        part = part_of(joint.solution, school)
        share = with_share(document, part)
        if not share.volunteers:
            continue
        objective = get_stage(share).verify(share, part).objective
        outcome = replace(
            joint,
            solution=part,
            objective=objective,
            bound=objective,
            notes=(*joint.notes, "Giải chung với các trường khác. / Solved together with the other schools."),
        )
        solved[school] = Solved(share, outcome, check(share, outcome, stage="B", school=school, limits=limits))
    return solved
