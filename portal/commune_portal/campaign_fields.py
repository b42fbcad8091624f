"""What is asked of a campaign: its time, and the rules of its plans in words; and what a new one begins with."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from commune_portal.record_forms import Field, Kind, words_for
from commune_portal.rendering import day
from commune_portal.view import View

NAME = Field("name", "Tên", "Name", is_required=True)
TIME = (
    Field("starts_on", "Từ ngày", "From", Kind.DAY, is_required=True),
    Field("ends_on", "Đến hết ngày", "Until", Kind.DAY, is_required=True),
    Field("start_time", "Giờ bắt đầu", "Day begins", Kind.TIME, "Theo 24 giờ.", "By 24 hours.", is_required=True),
    Field("end_time", "Giờ kết thúc", "Day ends", Kind.TIME, is_required=True),
)
SANDBOX = Field(
    "is_sandbox", "Chiến dịch thử: không tin nhắn nào đến tay ai", "To try things out: its messages reach nobody",
    Kind.YES, "Để tập dùng; không đổi được về sau.", "For learning; it never changes.",
)  # fmt: skip
rule = partial(Field, is_required=True, within="policy")
POLICY = (
    rule(
        "use", "Dùng bao nhiêu người", "How many people to use", Kind.CHOICE,
        "Ngoài nhu cầu của xã: không ai nữa, mọi người đi được, hay mọi ngày họ đăng ký.",
        "Beyond what communes need: nobody, everyone who may go, or all their days.",
    ),
    rule(
        "min_people", "Số người mỗi xã, nếu xã không nói", "People a commune, where it does not say", Kind.NUMBER,
        "Xã khai số người khác thì theo xã.", "A commune that names a number gets that one.",
    ),
    rule(
        "supervision", "Sinh viên được hướng dẫn ở đâu", "Where students are supervised", Kind.CHOICE,
        "Tính người hướng dẫn trong từng xã, trong cả trường, hay không cần.",
        "Supervisors are counted at each commune, over the school, or not at all.",
    ),
    rule(
        "students_per_lecturer", "Một người hướng dẫn được mấy sinh viên", "Students for each supervisor", Kind.NUMBER,
        "Từ 1 đến 100.", "From 1 to 100.",
    ),
    rule(
        "lecturer_bound", "Giới hạn số xã của người hướng dẫn", "The bound on a supervisor's communes", Kind.CHOICE,
        "Bắt buộc, hay cố gắng giữ và báo khi vượt.", "As a rule, or kept where it can be and told where it is not.",
    ),
    rule(
        "theta_pct", "Tải công bằng của một trường (%)", "Fair load of a school (%)", Kind.NUMBER,
        "So với mức trung bình; 130 là hơn trung bình 30 %.", "Of the mean; 130 is 30 % above it.",
    ),
    Field(
        "contiguity", "Ưu tiên các xã của một trường nằm liền nhau", "Prefer that a school's communes lie together",
        Kind.YES, within="policy",
    ),
)  # fmt: skip
"""Explained one by one in docs/policy.md."""
CHOICES = {
    "use": ("need", "people", "days"),
    "supervision": ("commune", "school", "none"),
    "lecturer_bound": ("hard", "level"),
}
NEW_POLICY: Mapping[str, Any] = {
    "use": "people",
    "min_people": 1,
    "supervision": "commune",
    "students_per_lecturer": 5,
    "lecturer_bound": "level",
    "theta_pct": 130,
    "contiguity": False,
}
"""What the API gives a new campaign; a test holds it against the API's own."""
WEEKS_BEFORE, WEEKS = 3, 4


def options_of_policy(view: View) -> dict[str, list[tuple[str, str]]]:
    return {name: words_for(view, name, values) for name, values in CHOICES.items()}


def rules_in_words(view: View, policy: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """(what is ruled, how), for who reads and changes nothing."""
    rows = []
    for field in POLICY:
        value = policy[field.name]
        if field.kind is Kind.YES:
            words = view.say("Có", "Yes") if value else view.say("Không", "No")
        else:
            words = view.word(field.name, value) if field.name in CHOICES else str(value)
        rows.append((view.say(field.vi, field.en), words))
    return rows


def values_of_new(view: View, today: date) -> dict[str, str]:
    """Four weeks from a Monday, with three weeks for lists and needs before it, the usual hours."""
    monday = today + timedelta(weeks=WEEKS_BEFORE, days=-today.weekday() % 7)
    friday = monday + timedelta(weeks=WEEKS, days=-3)
    month = monday.strftime("%m/%Y")
    return {
        "name": view.say(f"Đợt hỗ trợ cấp xã {month}", f"Support of the communes {month}"),
        "starts_on": day(monday),
        "ends_on": day(friday),
        "start_time": "07:30",
        "end_time": "16:30",
    }
