"""The least that must change, found and in words: of a run's leads, and then of its people."""

import asyncio

from commune_schemas.amounts import amount
from commune_schemas.documents import InstanceDocument, PlacementDocument, PlacementSolution
from commune_schemas.replanning import LeastChange

from matching_worker.child.asking import ask_in_child
from matching_worker.child.least import LeastQuestion
from matching_worker.child.messages import load_outcome
from matching_worker.child.process import ChildTerms, SolverFailed
from matching_worker.model.outcome import Limits, Outcome, Status
from matching_worker.model.placement.problem.costs import CHANGED
from matching_worker.model.responsibility.problem.conflict import count_least_changes


def least_of_leads(instance: InstanceDocument) -> LeastChange | None:
    """Proved by matching communes to the schools that led them; None where no lead is in force."""
    if not instance.previous:
        return None
    least = count_least_changes(instance)
    vi, en = "xã phải đổi trường phụ trách", "communes must change their lead"
    return LeastChange(at_least=least, at_most=least, vi=f"Ít nhất {least} {vi}.", en=f"At least {least} {en}.")


async def find_least_of_people(
    joint: PlacementDocument, *, limits: Limits, terms: ChildTerms, stop: asyncio.Event
) -> Outcome:
    """How few people's places can change, given the leads: solved as documents in which nothing else counts."""
    answer = await ask_in_child(
        LeastQuestion(), joint, PlacementSolution(place=[]), limits=limits, terms=terms, stop=stop
    )
    least = load_outcome(answer["data"], PlacementSolution)
    if least.solution is None and least.status is not Status.INFEASIBLE:
        raise SolverFailed(
            "timeout",
            "Chưa tìm được phương án nào giữ mọi ràng buộc trong thời gian cho phép.",
            "No plan that keeps every rule was found in the time allowed.",
        )
    return least


def least_of_people(outcome: Outcome) -> LeastChange:
    """Of the outcome of a document in which only changes count (problem/least.py)."""
    return _people(outcome.bound[CHANGED], outcome.objective[CHANGED])


def all_must(people: int) -> LeastChange:
    """Nobody of these can stay."""
    return _people(people, people)


def _people(low: int, high: int) -> LeastChange:
    vi = f"Với các trường phụ trách này, ít nhất {low} người phải đổi phân công"
    en = f"With these leads, at least {amount(low, 'person')} must change"
    if low < high:
        vi, en = f"{vi}, nhiều nhất {high} (chưa chứng minh)", f"{en}, at most {high} (not proved)"
    return LeastChange(at_least=low, at_most=high, vi=f"{vi}.", en=f"{en}.")
