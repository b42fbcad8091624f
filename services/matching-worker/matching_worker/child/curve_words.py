"""What a curve says: quality against change, which points are proved and which are bounds, as data and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from commune_schemas.advice import CurveQuestion
from commune_schemas.amounts import amount

from matching_worker.model.outcome import Outcome, Status
from matching_worker.model.words import LEVEL_WORDS


@dataclass(frozen=True)
class Answer:
    data: dict[str, Any]
    vi: str
    en: str


def curve_answer(
    question: CurveQuestion, points: Sequence[tuple[int, Outcome]], *, at_least: int, at_most: int
) -> Answer:
    """`points`: the best plan with k changes beyond the `at_most` with which a plan is known."""
    vi = f"Ít nhất {at_least} thay đổi là bắt buộc; thêm nhiều nhất k thay đổi:"
    en = f"At least {amount(at_least, 'change')} must be; with at most k more:"
    if at_least < at_most:
        vi = f"Ít nhất {at_least}, nhiều nhất {at_most} thay đổi là bắt buộc; ngoài {at_most}, thêm nhiều nhất k:"
        en = f"At least {at_least}, at most {amount(at_most, 'change')} must be; with at most k beyond {at_most}:"
    return Answer(
        data={
            "stage": question.stage,
            "least": {"at_least": at_least, "at_most": at_most},
            "points": [point_data(cap, at_most, outcome) for cap, outcome in points],
        },
        vi="\n".join([vi, *(f"k = {cap}: {in_words(outcome)[0]}" for cap, outcome in points)]),
        en="\n".join([en, *(f"k = {cap}: {in_words(outcome)[1]}" for cap, outcome in points)]),
    )


def point_data(cap: int, least: int, outcome: Outcome) -> dict[str, Any]:
    return {
        "k": cap,
        "max_changes": least + cap,
        "status": outcome.status.value,
        "proved": outcome.status is Status.OPTIMAL,
        "objective": dict(outcome.objective) if outcome.solution is not None else None,
        "bound": dict(outcome.bound) if outcome.solution is not None else None,
        "conflict": [asdict(member) for member in outcome.conflict],
    }


def in_words(outcome: Outcome) -> tuple[str, str]:
    if outcome.solution is None and outcome.status is not Status.INFEASIBLE:
        return "hết thời gian trước khi có phương án", "time ran out before any plan"
    if outcome.solution is None:
        return "không có phương án nào giữ được mọi ràng buộc", "no plan keeps every rule"
    vi, en = (level_words(outcome.objective, language=language) for language in (0, 1))
    if outcome.status is Status.OPTIMAL:
        return f"{vi} (đã chứng minh là tốt nhất)", f"{en} (proved the best)"
    open_levels = {name: outcome.bound.get(name, 0) for name, value in outcome.objective.items()}
    open_levels = {name: low for name, low in open_levels.items() if low < outcome.objective[name]}
    low_vi, low_en = (level_words(open_levels, language=language) for language in (0, 1))
    return f"{vi} (chưa chứng minh; ít nhất: {low_vi})", f"{en} (not proved; at least: {low_en})"


def level_words(objective: Mapping[str, int], *, language: int) -> str:
    return ", ".join(
        f"{LEVEL_WORDS.get(level, (level, level))[language]} {value}" for level, value in objective.items()
    )
