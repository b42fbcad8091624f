"""Whom a plan leaves without anyone: what the worker tells, and the run's first page shows."""

from typing import Literal

from commune_schemas.base import CommuneCode, Message, SchoolCode


class LeftOut(Message):
    """A school, its people of one role, or a commune that a plan leaves without anyone, and why."""

    code: Literal[
        "school.nobody_placed",
        "school.incomplete_people",
        "school.archived",
        "school.nobody_left",
        "role.nobody_placed",
        "commune.nobody_placed",
        "commune.archived",
        "commune.not_submitted",
    ]
    school_code: SchoolCode | None = None
    commune_code: CommuneCode | None = None
    role: Literal["lecturer", "teacher", "student", "official"] | None = None
    people: int = 0
    """How many of that school (and role) could have been placed, and none was; or are incomplete; or, of an archived
    school, serve by the plan in force; or withdrew."""
    rule: str | None
    """Of docs/domain.md; None where no rule stands against it, only that nobody is needed."""
    vi: str
    en: str
