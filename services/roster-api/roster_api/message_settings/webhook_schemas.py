"""Shapes of what is asked about webhooks; what is answered of one is the notifier's own (commune_schemas.webhooks)."""

from typing import Annotated

from commune_schemas.webhooks import WebhookRead
from pydantic import BaseModel, Field

from roster_api.shapes import Body, Moment
from roster_api.text import Line


class EventType(BaseModel):
    """Something that a program can be told of."""

    type: str
    vi: str
    en: str


class WebhookList(BaseModel):
    """`event_types`: all that there are to choose from."""

    items: list[WebhookRead]
    total: int
    event_types: list[EventType]


class WebhookRequest(Body):
    """Where it is told (https, outside our own networks), and of what."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\x00-\x20]+$")]
    event_types: Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=20)]
    description: Annotated[Line, Field(max_length=200)] = ""


class RotationRequest(Body):
    """For so long the secret before signs, too."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class ReplayRequest(Body):
    """Every event of its types from this moment on is told again, with the same id."""

    since: Moment
