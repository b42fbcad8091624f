"""The hard rules of placement, P1 to P9 of docs/domain.md, each one function. The model is built from these.

verify.py judges finished plans by the same rules, written a second time from the documents alone.
"""

from collections.abc import Collection, Set

LECTURERS = ("lecturer",)
"""Who supervises where a document does not say."""
RULES = {
    "P1": ("Mỗi người chỉ phục vụ một xã", "a person serves at most one commune"),
    "P2": ("Chỉ vào ngày rảnh, không quá số ngày tối đa", "only on free weekdays, no more than max_days of them"),
    "P3": ("Không xa hơn quãng đường tối đa", "no farther than the person's max_m"),
    "P4": ("Chỉ làm lĩnh vực mình biết, trong số ngày có mặt", "only known fields, within the days present"),
    "P5": (
        "Số người cần hướng dẫn không quá mức mỗi người hướng dẫn nhận",
        "people who need supervision within what the supervisors take on",
    ),
    "P6": ("Ghim: người này phải đến xã này", "a pinned person goes to the pinned commune"),
    "P7": ("Cấm: người này không đến xã này", "a person never goes to a forbidden commune"),
    "P8": ("Cả nhóm đến cùng một xã, hoặc không ai đi", "a team goes to one commune together, or stays"),
    "P9": ("Không quá số thay đổi cho phép", "no more people changed than max_changes"),
}


def supervises(role: str, supervisors: Collection[str] | None) -> bool:
    """P5: who supervises; None = lecturers alone."""
    return role in (LECTURERS if supervisors is None else supervisors)


def is_supervised(role: str, supervised: Collection[str] | None, *, supervises: bool) -> bool:
    """P5: who needs a supervisor; None = whoever does not supervise."""
    return not supervises if supervised is None else role in supervised


def days_limit(free_days: Set[int], max_days: int) -> int:
    """P2: the most weekdays a person can be present; 0 = cannot be placed."""
    return min(len(free_days), max_days)


def may_go(*, distance_m: int, max_m: int, commune: str, forbidden: Collection[str], pinned: str | None) -> bool:
    """P3, P6 and P7: may this person go to this commune at all."""
    return distance_m <= max_m and commune not in forbidden and pinned in (None, commune)


def work_limit(need: int, days: int, *, knows: bool) -> int:
    """P4: the most days one person can work in one field of one commune."""
    return min(need, days) if knows else 0


def supervision_margin(supervisors: int, supervised: int, students_per_lecturer: int) -> int:
    """P5: how many more supervised people could come; negative = broken."""
    return students_per_lecturer * supervisors - supervised
