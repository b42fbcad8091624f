"""What an officer would ask first about a plan, with the answer: shown on the run's and the plan's first page."""

from typing import Literal

from commune_schemas.base import CommuneCode, Message, SchoolCode


class Remark(Message):
    """A school with people that leads no commune, a lead far beyond the nearest school, a commune short of people."""

    code: Literal["school.leads_nothing", "commune.far_lead", "commune.short_of_people"]
    school_code: SchoolCode | None = None
    commune_code: CommuneCode | None = None
    people: int = 0
    """Of the school; of a commune, how many it is short of."""
    km_farther: int = 0
    """Of a far lead: than the nearest school."""
    rule: str | None
    """Of docs/domain.md: what decides."""
    vi: str
    en: str
