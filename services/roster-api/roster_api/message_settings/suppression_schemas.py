"""Shapes of addresses that are written to no more."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from commune_schemas.notices import Channel, RecipientKind
from pydantic import BaseModel, ConfigDict, Field

from roster_api.paging import Page
from roster_api.shapes import Body
from roster_api.text import Line


class TheirSuppression(BaseModel):
    """What of the notifier's row is shown."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    channel: Channel
    recipient_kind: RecipientKind
    recipient_id: str
    reason: str
    shown_address: str | None
    created_at: datetime
    released_at: datetime | None
    release_reason: str | None


class TheirSuppressions(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: list[TheirSuppression]
    total: int


class SuppressionOut(BaseModel):
    """`to` is masked; null: the report named no address, and nothing is sent to this recipient by that channel.

    `reason`: dead_address (mail came back: there is no such address) or complaint (its reader reported it).
    """

    id: UUID
    channel: Channel
    recipient_kind: RecipientKind
    volunteer_id: UUID | None
    name: str
    school_name: str | None
    to: str | None
    reason: str
    created_at: datetime
    released_at: datetime | None
    release_reason: str | None


class SuppressionList(Page[SuppressionOut]):
    """Newest first. `is_cut`: there are more than 2,000 in all; the newest of them are listed."""

    is_cut: bool


class ReleaseRequest(Body):
    reason: Annotated[Line, Field(min_length=3, max_length=500, description="Why it is good again: kept with it")]
