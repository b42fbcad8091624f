"""The sentences of the explanations, Vietnamese and English. Numbers come in, nothing is decided here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commune_schemas.amounts import amount
from commune_verify.verdict import Objective

from matching_worker.model.responsibility.problem import rules
from matching_worker.model.responsibility.problem.problem import EXISTING_WEIGHT, Problem
from matching_worker.model.responsibility.search.moves import Move

Both = tuple[str, str]
Full = tuple[list[str], int, int]
"""Fields, days wanted of them, days there are."""


@dataclass(frozen=True)
class Binding:
    """The rule that stands against a move, with its numbers."""

    rule: str
    fields: tuple[str, ...] = ()
    wanted: int = 0
    there: int = 0
    times: float = 0.0
    """Of the fair load, with prices: what the school would carry."""
    improves: bool = False
    """Nothing stands against it: the plan was not proved to be the best."""


LEVELS_VI = {
    "nolead": "xã không có trường phụ trách",
    "unmet": "nhu cầu chưa đáp ứng (có trọng số)",
    "short_people": "người thiếu so với đề nghị (có trọng số)",
    "cost_km": "km gồm cả giá",
    "overlead": "xã vượt quá sức người hướng dẫn của trường",
    "broken": "mối quan hệ bị phá vỡ",
    "supports": "trường hỗ trợ",
    "overcap": "phần nghìn vượt tải công bằng",
    "scattered": "xã nằm tách khỏi địa bàn của trường",
    "travel_km": "km đi lại",
}
LEVELS_EN = {
    "nolead": "communes without a lead",
    "unmet": "unmet need (weighted)",
    "short_people": "people short of what was asked (weighted)",
    "cost_km": "km with prices",
    "overlead": "communes led beyond what supervisors bear",
    "broken": "broken ties",
    "supports": "supports",
    "overcap": "per mille above the fair load",
    "scattered": "communes apart from their school's area",
    "travel_km": "km of travel",
}


def commune_name(problem: Problem, c: int) -> str:
    code = problem.communes[c]
    return next(x.name for x in problem.document.communes if x.id == code) or code


def is_remote(problem: Problem, c: int) -> bool:
    return next(x.mode for x in problem.document.communes if x.id == problem.communes[c]) == "remote"


def school_name(problem: Problem, s: int) -> str:
    code = problem.schools[s]
    return next(x.name for x in problem.document.schools if x.id == code) or code


def field_name(problem: Problem, f: int) -> Both:
    code = problem.fields[f]
    name = problem.document.field_names.get(code)
    return (name.vi, name.en) if name else (code, code)


def fields_named(problem: Problem, codes: Iterable[str]) -> Both:
    names = [field_name(problem, problem.fields.index(code)) for code in codes]
    if len(names) == len(problem.fields) > 1:
        return "mọi lĩnh vực", "all fields"
    return ", ".join(f"“{vi}”" for vi, _ in names), ", ".join(f"“{en}”" for _, en in names)


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
    """An existing relation, or the lead of the plan being revised."""
    commune, school = commune_name(problem, c), school_name(problem, lead)
    if problem.kept[c, lead] >= EXISTING_WEIGHT:
        vi, en = (
            f"{school} đã gắn với {commune} từ trước, nên được giữ lại.",
            f"{school} was already tied to {commune}.",
        )
    else:
        vi = f"{school} đã phụ trách {commune} trong phương án trước, nên được giữ lại."
        en = f"{school} led {commune} in the previous plan already."
    return rules.LEAST_CHANGE, vi, en


def remote(problem: Problem, c: int, lead: int, days: int) -> tuple[str, str, str]:
    commune, school, able = commune_name(problem, c), school_name(problem, lead), int(problem.choices[c].sum())
    share_vi, share_en = _share(problem, c, days)
    among = "the only school that can" if able == 1 else f"one of {able} schools that can"
    vi = f"{commune} được phục vụ từ xa; {school}, một trong {able} trường làm được việc này, {share_vi}."
    return rules.REMOTE, vi, f"{commune} is served remotely; {school}, {among}, {share_en}."


def nearest(problem: Problem, c: int, lead: int, days: int) -> tuple[str, str, str]:
    commune, school, km = commune_name(problem, c), school_name(problem, lead), problem.km[c, lead]
    vi = f"{school} là trường gần {commune} nhất ({km} km) và {_share(problem, c, days)[0]}."
    return rules.TRAVEL, vi, f"{school} is the nearest to {commune} ({km} km) and {_share(problem, c, days)[1]}."


def _share(problem: Problem, c: int, days: int) -> Both:
    """How much of the commune's need its lead serves."""
    needed = int(problem.needed[c])
    if days >= needed:
        return f"đủ người cho {needed} ngày công mỗi tuần", f"has people for its {amount(needed, 'person-day')} a week"
    return (
        f"nhận {days} trên {needed} ngày công mỗi tuần",
        f"serves {days} of its {amount(needed, 'person-day')} a week",
    )


def not_nearest(problem: Problem, c: int, lead: int, other: int, move: Move, why: Binding) -> tuple[str, str, str]:
    commune, school, nearer = commune_name(problem, c), school_name(problem, lead), school_name(problem, other)
    reason_vi, reason_en = binding(problem, other, why)
    if (
        why.rule in (rules.TRAVEL, rules.TIE_BREAK) and not why.improves
    ):  # nearer, but somebody else would have to give way
        reason_vi, reason_en = cost(move.change)
    farther = problem.km[c, lead] - problem.km[c, other]
    vi = f"{commune} giao cho {school} ({problem.km[c, lead]} km): xa hơn {nearer} {farther} km, nhưng {reason_vi}."
    en = f"{commune} goes to {school} ({problem.km[c, lead]} km): {farther} km farther than {nearer}, but {reason_en}."
    return why.rule, vi, en


