"""One matching problem from end to end: stage A, stage B a school, the rounds between them, every plan checked.

All solving happens in child processes (child/process.py); every plan is checked by verify() before it counts.
"""

import asyncio
import math
import os
from collections.abc import Mapping
from types import MappingProxyType

import structlog
from commune_schemas.documents import InstanceDocument, PlacementDocument, PlacementSolution
from commune_schemas.matching import MatchingProblem
from commune_schemas.replanning import LeastChange
from commune_schemas.unkept import UnkeptPin
from commune_verify.placement import list_changed
from pydantic import BaseModel

from matching_worker.campaign.allowance import Allowance
from matching_worker.campaign.cut import broken_promises, cut_instance, joint_unmet, work_size
from matching_worker.campaign.heads import describe_spread, spread_heads
from matching_worker.campaign.humans import with_one_row_each
from matching_worker.campaign.joint import at_work_in, join_documents, join_plans, part_of, share_evenly, with_share
from matching_worker.campaign.least import all_must, find_least_of_people, least_of_leads, least_of_people
from matching_worker.campaign.pins import Pins, ask_for_leads, name_without_lead, settle_pins
from matching_worker.campaign.plan import JointPlan, Solved, check, describe_cut, is_proved, parts_of, with_note
from matching_worker.campaign.relations import bring_schools_in, drop_idle
from matching_worker.campaign.translate import Translation
from matching_worker.child.process import ChildTerms, solve_in_child
from matching_worker.child.stages import AnyProblem
from matching_worker.model.outcome import Limits, Outcome, Progress, Status
from matching_worker.roster.news import SHARE_OF_A, SHARE_OF_B, RunNews

__all__ = ["JointPlan", "Planner", "Solved", "check"]

log = structlog.get_logger()

TIME_SHARE_OF_A, TIME_SHARE_OF_PRICED = 0.5, 0.3
"""With prices a good plan comes early and its proof seldom in time: stage B makes more of the rest."""
TIME_SHARE_OF_KEPT = 0.15
TIME_SHARE_OF_LEAST = 0.3
CUT_ROUNDS = 3


