"""A grouping judged from the run's frozen problem: figures by group, broken rules in words, what a change would do."""

import re
from collections import defaultdict
from collections.abc import Mapping

from commune_schemas.documents import GroupsDocument, GroupsSolution
from commune_verify.groups import is_connected, verify

from roster_api.group_runs.schemas import BrokenGroupRule, ChangePreview, GroupFigures, Judgement

VIOLATION = re.compile(r"(D\d): (?:group (\d+) )?")
WORDS_VI = {
    "D1": "Nhóm {number} không còn xã nào, hoặc có xã không thuộc nhóm nào (D1).",
    "D2": "Nhóm {number} không liền nhau (D2).",
    "D3": "Nhóm {number} nặng {weight}, dưới mức {lo} (D3).",
    "D4": "Nhóm {number} nặng {weight}, trên mức {hi} (D4).",
}


def judge(document: GroupsDocument, owner: Mapping[str, int]) -> Judgement:
    verdict = verify(document, GroupsSolution(group=dict(owner)))
    weights = {commune.id: commune.weight for commune in document.communes}
    members: dict[int, set[str]] = defaultdict(set)
    for commune, number in owner.items():
        members[number].add(commune)
    adjacent: dict[str, set[str]] = {commune: set() for commune in weights}
    for a, b in document.edges:
        adjacent[a].add(b)
        adjacent[b].add(a)
    figures = [
        _describe(document, number, members[number], weights=weights, adjacent=adjacent) for number in range(document.k)
    ]
    weigh = {figure.number: figure.weight for figure in figures}
    broken = [_explain(document, violation, weigh) for violation in verdict.violations]
    cost = sum(figure.km for figure in figures)
    return Judgement(lo=document.lo, hi=document.hi, cost_km=cost, groups=figures, broken=broken)


def _describe(
    document: GroupsDocument, number: int, members: set[str], *, weights: Mapping[str, int],
    adjacent: dict[str, set[str]],
) -> GroupFigures:  # fmt: skip
    km = min((sum(document.dist_km[centre][one] for one in members) for centre in members), default=0)
    return GroupFigures(
        number=number,
        communes=len(members),
        weight=sum(weights[one] for one in members),
        km=km,
        is_connected=bool(members) and is_connected(members, adjacent),
    )


def _explain(document: GroupsDocument, violation: str, weights: Mapping[int, int]) -> BrokenGroupRule:
    rule, number = "D1", None
    if (matched := VIOLATION.match(violation)) is not None:
        rule, number = matched[1], None if matched[2] is None else int(matched[2])
    weight = weights.get(number, 0) if number is not None else 0
    vi = WORDS_VI[rule].format(
        number="" if number is None else number + 1, weight=weight, lo=document.lo, hi=document.hi
    )
    return BrokenGroupRule(rule=rule, number=number, vi=vi, en=violation)


def compare(
    document: GroupsDocument, before: Mapping[str, int], after: Mapping[str, int], *, version: int
) -> ChangePreview:
    was, will = judge(document, before), judge(document, after)
    known = {(one.rule, one.number) for one in was.broken}
    newly = [one for one in will.broken if (one.rule, one.number) not in known]
    more = will.cost_km - was.cost_km
    balance = [max(abs(group.weight - _mean(one)) for group in one.groups) for one in (was, will)]
    vi = f"{more:+d} km; nhóm lệch nhiều nhất so với trung bình: {balance[0]:.0f} thành {balance[1]:.0f}"
    en = f"{more:+d} km; the group farthest from the mean weight: {balance[0]:.0f}, then {balance[1]:.0f}"
    if newly:
        vi += ". " + " ".join(one.vi for one in newly)
        en += ". " + "; ".join(one.en for one in newly)
    return ChangePreview(
        before=was, after=will, km_more=more, newly_broken=newly, summary_vi=vi, summary_en=en, row_version=version
    )


def _mean(judged: Judgement) -> float:
    return sum(group.weight for group in judged.groups) / len(judged.groups)
