"""Options that a run or scenario names and that can change nothing, each with why."""

from collections.abc import Callable, Set

from commune_schemas.matching import MatchingProblem

from roster_api.matching_runs.schemas import NoEffect

OF_AREAS = frozenset({"prices", "contiguity", "theta_pct"})
"""Options that decide only which school leads which commune."""
OF_LEADS = OF_AREAS | {"max_lead_m", "max_communes_per_lecturer", "lecturer_bound"}

Both = tuple[str, str]
KEPT_VI = (
    "Phương án đang có hiệu lực được giữ trước: mỗi xã đổi trường phụ trách nặng hơn mọi km và giá. "
    "Muốn xếp lại địa bàn, hãy bắt đầu từ đầu (start = scratch)."
)
KEPT_EN = (
    "The plan in force goes before: a changed lead outweighs any kilometre and price. "
    "To draw areas anew, start from scratch."
)
KEPT: Both = (KEPT_VI, KEPT_EN)


def list_no_effect(problem: MatchingProblem, named: Set[str]) -> list[NoEffect]:
    """`problem` as frozen; `named`: the options that the request gave."""
    found = []
    for option in sorted(named):
        why = _why_settled(problem, option)
        if why is None and option in _WHY:
            test, told = _WHY[option]
            why = told if test(problem) else None
        if why is not None:
            found.append(NoEffect(option=option, vi=why[0], en=why[1]))
    return found


def _why_settled(problem: MatchingProblem, option: str) -> Both | None:
    """Leads that are decided already leave nothing for areas, prices and bounds to decide."""
    communes = {commune.code for commune in problem.communes}
    pinned = {pin.commune_code for pin in problem.pins}
    if option in OF_LEADS and communes <= pinned:
        return (
            "Mọi xã đã được ấn định trường phụ trách nên không còn gì để chọn.",
            "Every commune is pinned to a school: nothing is left to choose.",
        )
    kept = {lead.commune_code for lead in problem.previous}
    return KEPT if option in OF_AREAS and communes <= pinned | kept else None


def _has_prices(problem: MatchingProblem) -> bool:
    return problem.options.contiguity and problem.options.prices is not None


def _asks_everywhere(problem: MatchingProblem) -> bool:
    return not any(commune.min_people == problem.options.min_people for commune in problem.communes)


NOTHING_TO_COUNT: Both = (
    "Không có phương án đang hiệu lực để so.",
    "No plan is in force to count changes against.",
)
_WHY: dict[str, tuple[Callable[[MatchingProblem], bool], Both]] = {
    "contiguity": (
        _has_prices,
        (
            "Đã có giá cho xã tách rời (prices), nên mức liền địa bàn không thêm gì.",
            "Communes apart have a price already: the level of contiguity adds nothing.",
        ),
    ),
    "students_per_lecturer": (
        lambda problem: problem.options.supervision == "none",
        ("Không tính người hướng dẫn (supervision = none).", "Supervision is not counted (supervision = none)."),
    ),
    "lecturer_bound": (
        lambda problem: problem.options.max_communes_per_lecturer is None,
        ("Không có mức số xã mỗi người hướng dẫn.", "There is no bound of communes a supervisor."),
    ),
    "min_people": (
        _asks_everywhere,
        ("Xã nào có nhu cầu cũng đã tự ghi số người.", "Every commune with a need says itself how many people."),
    ),
    "max_lead_changes": (lambda problem: not problem.previous, NOTHING_TO_COUNT),
    "max_placement_changes": (lambda problem: not problem.previous_placements, NOTHING_TO_COUNT),
}
