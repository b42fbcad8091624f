"""Tables fields, duties, and what the duties' guidance was."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Timestamped, Versioned
from roster_api.errors import explain_constraint


class ExpertiseField(Versioned, Timestamped, Base):
    """A field of expertise: what a volunteer knows and a duty asks for."""

    __tablename__ = "fields"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    search_key: Mapped[str]
    position: Mapped[int]


explain_constraint(
    "pk_fields", code="field.exists", vi="Đã có lĩnh vực mang mã này.", en="There is a field of this code already."
)
explain_constraint(
    "pk_duties", code="duty.exists", vi="Đã có nhiệm vụ mang mã này.", en="There is a duty of this code already."
)


class Duty(Versioned, Timestamped, Base):
    """What is done at the commune, with the written guidance that schools asked for."""

    __tablename__ = "duties"

    code: Mapped[str] = mapped_column(primary_key=True)
    field_code: Mapped[str] = mapped_column(ForeignKey("fields.code"), index=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    search_key: Mapped[str]
    guidance_vi: Mapped[str]
    position: Mapped[int]


class DutyVersion(Base):
    """What a duty's guidance was, each time that it changed; rows are only added."""

    __tablename__ = "duty_versions"

    duty_code: Mapped[str] = mapped_column(ForeignKey("duties.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    guidance_vi: Mapped[str]
    changed_by: Mapped[str]
    changed_by_id: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
