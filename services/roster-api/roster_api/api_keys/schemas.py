"""Shapes of API keys."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from roster_api.access.bounds import RoleBody
from roster_api.access.principal import Role
from roster_api.shapes import Answer, Body, Moment
from roster_api.text import Name

LONGEST_OVERLAP_HOURS = 30 * 24


class KeyCreate(RoleBody):
    label: Name = Field(description="Whose key: shown where the key decided something", examples=["Sở Nội vụ"])
    expires_at: Moment | None = Field(None, description="From then on it is refused; null: until it is revoked")
    is_read_only: bool = Field(False, description="true: GET and nothing else")
    instead_of_account: bool = Field(
        False,
        description="Must be true: people sign in with accounts, and a program in a person's role is an exception",
    )

    @model_validator(mode="after")
    def _is_meant(self) -> Self:
        if not self.instead_of_account:
            raise ValueError(
                "Đây là vai trò của người: hãy mời họ bằng POST /v1/accounts; nếu một chương trình thật sự cần khóa,"
                " gửi instead_of_account: true. | This is a person's role: invite them by POST /v1/accounts; if a"
                " program really needs a key, send instead_of_account: true."
            )
        return self


class KeyRotation(Body):
    """The new key works at once; the old one until the overlap is over."""

    overlap_hours: int = Field(24, ge=0, le=LONGEST_OVERLAP_HOURS, description="How long the old key still works")
    expires_at: Moment | None = Field(None, description="Of the new key; null: as the old one was to")


class KeyRead(Answer):
    id: UUID
    role: Role
    label: str
    fingerprint: str = Field(description="The first 12 digits of the key's SHA-256, to tell keys apart")
    province_code: str | None
    school_id: UUID | None
    commune_code: str | None
    is_read_only: bool
    created_at: datetime
    created_by: str | None = Field(description="null: made by the command or the settings")
    created_by_id: UUID | None
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To a few minutes")
    rotated_from_id: UUID | None = Field(description="The key whose place it takes")
    revoked_at: datetime | None


class KeyCreated(KeyRead):
    key: str = Field(description="The key itself: shown now and never again")
