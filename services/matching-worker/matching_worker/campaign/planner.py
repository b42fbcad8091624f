"""One matching problem from end to end: stage A, stage B a school, the rounds between them, every plan checked.

All solving happens in child processes (child/process.py); every plan is checked by verify() before it counts.
"""

import asyncio
import os
import time
from collections.abc import Mapping

import structlog
from commune_schemas.documents import InstanceDocument, PlacementDocument, PlacementSolution
from commune_schemas.matching import MatchingProblem
from pydantic import BaseModel

from matching_worker.campaign.cut import broken_promises, cut_instance, joint_unmet, work_size
from matching_worker.campaign.joint import join_documents, part_of, with_share
from matching_worker.campaign.pins import Pins, bring_schools_in, settle_pins
from matching_worker.campaign.plan import JointPlan, Solved, check, describe_cut, parts_of, with_note
from matching_worker.campaign.translate import Translation
from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.child.stages import AnyProblem
from matching_worker.model.outcome import Limits, Progress, Status
from matching_worker.roster.news import SHARE_OF_A, SHARE_OF_B, RunNews

__all__ = ["JointPlan", "Planner", "Solved", "check"]

log = structlog.get_logger()

TIME_SHARE_OF_A = 0.5
TIME_SHARE_OF_KEPT = 0.15
SHORTEST_SOLVE_SECONDS = 2.0
CUT_ROUNDS = 3


