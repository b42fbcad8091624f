"""Why a pin is not kept, in Vietnamese and English; people by their ids."""

from commune_schemas.amounts import amount

from matching_worker.model.pins.problem import PinProblem, Wish
from matching_worker.model.responsibility.problem import rules


def describe_unkept(problem: PinProblem, wish: Wish, rule: str) -> dict[str, str]:
    """volunteer, commune, rule and the words for both languages."""
    names = {commune.id: commune.name or commune.id for commune in problem.instance.communes}
    commune = names[wish[1]]
    because = _list_reasons(problem, wish)[rule]
    return {
        "volunteer": wish[0],
        "commune": wish[1],
        "rule": rule,
        "vi": f"Không giữ được ghim {wish[0]} vào {commune}: {because[0]} ({rule}).",
        "en": f"The pin of {wish[0]} to {commune} is not kept: {because[1]} ({rule}).",
    }


def _list_reasons(problem: PinProblem, wish: Wish) -> dict[str, tuple[str, str]]:
    """Rule -> (Vietnamese, English): what each rule that may stand against the pin would say."""
    person = problem.wishes[wish]
    school = next(school.name or school.id for school in problem.instance.schools if school.id == person.school)
    km, most_km = problem.distance_m(person, wish[1]) // 1000, person.max_m // 1000
    ratio, supports = problem.policy.students_per_lecturer, problem.instance.policy.max_support
    limit = (problem.lead_limits or {}).get(person.school, 0)
    return {
        "P2": ("người này không có ngày rảnh nào được tính trong đợt", "no weekday of theirs counts as free"),
        "P3": (f"xã cách {km} km, người này đi xa nhất {most_km} km", f"{km} km away, they go {most_km} km at most"),
        "P5": (
            f"không đủ người hướng dẫn đi cùng ở xã này, mỗi giảng viên hướng dẫn tối đa {ratio} người",
            f"there are not supervisors enough to go there too, {amount(ratio, 'person')} each at most",
        ),
        "P6": ("không giữ được cùng các ghim khác", "it cannot be kept together with the other pins"),
        "P7": ("người này đã bị loại trừ khỏi xã", "they are forbidden to go there"),
        "P8": (
            f"nhóm {person.team} phải cùng đến một xã mà không cùng đến đây được",
            f"team {person.team} goes to one commune together and cannot all go there",
        ),
        rules.FORBID: (f"{school} đã bị loại trừ khỏi xã", f"{school} is forbidden for the commune"),
        rules.MAX_LEAD_DISTANCE: (f"xã ngoài địa bàn của {school}: quá xa", f"too far for {school} to serve"),
        rules.REMOTE: (f"{school} không phục vụ từ xa được", f"{school} cannot serve a remote commune"),
        rules.SUPPORT: (
            f"xã ngoài địa bàn của {school}: xã có nhiều nhất {supports} trường hỗ trợ bên cạnh trường phụ trách",
            f"outside the area of {school}: a commune has at most {amount(supports, 'support')} beside its lead",
        ),
        rules.LECTURER_BOUND: (
            f"{school} chỉ đủ giảng viên để phụ trách {limit} xã",
            f"{school} has lecturers enough to lead {amount(limit, 'commune')} only",
        ),
    }
