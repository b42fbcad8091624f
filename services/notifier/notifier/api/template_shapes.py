"""What is asked about templates; what is answered stands in commune_schemas, for roster-api hands it on."""

from typing import Annotated, Any
from uuid import UUID

from commune_schemas.notices import PersonNotice, WithdrawalCause
from pydantic import BaseModel, ConfigDict, Field


class TemplateDraft(BaseModel):
    """Of an e-mail: subject, heading, opening, closing; of a text message: text, is_accented. Null: the built-in."""

    model_config = ConfigDict(extra="forbid")

    blocks: dict[str, Any] | None
    written_by: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]+$")]


class PreviewRequest(BaseModel):
    """With the facts of a message (`message_id`), of a placement as roster-api has it (`notice`), or made-up ones."""

    model_config = ConfigDict(extra="forbid")

    blocks: dict[str, Any] | None = None
    message_id: UUID | None = None
    notice: PersonNotice | None = None
    withdrawal: WithdrawalCause | None = None


class TrialMail(BaseModel):
    """A mail by these words to whoever wrote them, with a made-up person's facts. Null: the built-in words."""

    model_config = ConfigDict(extra="forbid")

    blocks: dict[str, Any] | None = None
    to: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[!-~]+$")]