class Planner:
    """Solves one problem. `stop` set means: the best checked plan so far, now."""

    def __init__(self, problem: MatchingProblem, *, news: RunNews, stop: asyncio.Event, terms: ChildTerms) -> None:
        self.people = with_one_row_each(problem)
        self.problem = problem = self.people.problem
        self._options = problem.options
        self._news = news
        self._stop = stop
        self._terms = terms
        self._seconds = Allowance(problem.options)
        self._slots = min(problem.options.workers, os.cpu_count() or 1)
        self.translation = Translation(problem)
        self.pins = Pins()

    @property
    def unkept_pins(self) -> list[UnkeptPin]:
        return [*self.problem.left_out_pins, *self.people.unkept, *self.pins.unkept]

    async def plan(self) -> JointPlan:
        """Raises SolverFailed, or ProblemError for an inconsistent problem."""
        self.pins = await settle_pins(self.translation, terms=self._terms, stop=self._stop)
        self.translation = Translation(self.problem, kept_pins=self.pins.kept)
        instance = self.translation.instance()
        best = await self._plan_round(instance, cached={})
        if best.infeasible or best.lead_plan is None:
            return best
        # Whom pins or the plan in force bring in as supports, stage A's bound did not reckon with.
        if not self._is_capped:
            best.unmet_lower_bound = best.responsibility.outcome.bound.get("unmet", 0)
        best.unmet_upper_bound = joint_unmet(instance, self.problem.communes, best.placements)
        current, cut_schools = best, set[str]()
        for _ in range(CUT_ROUNDS):
            broken = self._worth_a_cut(current, best.unmet_lower_bound)
            if not broken:
                break
            cut = cut_instance(current.instance, broken, current.placements)
            log.info("plan.cut", schools=sorted(broken), days=sum(broken.values()))
            current = await self._plan_round(cut, cached=current.placed)
            if current.infeasible:
                break
            cut_schools |= set(broken)
            current.responsibility = with_note(current.responsibility, describe_cut(cut_schools))
            current.unmet_lower_bound = best.unmet_lower_bound
            current.unmet_upper_bound = joint_unmet(instance, self.problem.communes, current.placements)
            if current.undone(self.problem.communes) >= best.undone(self.problem.communes):
                break
            best = current
        self.pins = name_without_lead(self.translation, self.pins, best)
        return best

    def _worth_a_cut(self, plan: JointPlan, lower_bound: int) -> dict[str, int]:
        """Schools to cut; none when the plan is as good as the bound, or when time or patience has run out."""
        lead_plan = plan.lead_plan
        is_late = self._stop.is_set() or self._seconds.left() < self._options.time_limit_seconds / 4
        if lead_plan is None or is_late or self._is_capped or plan.unmet_upper_bound <= lower_bound:
            return {}
        return broken_promises(lead_plan, self.translation.placements(lead_plan), plan.placements)

    async def _plan_round(self, instance: InstanceDocument, *, cached: Mapping[str, Solved]) -> JointPlan:
        """A, then B for every school; a school whose document is as in `cached` is not solved again."""
        self._news.enter("A", share_done=2, vi="Phân công trường phụ trách xã.", en="Schools are given communes.")
        least = least_of_leads(instance)
        led, note = await self._lead_what_is_pinned(instance, least), self.translation.days.note
        plan = JointPlan(with_note(led, note) if note else led, least_leads=least)
        if plan.lead_plan is None or self._stop.is_set():
            return plan
        staying = self.translation.serving_now if self._is_capped else {}
        relations = bring_schools_in(self.translation, plan.lead_plan, staying=staying)
        promised, relations = relations, spread_heads(self.translation, relations)
        spread = describe_spread(promised, relations)
        plan.responsibility = with_note(plan.responsibility, spread) if spread else plan.responsibility
        documents = plan.asked = self.translation.placements(relations)
        if self._is_capped:
            await self._place_under_cap(plan, documents)
        else:
            plan.placed = {
                school: cached[school]
                for school, document in documents.items()
                if school in cached and cached[school].problem == document
            }
            to_solve = {school: document for school, document in documents.items() if school not in plan.placed}
            plan.placed |= await self._place_all(to_solve, starts={})
        plan.relations = drop_idle(relations, plan.placements)
        return plan

    async def _place_under_cap(self, plan: JointPlan, documents: Mapping[str, PlacementDocument]) -> None:
        """Stage B of all schools together: the least that must change, then the cap beyond it, shared out."""
        strays = self.translation.strays(at_work_in(documents))
        if not documents:  # no school has anybody for anything: everyone who served goes home
            plan.least_people = all_must(len(strays))
            return
        joint = join_documents(documents, strays=strays)
        least = await self._find_least(joint)
        if not isinstance(least.solution, PlacementSolution):
            certificate = check(joint, least, stage="B", school=None, limits=self._seconds.stated())
            plan.division = Solved(joint, least, certificate)
            return
        plan.least_people = least_of_people(least)
        beyond = self._options.max_placement_changes or 0
        cap = None if least.status is Status.OPTIMAL else plan.least_people.at_most  # proved: each school's own least
        plan.placed = await self._place_within(documents, joint, cap=cap, start=least.solution)
        if (
            beyond and not plan.infeasible and not self._stop.is_set()
        ):  # what fewer changes allow is where the search with more begins
            cap = plan.least_people.at_most + beyond
            start = join_plans(plan.placements)
            plan.placed = await self._place_within(documents, joint, cap=cap, start=start, known=plan.placed)

    async def _place_within(
        self,
        documents: Mapping[str, PlacementDocument],
        joint: PlacementDocument,
        *,
        cap: int | None,
        start: PlacementSolution,
        known: Mapping[str, Solved] = MappingProxyType({}),
    ) -> dict[str, Solved]:
        """All schools within one cap: as one document where that is proved in time, else each within its share.

        Without a cap each makes the changes of `start`. What is proved of a share in `known` is not solved again.
        """
        found, one_by_one = start, self._options.supervision == "school" and len(documents) > 1
        if cap is not None and not one_by_one:  # that rule looks at one school at a time
            division = await self._divide(joint, cap=cap, start=start)
            assert isinstance(division.outcome.solution, PlacementSolution)  # noqa: S101 - its start keeps every rule
            found = division.outcome.solution
            if division.outcome.status is Status.OPTIMAL:
                return await asyncio.to_thread(parts_of, division.outcome, documents, limits=self._seconds.stated())
        portions = share_evenly(0 if cap is None else max(0, cap - len(list_changed(joint, found))), documents)
        parts = {school: part_of(found, school) for school in documents}
        shares = {s: with_share(document, parts[s], beyond=portions[s]) for s, document in documents.items()}
        proved = {s: known[s] for s, share in shares.items() if is_proved(known.get(s), share)}
        to_solve = {s: share for s, share in shares.items() if share.volunteers and s not in proved}
        return dict(sorted((proved | await self._place_all(to_solve, starts=parts)).items()))

    @property
    def _is_capped(self) -> bool:
        """Whether the whole plan may change only so many people's places."""
        return self._options.max_placement_changes is not None and bool(self.problem.previous_placements)

    async def _lead_what_is_pinned(self, instance: InstanceDocument, least: LeastChange | None) -> Solved:
        """Stage A; again, with what pins of people demand, where that left a commune without lead that has some."""
        led = await self._lead(instance, least)
        asked = ask_for_leads(self.translation, instance, led)
        if asked is None or self._stop.is_set():
            return led
        again = await self._lead(asked, least)
        return led if again.outcome.solution is None else again

    async def _lead(self, instance: InstanceDocument, least: LeastChange | None) -> Solved:
        """Stage A. A lead that moves takes its people along, so under a cap on people no more move than must, and no
        school newly comes in as a support: the people it would send are those who may not change.

        Without any cap the plan that moves no more than must is where the search begins.
        """
        share = TIME_SHARE_OF_A if instance.policy.prices is None else TIME_SHARE_OF_PRICED
        if least is None:
            return await self._lead_with(None, instance, share=share)
        beyond = self._options.max_lead_changes
        if beyond is not None or self._is_capped:
            return await self._lead_with(least.at_most + (beyond or 0), instance, share=share)
        kept = await self._lead_with(least.at_most, instance, share=TIME_SHARE_OF_KEPT)
        return await self._lead_with(None, instance, share=share, start=kept.outcome.solution)

    async def _lead_with(
        self, cap: int | None, instance: InstanceDocument, *, share: float, start: BaseModel | None = None
    ) -> Solved:
        limits = self._seconds.limits(self._seconds.left() * share, workers=self._slots, has_plan=start is not None)
        support = 0 if self._is_capped else instance.policy.max_support
        policy = instance.policy.model_copy(update={"max_changes": cap, "max_support": support})
        capped = instance.model_copy(update={"policy": policy})
        return await self._solve(capped, limits=limits, stage="A", school=None, start=start)

    async def _find_least(self, joint: PlacementDocument) -> Outcome:
        self._news.enter(
            "B", share_done=SHARE_OF_A, vi="Tìm số người ít nhất phải đổi.", en="Finding how few people must change."
        )
        limits = self._seconds.limits((self._seconds.left()) * TIME_SHARE_OF_LEAST, workers=1)
        return await find_least_of_people(joint, limits=limits, terms=self._terms, stop=self._stop)

    async def _divide(self, joint: PlacementDocument, *, cap: int, start: PlacementSolution) -> Solved:
        """All schools at once, to find which of them the changes allowed serve best."""
        self._news.enter(
            "B", share_done=SHARE_OF_A, vi="Chia số thay đổi cho các trường.", en="Schools share the allowed changes."
        )
        policy = joint.policy.model_copy(update={"max_changes": cap})
        limits = self._seconds.limits(self._seconds.left() * TIME_SHARE_OF_A, workers=self._slots, has_plan=True)
        capped = joint.model_copy(update={"policy": policy})
        return await self._solve(capped, limits=limits, stage="B", school=None, start=start)

    async def _place_all(
        self, documents: Mapping[str, PlacementDocument], *, starts: Mapping[str, PlacementSolution]
    ) -> dict[str, Solved]:
        """Stage B for these schools, big ones first, as many at once as there are slots; `starts` are plans known."""
        placed: dict[str, Solved] = {}
        order = sorted(documents, key=lambda school: (-work_size(documents[school]), school))
        sizes = {school: work_size(documents[school]) + 1 for school in order}
        total = waiting = sum(sizes.values())
        counted, left_of_all = self._seconds.counted, self._seconds.left()
        slots = self._options.workers if counted else self._slots
        gate = asyncio.Semaphore(self._slots)

        async def place(school: str) -> None:
            nonlocal waiting
            async with gate:
                if self._stop.is_set():
                    return
                time_left, of = (left_of_all, total) if counted else (self._seconds.left(), waiting)
                part = min(1.0, slots * sizes[school] / of)
                limits = self._seconds.limits(time_left * part, workers=1, has_plan=school in starts)
                waiting -= sizes[school]
                self._news.enter(
                    f"B:{school}",
                    share_done=SHARE_OF_A + SHARE_OF_B * (total - waiting - sizes[school]) / total,
                    vi=f"Xếp người của trường {school} ({len(placed)}/{len(order)} trường xong).",
                    en=f"Placing the people of {school} (schools done: {len(placed)} of {len(order)}).",
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
        self._seconds.spend(math.fsum(solved.outcome.seconds for solved in placed.values()) / slots)
        return dict(sorted(placed.items()))

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
        stated = self._seconds.stated(workers=limits.workers)
        certificate = await asyncio.to_thread(check, problem, outcome, stage=stage, school=school, limits=stated)
        if school is None:  # schools are solved beside each other: together, once all have ended
            self._seconds.spend(outcome.seconds)
        log.info("stage.solved", stage=label, status=outcome.status.value, seconds=round(outcome.seconds, 2))
        return Solved(problem, outcome, certificate)
