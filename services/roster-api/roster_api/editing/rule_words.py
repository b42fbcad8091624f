"""Broken rules and levels in words: the judge's line, with the rule of docs/domain.md and the names of those meant."""

import re
from collections.abc import Callable, Mapping

from roster_api.editing.schemas import BrokenRule

RULES: Mapping[str, tuple[str, str]] = {
    "R1": ("mỗi xã nhiều nhất một trường phụ trách", "a commune has at most one lead"),
    "R2": ("cặp xã - trường bị loại trừ không được chọn", "a forbidden pair neither leads nor supports"),
    "R3": ("không xa quá mức cho phép", "no lead or support farther than allowed"),
    "R4": (
        "xã khó tiếp cận chỉ do trường phục vụ được từ xa",
        "a remote commune only by a school that can serve remotely",
    ),
    "R6": (
        "trường phải đủ người biết việc; không phục vụ quá nhu cầu",
        "a school has the people for what it promises; no need is served twice",
    ),
    "R8": (
        "số trường hỗ trợ có hạn; chỉ phục vụ xã mình phụ trách hoặc hỗ trợ",
        "so many supporting schools, and service only where a school leads or supports",
    ),
    "R9": ("số xã phụ trách theo số người hướng dẫn", "communes led by how many supervisors there are"),
    "R15": ("số người hứa cử đến mỗi xã", "people promised to each commune"),
    "P1": ("mỗi người chỉ phục vụ một xã", "a person serves at most one commune"),
    "P2": (
        "chỉ vào ngày rảnh, không quá số ngày tối đa",
        "only on free weekdays, at least one, at most the person's most",
    ),
    "P3": ("không xa quá quãng đường tối đa của người đó", "no farther than the person goes"),
    "P4": ("chỉ làm lĩnh vực mình biết, trong số ngày có mặt", "only known fields, within the days present"),
    "P5": (
        "số người cần hướng dẫn không quá mức người hướng dẫn nhận",
        "no more supervised people than the supervisors there take",
    ),
    "P7": ("cấm: người này không đến xã này", "a person never goes to a forbidden commune"),
    "P8": ("cả nhóm đến cùng một xã, hoặc không ai đi", "a team goes to one commune together, or stays"),
}
LEVELS: Mapping[str, tuple[str, str]] = {
    "nolead": ("xã chưa có trường phụ trách", "communes with no lead"),
    "short_people": ("thiếu người so với số xã xin", "people asked for and missing"),
    "unmet": ("nhu cầu chưa đáp ứng (theo ưu tiên)", "unmet need (by priority)"),
    "overlead": ("xã phụ trách quá sức", "communes led beyond the supervisors"),
    "broken": ("quan hệ và phân công cũ bị đổi", "ties and previous leads lost"),
    "supports": ("trường hỗ trợ", "supporting schools"),
    "overcap": ("tải vượt mức công bằng (phần nghìn)", "load above the fair share (per mille)"),
    "scattered": ("xã nằm rời địa bàn", "communes apart from their area"),
    "cost_km": ("chi phí quy ra km", "cost in km"),
    "unused": ("người hoặc ngày chưa dùng", "people or days not used"),
    "changed": ("người bị đổi so với phương án trước", "people changed since the previous plan"),
    "uneven": ("chia người chưa đều", "people spread unevenly"),
    "travel_km": ("quãng đường (km)", "travel (km)"),
}
DETAILS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"^(.+) has (\d+) supervised people and (\d+) supervisors$"),
        "{0}: {1} người cần hướng dẫn, {2} người hướng dẫn",
    ),
    (re.compile(r"^(.+) is placed on no day$"), "{0} không có ngày nào"),
    (re.compile(r"^(.+) is placed on a day that is not free$"), "{0} được xếp vào ngày không rảnh"),
    (re.compile(r"^(.+) is present on more than (\d+) days$"), "{0} có mặt quá {1} ngày"),
    (re.compile(r"^(.+) is farther from (.+) than max_m$"), "{0} ở quá xa {1}"),
    (re.compile(r"^(.+) is forbidden to go to (.+)$"), "{0} bị cấm đến {1}"),
    (re.compile(r"^team (.+) is split$"), "nhóm {0} bị tách"),
    (re.compile(r"^(.+) has (\d+) supports$"), "{0} có {1} trường hỗ trợ"),
    (re.compile(r"^(.+) leads (\d+) communes$"), "{0} phụ trách quá {1} xã"),
    (re.compile(r"^(.+) may not lead (.+)$"), "{0} không được phụ trách {1}"),
    (re.compile(r"^(.+) may not support (.+)$"), "{0} không được hỗ trợ {1}"),
    (re.compile(r"^(.+) cannot staff (\d+) of (\d+) person-days$"), "{0} thiếu người cho {1} trên {2} ngày công"),
)  # fmt: skip
"""The judges' lines and the same in Vietnamese; a line of another form is shown as it is, beside the rule's words."""
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9][A-Za-z0-9._-]*")


def describe_broken(violation: str, name: Callable[[str], str]) -> BrokenRule:
    """`name`: what a code or id is called; anything else comes back as it is."""
    rule, _, detail = violation.partition(" ")
    rule = rule.rstrip(":")
    rule_vi, rule_en = RULES.get(rule, ("quy tắc cứng", "a hard rule"))
    en = IDS.sub(lambda found: name(found[0]), detail)
    vi = en
    for pattern, words in DETAILS:
        if match := pattern.match(detail):
            vi = words.format(*(IDS.sub(lambda found: name(found[0]), part) for part in match.groups()))
            break
    return BrokenRule(rule=rule, vi=f"{rule}: {rule_vi} ({vi}).", en=f"{rule}: {rule_en} ({en}).")


def level_words(level: str) -> tuple[str, str]:
    return LEVELS.get(level, (level, level))
