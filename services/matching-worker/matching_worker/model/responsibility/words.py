"""The sentences of the explanations, Vietnamese and English. Numbers come in, nothing is decided here."""

from collections.abc import Mapping

from matching_worker.model.outcome import Objective
from matching_worker.model.responsibility import rules
from matching_worker.model.responsibility.costs import LEVELS
from matching_worker.model.responsibility.moves import Move
from matching_worker.model.responsibility.problem import Problem

Binding = tuple[str, tuple[str, ...], int, int]
"""A rule, the fields it is about, how much is wanted, how much there is."""
Both = tuple[str, str]
Full = tuple[list[str], int, int]

LEVELS_VI = {
    "nolead": "xã không có trường phụ trách",
    "unmet": "nhu cầu chưa đáp ứng (có trọng số)",
    "broken": "mối quan hệ bị phá vỡ",
    "supports": "trường hỗ trợ",
    "overcap": "phần nghìn vượt tải công bằng",
    "travel_km": "km đi lại",
}
LEVELS_EN = {
    "nolead": "communes without a lead",
    "unmet": "unmet need (weighted)",
    "broken": "broken ties",
    "supports": "supports",
    "overcap": "per mille above the fair load",
    "travel_km": "km of travel",
}


def commune_name(problem: Problem, c: int) -> str:
    code = problem.communes[c]
    return next(x.name for x in problem.document.communes if x.id == code) or code


def school_name(problem: Problem, s: int) -> str:
    code = problem.schools[s]
    return next(x.name for x in problem.document.schools if x.id == code) or code


def pinned(problem: Problem, c: int, lead: int) -> tuple[str, str, str]:
    commune, school = commune_name(problem, c), school_name(problem, lead)
    reason = next(p.reason for p in problem.document.pins if p.commune == problem.communes[c])
    because = f" ({reason})" if reason else ""
    vi = f"{school} phụ trách {commune} vì đã được ấn định{because}."
    return rules.PIN, vi, f"{school} leads {commune} because it is pinned{because}."


def only_choice(problem: Problem, c: int, lead: int) -> tuple[str, str, str]:
    commune, school = commune_name(problem, c), school_name(problem, lead)
    vi = f"{school} là trường duy nhất được phép phụ trách {commune}."
    return rules.ONE_LEAD, vi, f"{school} is the only school that may lead {commune}."


def kept_tie(problem: Problem, c: int, lead: int) -> tuple[str, str, str]:
    commune, school = commune_name(problem, c), school_name(problem, lead)
    vi = f"{school} đã gắn với {commune} từ trước (giữ lại: {problem.kept[c, lead]} điểm)."
    en = f"{school} was already tied to {commune} (kept: {problem.kept[c, lead]} points)."
    return rules.LEAST_CHANGE, vi, en


def nearest(problem: Problem, c: int, lead: int) -> tuple[str, str, str]:
    commune, school = commune_name(problem, c), school_name(problem, lead)
    km, days = problem.km[c, lead], problem.needed[c]
    vi = f"{school} là trường gần {commune} nhất ({km} km) và đủ người cho {days} ngày công mỗi tuần."
    en = f"{school} is the nearest to {commune} ({km} km) and has people for its {days} person-days a week."
    return rules.TRAVEL, vi, en


def not_nearest(problem: Problem, c: int, lead: int, other: int, move: Move, why: Binding) -> tuple[str, str, str]:
    commune, school, nearer = commune_name(problem, c), school_name(problem, lead), school_name(problem, other)
    reason_vi, reason_en = binding(problem, other, why)
    if why[0] in (rules.TRAVEL, rules.TIE_BREAK):  # nearer, but somebody else would have to give way
        reason_vi, reason_en = cost(move.change)
    vi = f"{school} ({problem.km[c, lead]} km) phụ trách {commune}; {nearer} gần hơn ({problem.km[c, other]} km)"
    en = f"{school} ({problem.km[c, lead]} km) leads {commune}; {nearer} is nearer ({problem.km[c, other]} km)"
    return why[0], f"{vi} nhưng: {reason_vi}.", f"{en} but: {reason_en}."


def no_lead(problem: Problem, c: int, open_to: int) -> tuple[str, str, str]:
    commune = commune_name(problem, c)
    if open_to:
        vi = f"{commune} không có trường phụ trách: {open_to} trường được phép nhưng đã hết số xã theo số giảng viên."
        en = f"{commune} has no lead: {open_to} schools may, but their lecturers lead as many communes as they can."
        return rules.LECTURER_BOUND, vi, en
    return rules.ONE_LEAD, f"Không trường nào được phép phụ trách {commune}.", f"No school may lead {commune}."


