"""A pin that a run does not keep: which, whose, by which rule. Ids only; names are put in by roster-api for readers."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import CommuneCode, Message, SchoolCode


class UnkeptPin(Message):
    """Of a person (`volunteer_id`) or of a school (`school_code`), never of both."""

    commune_code: CommuneCode
    volunteer_id: UUID | None = None
    school_code: SchoolCode | None = None
    rule: Annotated[str, Field(max_length=8)]
    """Number in docs/domain.md; P0: the one pinned, or the commune, takes no part in the campaign (the problem's
    `left_out_pins`)."""
    vi: Annotated[str, Field(max_length=1000)]
    en: Annotated[str, Field(max_length=1000)]
