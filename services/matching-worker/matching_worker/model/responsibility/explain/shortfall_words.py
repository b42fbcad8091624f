"""The sentences about unmet need, Vietnamese and English. Numbers come in, nothing is decided here."""

from commune_schemas.amounts import amount
from commune_verify.verdict import Objective

from matching_worker.model.responsibility.explain.words import (
    Binding,
    Both,
    Full,
    binding,
    commune_name,
    cost,
    field_name,
    fields_named,
    school_name,
)
from matching_worker.model.responsibility.problem import rules
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.search.moves import barrier

Why = tuple[str, str, str]
"""The rule, and a clause in each language."""
WITHOUT_IT_STAFF, OTHERS = 3, 1


def unmet(problem: Problem, c: int, f: int, days: int, *, why: Both) -> Both:
    commune, (field_vi, field_en) = commune_name(problem, c), field_name(problem, f)
    vi = f"{commune} thiếu {days} ngày công “{field_vi}” mỗi tuần: {why[0]}."
    return vi, f"{commune} lacks {amount(days, 'person-day')} of “{field_en}” a week: {why[1]}."


def no_lead(problem: Problem, c: int, nearest: int | None) -> Why:
    open_to = int(problem.choices[c].sum())
    if open_to:
        vi = f"{open_to} trường được phép phụ trách nhưng người hướng dẫn đã nhận đủ số xã"
        those = amount(open_to, "school may lead it, but its supervisors", "schools may lead it, but their supervisors")
        en = f"{those} lead as many communes as they can"
        return rules.LECTURER_BOUND, vi, en
    if nearest is None:
        return rules.ONE_LEAD, "không có trường nào tham gia", "no school takes part"
    rule = barrier(problem, c, nearest)
    name, (why_vi, why_en) = school_name(problem, nearest), binding(problem, nearest, Binding(rule))
    return (
        rule,
        f"không trường nào được phép phụ trách; gần nhất là {name}, nhưng {why_vi}",
        f"no school may lead it; {name} is the nearest, but {why_en}",
    )


def nobody(problem: Problem, nearest: int | None, rule: str) -> Why:
    """No school that may serve the commune has anyone for the field; `nearest` has, but is barred by `rule`."""
    if nearest is None:
        return rules.STAFFING, "không ai ở các trường biết lĩnh vực này", "nobody at any school knows it"
    name, (why_vi, why_en) = school_name(problem, nearest), binding(problem, nearest, Binding(rule))
    vi = f"không trường nào được đến đó có người biết lĩnh vực này; {name} có người biết, nhưng {why_vi}"
    return rule, vi, f"no school that may come has anyone who knows it; {name} has, but {why_en}"


def supported_enough(problem: Problem, spare: int | None) -> Why:
    at = "" if spare is None else school_name(problem, spare)
    vi = f"{at} còn người rảnh, nhưng mỗi xã có nhiều nhất {problem.max_support} trường hỗ trợ"
    return (
        rules.SUPPORT,
        vi,
        f"{at} has people to spare, but a commune has at most {amount(problem.max_support, 'support')}",
    )


def all_at_work(problem: Problem, school: int, full: Full | None) -> Why:
    at = school_name(problem, school)
    if full is None:
        return rules.STAFFING, f"người của {at} đã dùng hết", f"the people of {at} are all in use"
    fields_vi, fields_en = fields_named(problem, full[0])
    return (
        rules.STAFFING,
        f"{at} có {full[2]} ngày công cho {fields_vi}, đã dùng hết, các trường khác được phép cũng vậy",
        f"{at} has {amount(full[2], 'person-day')} for {fields_en}, all in use, as at every other school that may come",
    )


def not_best(problem: Problem, spare: int) -> Why:
    at = school_name(problem, spare)
    vi = f"{at} còn người rảnh: phương án này chưa phải tốt nhất"
    return rules.STAFFING, vi, f"{at} has people to spare: this plan is not the best there is"


def newcomer(problem: Problem, school: int, f: int, days: int, change: Objective) -> Both:
    at, (field_vi, field_en), (vi, en) = school_name(problem, school), field_name(problem, f), cost(change)
    return (
        f"Cách bù rẻ nhất: thêm một giảng viên biết “{field_vi}” ở {at}, bù {days} ngày ({vi}).",
        f"Cheapest mend: one more lecturer who knows “{field_en}” at {at}, for {amount(days, 'day')} ({en}).",
    )


def fairness(priority: int) -> Both:
    if priority == WITHOUT_IT_STAFF:
        vi = f"xã không có công chức CNTT, mỗi ngày thiếu tính {priority} (xã khác {OTHERS}), nên được đáp ứng trước"
        en = f"without an IT civil servant each missing day counts {priority} (elsewhere {OTHERS}): served first"
    else:
        first = f"xã không có công chức CNTT tính {WITHOUT_IT_STAFF} và được đáp ứng trước"
        vi = f"mỗi ngày thiếu ở xã này tính {priority}; {first}"
        first = f"communes without an IT civil servant count {WITHOUT_IT_STAFF} and are served first"
        en = f"each missing day here counts {priority}; {first}"
    return f"Quy tắc chia phần thiếu: {vi}.", f"How shortage is shared out: {en}."
