"""Shapes of the audit's API."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from roster_api.audit.models import AuditAction
from roster_api.shapes import Answer, Moment
from roster_api.text import Line

Subject = Annotated[Line, Field(max_length=200)]


class AuditEntryRead(Answer):
    """One request: who, what, to which object, from where. `details` has before and after by field."""

    id: int
    created_at: datetime
    action: AuditAction
    method: str
    route: str
    actor_key_id: UUID | None
    actor_account_id: UUID | None
    actor_role: str
    actor_label: str | None
    object_kind: str
    object_id: str | None
    details: dict[str, Any]
    request_id: str | None
    address: str | None


class AuditFilter(BaseModel):
    """All of those given must hold."""

    subject: Subject | None = Field(None, description="Id or code of a person or any other object")
    actor_key_id: UUID | None = Field(None, description="The key that asked")
    actor_account_id: UUID | None = Field(None, description="The account that asked")
    action: AuditAction | None = None
    object_kind: Subject | None = Field(None, description="Kind of object, as in the route", examples=["volunteers"])
    since: Moment | None = Field(None, description="From this moment on")
    until: Moment | None = Field(None, description="Before this moment")
