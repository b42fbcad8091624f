"""Shapes of consents."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from roster_api.consents.models import ConsentChannel, Purpose
from roster_api.shapes import Answer, Body
from roster_api.text import Line


class ConsentState(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not_asked"  # nothing was said: that is no consent


class ConsentCreate(Body):
    """What a person said to the school, and where the proof of it stands."""

    purpose: Purpose
    is_given: bool
    text_version: Annotated[Line, Field(min_length=1, max_length=64)]
    channel: ConsentChannel
    proof: Annotated[Line, Field(min_length=1, max_length=200)]


class MyConsent(Body):
    """What the person says by their own link."""

    purpose: Purpose
    is_given: bool


class ConsentRead(Answer):
    purpose: Purpose
    is_given: bool
    text_version: str
    channel: ConsentChannel
    proof: str | None
    said_at: datetime


class PurposeRead(BaseModel):
    purpose: Purpose
    state: ConsentState
    text_version: str
    """Of the words in force, which stand beside."""
    text_vi: str
    text_en: str


class ConsentsRead(BaseModel):
    """Each purpose with what holds, and everything that was said, the newest last."""

    purposes: list[PurposeRead]
    items: list[ConsentRead]
