"""Shapes of API keys."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from roster_api.access.principal import Role
from roster_api.shapes import Answer, Body, CommuneCodeField, ProvinceCodeField
from roster_api.text import Name


class KeyCreate(Body):
    role: Role
    label: Name = Field(description="Whose key: shown where the key decided something", examples=["Sở Nội vụ"])
    province_code: ProvinceCodeField | None = Field(None, description="Bounds the key to one province")
    school_id: UUID | None = Field(None, description="For a school_coordinator, and only for one")
    commune_code: CommuneCodeField | None = Field(None, description="For a commune_officer, and only for one")

    @model_validator(mode="after")
    def _bounds_fit_role(self) -> Self:
        if self.role is Role.VOLUNTEER:
            raise ValueError("Tình nguyện viên dùng liên kết riêng. | Volunteers use personal links.")
        if self.role.is_service:
            raise ValueError(
                "Khóa của dịch vụ chỉ tạo bằng lệnh `roster-api create-key` trên máy chủ hoặc đặt trong cấu hình."
                " | Keys of services are made on the server, by `roster-api create-key` or in the settings."
            )
        if (self.role is Role.SCHOOL_COORDINATOR) != (self.school_id is not None):
            raise ValueError(
                "school_id dành cho và bắt buộc với school_coordinator. | school_id is for school_coordinator keys."
            )
        if (self.role is Role.COMMUNE_OFFICER) != (self.commune_code is not None):
            raise ValueError(
                "commune_code dành cho và bắt buộc với commune_officer. | commune_code is for commune_officer keys."
            )
        return self


class KeyRead(Answer):
    id: UUID
    role: Role
    label: str
    fingerprint: str = Field(description="The first 12 digits of the key's SHA-256, to tell keys apart")
    province_code: str | None
    school_id: UUID | None
    commune_code: str | None
    created_at: datetime
    revoked_at: datetime | None


class KeyCreated(KeyRead):
    key: str = Field(description="The key itself: shown now and never again")