class Planner:
    """Solves one problem. `stop` set means: the best checked plan so far, now."""

    def __init__(self, problem: MatchingProblem, *, news: RunNews, stop: asyncio.Event, terms: ChildTerms) -> None:
        self.problem = problem
        self._options = problem.options
        self._news = news
        self._stop = stop
        self._terms = terms
        self._deadline = time.monotonic() + problem.options.time_limit_seconds
        self._slots = min(problem.options.workers, os.cpu_count() or 1)
        self.translation = Translation(problem)
        self.pins = Pins()

    async def plan(self) -> JointPlan:
        """Raises SolverFailed, or ProblemError for an inconsistent problem."""
        self.pins = await settle_pins(self.translation, terms=self._terms, stop=self._stop)
        self.translation = Translation(self.problem, kept_pins=self.pins.kept)
        instance = self.translation.instance()
        best = await self._plan_round(instance, cached={})
        if best.infeasible or best.lead_plan is None:
            return best
        best.unmet_lower_bound = best.responsibility.outcome.bound.get("unmet", 0)
        best.unmet_upper_bound = self._joint_unmet(instance, best)
        current, cut_schools = best, set[str]()
        for _ in range(CUT_ROUNDS):
            broken = self._worth_a_cut(current, best.unmet_lower_bound)
            if not broken:
                break
            cut = cut_instance(self._instance_of(current), broken, current.placements)
            log.info("plan.cut", schools=sorted(broken), days=sum(broken.values()))
            current = await self._plan_round(cut, cached=current.placed)
            if current.infeasible:
                break
            cut_schools |= set(broken)
            current.responsibility = with_note(current.responsibility, describe_cut(cut_schools))
            current.unmet_lower_bound = best.unmet_lower_bound
            current.unmet_upper_bound = self._joint_unmet(instance, current)
            if current.unmet_upper_bound >= best.unmet_upper_bound:
                break
            best = current
        return best

    def _worth_a_cut(self, plan: JointPlan, lower_bound: int) -> dict[str, int]:
        """Schools to cut; none when the plan is as good as the bound, or when time or patience has run out."""
        lead_plan = plan.lead_plan
        time_left = self._deadline - time.monotonic()
        is_late = self._stop.is_set() or time_left < self._options.time_limit_seconds / 4
        if lead_plan is None or is_late or plan.unmet_upper_bound <= lower_bound:
            return {}
        documents = self.translation.placements(lead_plan)
        return broken_promises(lead_plan, documents, plan.placements)

    def _instance_of(self, plan: JointPlan) -> InstanceDocument:
        problem = plan.responsibility.problem
        assert isinstance(problem, InstanceDocument)  # noqa: S101 - made so below
        return problem

    def _joint_unmet(self, instance: InstanceDocument, plan: JointPlan) -> int:
        presence = {commune.code: commune.presence for commune in self.problem.communes}
        return joint_unmet(instance, presence, plan.placements)

    async def _plan_round(self, instance: InstanceDocument, *, cached: Mapping[str, Solved]) -> JointPlan:
        """A, then B for every school; a school whose document is as in `cached` is not solved again."""
        self._news.enter("A", share_done=2, vi="Phân công trường phụ trách xã.", en="Schools are given communes.")
        led, note = await self._lead(instance), self.translation.days.note
        plan = JointPlan(with_note(led, note) if note else led)
        if plan.lead_plan is None or self._stop.is_set():
            return plan
        plan.relations = bring_schools_in(self.translation, plan.lead_plan)
        documents = self.translation.placements(plan.relations)
        plan.placed = {
            school: cached[school]
            for school, document in documents.items()
            if school in cached and cached[school].problem == document
        }
        to_solve = {school: document for school, document in documents.items() if school not in plan.placed}
        if not self._is_capped:
            plan.placed |= await self._place_all(to_solve, starts={})
            return plan
        division = await self._divide(documents)
        joint = division.outcome.solution
        if not isinstance(joint, PlacementSolution):
            plan.division = division
            return plan
        if division.outcome.status is Status.OPTIMAL:
            plan.placed = await asyncio.to_thread(parts_of, division.outcome, documents, limits=self._stated_limits())
            return plan
        parts = {school: part_of(joint, school) for school in documents}
        shares = {school: with_share(document, parts[school]) for school, document in documents.items()}
        plan.placed = await self._place_all({s: share for s, share in shares.items() if share.volunteers}, starts=parts)
        return plan

    @property
    def _is_capped(self) -> bool:
        """Whether the whole plan may change only so many people's places."""
        return self._options.max_placement_changes is not None and bool(self.problem.previous_placements)

    async def _lead(self, instance: InstanceDocument) -> Solved:
        """Stage A. A lead that moves takes its people along, so under a cap on people as few leads move as can.

        Without such a cap the plan with every previous lead kept is where the search begins, where there is one.
        """
        cap = instance.policy.max_changes
        start: BaseModel | None = None
        if cap is None and self._is_capped:
            cap = 0
        elif cap is None and instance.previous:
            kept = await self._lead_with(0, instance, share=TIME_SHARE_OF_KEPT)
            start = kept.outcome.solution
        while True:
            solved = await self._lead_with(cap, instance, share=TIME_SHARE_OF_A, start=start)
            is_settled = solved.outcome.status is not Status.INFEASIBLE or self._stop.is_set()
            if cap is None or cap == instance.policy.max_changes or is_settled:
                return solved
            cap = max(1, 2 * cap) if cap < len(instance.previous) else None

    async def _lead_with(
        self, cap: int | None, instance: InstanceDocument, *, share: float, start: BaseModel | None = None
    ) -> Solved:
        limits = self._limits((self._deadline - time.monotonic()) * share, workers=self._slots)
        policy = instance.policy.model_copy(update={"max_changes": cap})
        capped = instance.model_copy(update={"policy": policy})
        return await self._solve(capped, limits=limits, stage="A", school=None, start=start)

    async def _divide(self, documents: Mapping[str, PlacementDocument]) -> Solved:
        """All schools at once, to find which of them the allowed changes serve best."""
        self._news.enter(
            "B", share_done=SHARE_OF_A, vi="Chia số thay đổi cho các trường.", en="Schools share the allowed changes."
        )
        at_work = {person.id for document in documents.values() for person in document.volunteers}
        cap = self._options.max_placement_changes or 0
        joint = join_documents(documents, strays=self.translation.strays(at_work), max_changes=cap)
        time_left = self._deadline - time.monotonic()
        limits = self._limits(time_left * TIME_SHARE_OF_A, workers=self._slots)
        division = await self._solve(joint, limits=limits, stage="B", school=None)
        if division.outcome.solution is None and division.outcome.status is not Status.INFEASIBLE:
            raise SolverFailed(
                "timeout",
                f"Chưa tìm được phương án nào với nhiều nhất {cap} thay đổi trong thời gian cho phép.",
                f"No plan with at most {cap} changes was found in the time allowed.",
            )
        return division

    async def _place_all(
        self, documents: Mapping[str, PlacementDocument], *, starts: Mapping[str, PlacementSolution]
    ) -> dict[str, Solved]:
        """Stage B for these schools, big ones first, as many at once as there are slots; `starts` are plans known."""
        placed: dict[str, Solved] = {}
        order = sorted(documents, key=lambda school: (-work_size(documents[school]), school))
        sizes = {school: work_size(documents[school]) + 1 for school in order}
        waiting = sum(sizes.values())
        total = waiting
        slots = self._slots
        gate = asyncio.Semaphore(slots)

        async def place(school: str) -> None:
            nonlocal waiting
            async with gate:
                if self._stop.is_set():
                    return
                time_left = self._deadline - time.monotonic()
                limits = self._limits(time_left * min(1.0, slots * sizes[school] / waiting), workers=1)
                waiting -= sizes[school]
                self._news.enter(
                    f"B:{school}",
                    share_done=SHARE_OF_A + SHARE_OF_B * (total - waiting - sizes[school]) / total,
                    vi=f"Xếp người của trường {school} ({len(placed)}/{len(order)} trường xong).",
                    en=f"Placing the people of {school} ({len(placed)} of {len(order)} schools done).",
                )
                placed[school] = await self._solve(
                    documents[school], limits=limits, stage="B", school=school, start=starts.get(school)
                )

        tasks = [asyncio.create_task(place(school)) for school in order]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return dict(sorted(placed.items()))

    def _limits(self, seconds: float, *, workers: int) -> Limits:
        return Limits(
            time_seconds=round(max(SHORTEST_SOLVE_SECONDS, seconds), 1), seed=self._options.seed, workers=workers
        )

    def _stated_limits(self, *, workers: int = 1) -> Limits:
        """What is certified: the run's own limit, not a solve's share of it: a rerun states the same."""
        return Limits(time_seconds=self._options.time_limit_seconds, seed=self._options.seed, workers=workers)

    async def _solve(
        self,
        problem: AnyProblem,
        *,
        limits: Limits,
        stage: str,
        school: str | None,
        start: BaseModel | None = None,
    ) -> Solved:
        label = stage if school is None else f"{stage}:{school}"

        def listen(progress: Progress) -> None:
            self._news.hear(label, progress)

        outcome = await solve_in_child(
            problem, limits=limits, warm_start=start, terms=self._terms, listener=listen, stop=self._stop
        )
        stated = self._stated_limits(workers=limits.workers)
        certificate = await asyncio.to_thread(check, problem, outcome, stage=stage, school=school, limits=stated)
        log.info("stage.solved", stage=label, status=outcome.status.value, seconds=round(outcome.seconds, 2))
        return Solved(problem, outcome, certificate)
