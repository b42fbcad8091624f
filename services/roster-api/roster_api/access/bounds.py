"""What a role is bound to, as a client names it: the same for a key and for an account's role."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from roster_api.access.principal import Role
from roster_api.shapes import Body, CommuneCodeField, ProvinceCodeField
from roster_api.text import Code


@dataclass(frozen=True)
class Bounds:
    """As columns of a key or assignment; None means any."""

    province_code: str | None = None
    school_id: UUID | None = None
    commune_code: str | None = None


class RoleBody(Body):
    """A role and its bounds."""

    role: Role
    province_code: ProvinceCodeField | None = Field(None, description="Bounds the role to one province")
    school_id: UUID | None = Field(None, description="For roles of a school, and only for those")
    commune_code: CommuneCodeField | None = Field(None, description="For a commune_officer, and only for one")

    @model_validator(mode="after")
    def _bounds_fit_role(self) -> Self:
        if self.role is Role.VOLUNTEER:
            raise ValueError("Tình nguyện viên dùng liên kết riêng. | Volunteers use personal links.")
        if self.role.is_service:
            raise ValueError(
                "Khóa của dịch vụ chỉ tạo bằng lệnh `roster-api keys create` trên máy chủ hoặc đặt trong cấu hình."
                " | Keys of services are made on the server, by `roster-api keys create` or in the settings."
            )
        if self.role.is_of_school != (self.school_id is not None):
            raise ValueError(
                "Vai trò của trường thì phải chọn trường; vai trò khác thì không (school_id)."
                " | school_id is for the roles of a school."
            )
        if (self.role is Role.COMMUNE_OFFICER) != (self.commune_code is not None):
            raise ValueError(
                "Cán bộ xã thì phải chọn xã; vai trò khác thì không (commune_code)."
                " | commune_code is for commune_officer."
            )
        return self


class UnitRoleBody(RoleBody):
    """A role that an account may hold: also one of an agency's unit."""

    unit_code: Code | None = Field(None, description="For a unit_officer, and only for one: the province's word for it")

    is_of_group: bool = Field(
        False, description="For an overseer: sees the communes of the own oversight group, where groups are published"
    )

    @model_validator(mode="after")
    def _group_fits_role(self) -> Self:
        if self.is_of_group and self.role is not Role.OVERSEER:
            raise ValueError(
                "Chỉ người theo dõi xã mới gắn với nhóm xã (is_of_group). | is_of_group is for an overseer."
            )
        return self

    @model_validator(mode="after")
    def _unit_fits_role(self) -> Self:
        if (self.role is Role.UNIT_OFFICER) != (self.unit_code is not None):
            raise ValueError(
                "Cán bộ đơn vị thì phải chọn đơn vị; vai trò khác thì không (unit_code)."
                " | unit_code is for unit_officer."
            )
        return self