def binding(problem: Problem, school: int, why: Binding) -> Both:
    """The rule in words, with its numbers."""
    rule, fields, wanted, there = why
    name, listed = school_name(problem, school), ", ".join(fields)
    return {
        rules.PIN: ("xã đã được ấn định cho trường khác", "the commune is pinned to another school"),
        rules.FORBID: (f"{name} bị loại trừ ở xã này", f"{name} is forbidden there"),
        rules.MAX_LEAD_DISTANCE: (
            f"xa hơn {problem.document.policy.max_lead_m} m cho phép",
            f"it is farther than the {problem.document.policy.max_lead_m} m allowed",
        ),
        rules.REMOTE: (f"{name} không phục vụ từ xa được", f"{name} cannot serve remotely"),
        rules.LECTURER_BOUND: (
            f"sẽ phụ trách {wanted} xã, giảng viên chỉ đủ cho {there}",
            f"it would lead {wanted} communes, its lecturers bear {there}",
        ),
        rules.MAX_CHANGES: ("đã hết số thay đổi cho phép", "no further change from the previous plan is allowed"),
        rules.STAFFING: (
            f"cần {wanted} ngày công ({listed}), người của trường chỉ có {there}",
            f"{wanted} person-days would be asked ({listed}), its people have {there}",
        ),
        rules.FAIRNESS: (
            f"tải sẽ là {wanted} ngày công, mức công bằng là {there}",
            f"its load would be {wanted} person-days, its fair share is {there}",
        ),
        rules.LEAST_CHANGE: ("sẽ phá vỡ một mối quan hệ đang có", "a tie would be broken"),
        rules.SUPPORT: ("sẽ cần thêm trường hỗ trợ", "a further support would be needed"),
        rules.TRAVEL: ("đường đi sẽ dài hơn", "travel would be longer"),
        rules.TIE_BREAK: ("hai phương án ngang nhau", "it would be just as good"),
    }[rule]


def why_not(problem: Problem, c: int, school: int, move: Move, why: Binding) -> Both:
    reason_vi, reason_en = binding(problem, school, why)
    name, commune = school_name(problem, school), commune_name(problem, c)
    if move.rule is not None:
        return f"Không phải {name}: {reason_vi} ({move.rule}).", f"Not {name}: {reason_en} ({move.rule})."
    vi, en = cost(move.change)
    return (
        f"Không phải {name} cho {commune}: {reason_vi} ({why[0]}; {vi}).",
        f"Not {name} for {commune}: {reason_en} ({why[0]}; {en}).",
    )


def alternative(problem: Problem, kind: str, leads: Mapping[int, int], change: Objective, changed: int) -> Both:
    vi, en = cost(change)
    shown = list(leads.items())[:3]
    named = "; ".join(f"{commune_name(problem, c)} → {school_name(problem, s)}" for c, s in shown)
    more = ", …" if len(leads) > len(shown) else ""
    kind_vi, kind_en = {
        "move": ("Chuyển riêng xã này", "Best single move"),
        "swap": ("Đổi chỗ hai xã", "Best swap"),
        "resolve": (f"Giải lại toàn bộ ({changed} xã đổi trường)", f"Solved anew ({changed} leads change)"),
    }[kind]
    return f"{kind_vi}: {named}{more}: {vi}.", f"{kind_en}: {named}{more}: {en}."


def unmet(problem: Problem, c: int, f: int, days: int, school: int | None, mended: int, full: Full | None) -> Both:
    """`full`: a set of fields in which the school has no more people: fields, days wanted, days there are."""
    commune, name = commune_name(problem, c), problem.fields[f]
    if school is None:
        return (
            f"{commune} thiếu {days} ngày {name}: chưa có trường.",
            f"{commune} lacks {days} days of {name}: no school.",
        )
    at = school_name(problem, school)
    vi = en = ""
    if full is not None:
        vi = f" {at} có {full[2]} ngày công cho {', '.join(full[0])} và đã dùng hết;"
        en = f" {at} has {full[2]} person-days for {', '.join(full[0])}, all in use;"
    return (
        f"{commune} thiếu {days} ngày {name}:{vi} thêm một giảng viên biết {name} ở {at} sẽ bù {mended} ngày.",
        f"{commune} lacks {days} days of {name}:{en} one more lecturer with {name} at {at} would mend {mended}.",
    )


def cost(change: Objective) -> Both:
    """The levels that change, most important first."""
    moved = [(level, change[level]) for level in LEVELS if change[level]]
    if not moved:
        return "không đổi gì", "nothing changes"
    return (
        ", ".join(f"{n:+d} {LEVELS_VI[level]}" for level, n in moved),
        ", ".join(f"{n:+d} {LEVELS_EN[level]}" for level, n in moved),
    )
