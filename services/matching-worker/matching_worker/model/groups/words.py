"""The sentences of stage D's explanations, Vietnamese and English. Numbers come in, nothing is decided here."""

from collections.abc import Mapping

from commune_schemas.amounts import amount
from commune_verify.verdict import Objective

from matching_worker.model.groups.grouping import Grouping
from matching_worker.model.groups.problem import components

Both = tuple[str, str]
Why = tuple[str, str, str]
"""The rule, and a sentence in each language."""


def only_group(grouping: Grouping, commune: int) -> Why:
    vi, en = placed(grouping, commune)
    return "D1", f"{vi}: chỉ có một nhóm.", f"{en}: there is one group only."


def nearest_centre(grouping: Grouping, commune: int) -> Why:
    vi, en = placed(grouping, commune)
    return "cost", f"{vi}: tâm của nhóm này gần nhất.", f"{en}: no other centre is nearer."


def not_nearest_centre(grouping: Grouping, commune: int, nearest: int, rule: str | None, change: Objective) -> Why:
    vi, en = placed(grouping, commune)
    centre = grouping.centres[nearest]
    km, name = int(grouping.map.km[commune, centre]), grouping.name(centre)
    reason_vi, reason_en = cost(change) if rule is None else barred(grouping, rule)
    return (
        rule or "cost",
        f"{vi}; tâm {name} của nhóm {nearest} gần hơn ({km} km) nhưng chuyển sang đó thì {reason_vi}.",
        f"{en}; {name}, centre of group {nearest}, is nearer ({km} km), but to move there {reason_en}.",
    )


def placed(grouping: Grouping, commune: int) -> Both:
    own = grouping.owner[commune]
    members, weight = len(grouping.groups[own]), grouping.weigh(grouping.groups[own])
    name, centre = grouping.name(commune), grouping.centres[own]
    km, at = int(grouping.map.km[commune, centre]), grouping.name(centre)
    return (
        f"{name} thuộc nhóm {own} ({members} xã, tổng trọng số {weight}, tâm {at} cách {km} km)",
        f"{name} is in group {own} ({amount(members, 'commune')}, weight {weight}, centre {at} {km} km away)",
    )


def changed(
    grouping: Grouping,
    kind: str,
    communes: Mapping[int, int],
    after: Mapping[int, set[int]],
    rule: str | None,
    change: Objective,
) -> Both:
    """One change, allowed or not."""
    named_vi = "; ".join(f"{grouping.name(one)} → nhóm {to}" for one, to in communes.items())
    named_en = "; ".join(f"{grouping.name(one)} → group {to}" for one, to in communes.items())
    kind_vi, kind_en = {
        "move": ("Chuyển riêng xã này", "The commune alone"),
        "swap": ("Đổi chỗ tốt nhất giữa hai xã", "Best swap of two communes"),
    }[kind]
    if rule is None:
        vi, en = cost(change)
    else:
        where_vi, where_en = broken_group(grouping, rule, after)
        vi, en = barred(grouping, rule)
        vi, en = f"{vi} ({rule}{where_vi})", f"{en} ({rule}{where_en})"
    return f"{kind_vi}: {named_vi}: {vi}.", f"{kind_en}: {named_en}: {en}."


def broken_group(grouping: Grouping, rule: str, after: Mapping[int, set[int]]) -> Both:
    """Which of the changed groups breaks the rule, with its weight where that is the matter."""
    for number, group in sorted(after.items()):
        weight = grouping.weigh(group)
        if rule == "D2" and len(components(group, grouping.map.neighbours)) > 1:
            return f", nhóm {number}", f", group {number}"
        if (rule == "D3" and weight < grouping.map.lo) or (rule == "D4" and weight > grouping.map.hi):
            return f", nhóm {number} nặng {weight}", f", group {number} at {weight}"
    return "", ""


def barred(grouping: Grouping, rule: str) -> Both:
    lo, hi = grouping.map.lo, grouping.map.hi
    return {
        "D1": ("một nhóm sẽ trống", "would leave a group empty"),
        "D2": ("một nhóm sẽ không còn liền nhau", "would leave a group in pieces"),
        "D3": (f"một nhóm sẽ nhẹ hơn {lo}", f"would leave a group lighter than {lo}"),
        "D4": (f"một nhóm sẽ nặng hơn {hi}", f"would make a group heavier than {hi}"),
    }[rule]


def cost(change: Objective) -> Both:
    km = change["cost"]
    return f"tổng khoảng cách {km:+d} km", f"changes the kilometres by {km:+d}"


def all_swaps_barred(bars: Mapping[str, int]) -> Both:
    if not bars:
        return "Không có xã nào để đổi chỗ.", "There is no commune to swap with."
    counts = ", ".join(f"{rule}: {count}" for rule, count in sorted(bars.items()))
    return f"Không đổi chỗ được với xã nào ({counts}).", f"No swap is allowed ({counts})."