def no_lead(problem: Problem, c: int, why: tuple[str, str, str]) -> tuple[str, str, str]:
    rule, vi, en = why
    commune = commune_name(problem, c)
    return rule, f"{commune} không có trường phụ trách: {vi}.", f"{commune} has no lead: {en}."


def binding(problem: Problem, school: int, why: Binding) -> Both:
    """The rule in words, with its numbers."""
    if why.improves:
        return (
            "như vậy sẽ tốt hơn: phương án này chưa được chứng minh là tốt nhất",
            "it would be better: not proved best",
        )
    name, wanted, there = school_name(problem, school), why.wanted, why.there
    listed_vi, listed_en = fields_named(problem, why.fields)
    farthest_km = (problem.document.policy.max_lead_m or 0) / 1000
    return {
        rules.PIN: ("xã đã được ấn định cho trường khác", "the commune is pinned to another school"),
        rules.FORBID: (f"{name} bị loại trừ ở xã này", f"{name} is forbidden there"),
        rules.MAX_LEAD_DISTANCE: (
            f"xa hơn {farthest_km:g} km cho phép",
            f"it is farther than the {farthest_km:g} km allowed",
        ),
        rules.REMOTE: (f"{name} không phục vụ từ xa được", f"{name} cannot serve remotely"),
        rules.LECTURER_BOUND: (
            f"sẽ phụ trách {wanted} xã, người hướng dẫn chỉ đủ cho {there}",
            f"it would lead {amount(wanted, 'commune')}, its supervisors bear {there}",
        ),
        rules.MAX_CHANGES: ("đã hết số thay đổi cho phép", "no further change from the previous plan is allowed"),
        rules.STAFFING: (
            f"cần {wanted} ngày công ({listed_vi}), người của trường chỉ có {there}",
            f"{amount(wanted, 'person-day')} would be asked ({listed_en}), its people have {there}",
        ),
        rules.FAIRNESS: _overloaded(name, why),
        rules.LEAST_CHANGE: ("sẽ phá vỡ một mối quan hệ đang có", "a tie would be broken"),
        rules.SUPPORT: ("sẽ cần thêm trường hỗ trợ", "a further support would be needed"),
        rules.CONTIGUITY: _torn(why),
        rules.ONE_LEAD: ("sẽ có thêm xã không có trường phụ trách", "a further commune would have no lead"),
        rules.HEADS: ("xã sẽ thiếu người so với đề nghị", "the commune would be short of the people it asked for"),
        rules.PRICES: ("tính cả giá thì đắt hơn", "it would cost more, prices counted"),
        rules.TRAVEL: ("đường đi sẽ dài hơn", "travel would be longer"),
        rules.TIE_BREAK: ("hai phương án ngang nhau", "it would be just as good"),
    }[why.rule]


def _overloaded(name: str, why: Binding) -> Both:
    if why.times:
        times = f"{why.times:.1f}".replace(".", ",")
        vi = f"khi đó {name} sẽ gánh {times} lần mức tải công bằng"
        return vi, f"{name} would then carry {why.times:.1f} times the fair load"
    return (
        f"tải sẽ là {why.wanted} ngày công, mức công bằng là {why.there}",
        f"its load would be {amount(why.wanted, 'person-day')}, its fair share is {why.there}",
    )


def _torn(why: Binding) -> Both:
    if why.wanted:
        return (
            f"khi đó thêm {why.wanted} xã nằm tách khỏi địa bàn của trường mình",
            f"{amount(why.wanted, 'more commune')} would then lie apart from the school's area",
        )
    return "địa bàn của trường sẽ bị chia cắt", "an area would no longer hang together"


def why_not(problem: Problem, c: int, school: int, move: Move, why: Binding) -> Both:
    reason_vi, reason_en = binding(problem, school, why)
    name, commune = school_name(problem, school), commune_name(problem, c)
    if move.rule is not None:
        return f"Không phải {name}: {reason_vi} ({move.rule}).", f"Not {name}: {reason_en} ({move.rule})."
    vi, en = cost(move.change)
    return (
        f"Không phải {name} cho {commune}: {reason_vi} ({why.rule}; {vi}).",
        f"Not {name} for {commune}: {reason_en} ({why.rule}; {en}).",
    )


def alternative(problem: Problem, kind: str, leads: Mapping[int, int], change: Objective, changed: int) -> Both:
    vi, en = cost(change)
    shown = list(leads.items())[:3]
    named = "; ".join(f"{commune_name(problem, c)} → {school_name(problem, s)}" for c, s in shown)
    more = ", …" if len(leads) > len(shown) else ""
    kind_vi, kind_en = {
        "move": ("Chuyển riêng xã này", "Best single move"),
        "swap": ("Đổi chỗ hai xã", "Best swap"),
        "resolve": (
            f"Giải lại toàn bộ ({changed} xã đổi trường)",
            f"Solved anew ({amount(changed, 'lead changes', 'leads change')})",
        ),
    }[kind]
    return f"{kind_vi}: {named}{more}: {vi}.", f"{kind_en}: {named}{more}: {en}."


def cost(change: Objective) -> Both:
    """The levels that change, most important first."""
    moved = [(level, n) for level, n in change.items() if n]
    if not moved:
        return "không đổi gì", "nothing changes"
    return (
        ", ".join(f"{n:+d} {LEVELS_VI[level]}" for level, n in moved),
        ", ".join(f"{n:+d} {LEVELS_EN[level]}" for level, n in moved),
    )
