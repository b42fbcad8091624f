"""The least that must change, in words: of a run's leads, and then of its people."""

from commune_schemas.documents import InstanceDocument
from commune_schemas.replanning import LeastChange

from matching_worker.model.outcome import Outcome
from matching_worker.model.placement.problem.costs import CHANGED
from matching_worker.model.responsibility.problem.conflict import count_least_changes


def least_of_leads(instance: InstanceDocument) -> LeastChange | None:
    """Proved by matching communes to the schools that led them; None where no lead is in force."""
    if not instance.previous:
        return None
    least = count_least_changes(instance)
    vi, en = "xã phải đổi trường phụ trách", "communes must change their lead"
    return LeastChange(at_least=least, at_most=least, vi=f"Ít nhất {least} {vi}.", en=f"At least {least} {en}.")


def least_of_people(outcome: Outcome) -> LeastChange:
    """Of the outcome of a document in which only changes count (problem/least.py)."""
    low, high = outcome.bound[CHANGED], outcome.objective[CHANGED]
    vi = f"Với các trường phụ trách này, ít nhất {low} người phải đổi phân công"
    en = f"With these leads, at least {low} people must change"
    if low < high:
        vi, en = f"{vi}, nhiều nhất {high} (chưa chứng minh)", f"{en}, at most {high} (not proved)"
    return LeastChange(at_least=low, at_most=high, vi=f"{vi}.", en=f"{en}.")
