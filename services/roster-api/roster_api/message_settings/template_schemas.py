"""Shapes of what is asked about templates; the answers are the notifier's own (commune_schemas.templates)."""

from typing import Annotated, Self
from uuid import UUID

from commune_schemas.notices import WithdrawalCause
from commune_schemas.templates import TemplateState
from pydantic import BaseModel, Field, model_validator

from roster_api.shapes import Body
from roster_api.text import Line

Blocks = Annotated[
    dict[str, Annotated[str, Field(max_length=6000)] | bool],
    Field(
        max_length=6,
        description="Of an e-mail: subject, heading, opening, closing; of a text message: text, is_accented",
    ),
]


class MessageTemplates(BaseModel):
    """Every kind of message whose words may be edited. `may_change`: whether the caller may draft and publish."""

    items: list[TemplateState]
    may_change: bool


class DraftRequest(Body):
    """A new version. `blocks` null: the built-in words again."""

    blocks: Blocks | None
    reason: Annotated[Line, Field(min_length=3, max_length=500, description="Why: kept with the version")]


class PreviewRequest(Body):
    """With the facts of somebody placed by a plan (`plan_id` and `volunteer_id`), else of a made-up person."""

    blocks: Blocks | None = None
    plan_id: UUID | None = None
    volunteer_id: UUID | None = None
    withdrawal: WithdrawalCause | None = None

    @model_validator(mode="after")
    def _name_a_placement(self) -> Self:
        if (self.plan_id is None) != (self.volunteer_id is None):
            raise ValueError("Cần cả plan_id và volunteer_id. | Both plan_id and volunteer_id are needed.")
        return self


class TrialRequest(Body):
    """A mail by these words to the caller's own address. Null: the built-in words."""

    blocks: Blocks | None = None
