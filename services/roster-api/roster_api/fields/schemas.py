"""Shapes of fields and duties."""

from datetime import datetime

from pydantic import Field

from roster_api.shapes import ABSENT, Answer, Body, PatchBody
from roster_api.text import Code, Name, ParagraphsWithoutLinks


class FieldRead(Answer):
    code: str = Field(examples=["digitise"])
    name_vi: str = Field(examples=["Số hóa hồ sơ"])
    name_en: str
    row_version: int


class FieldCreate(Body):
    """`code` is for ever: what people know and what communes need is told by it."""

    code: Code = Field(examples=["land"])
    name_vi: Name = Field(examples=["Địa chính, đất đai"])
    name_en: Name = Field(examples=["Land administration"])


class FieldPatch(PatchBody):
    name_vi: Name = ABSENT
    name_en: Name = ABSENT


class DutyCreate(Body):
    code: Code = Field(examples=["land_records"])
    field_code: Code = Field(examples=["land"])
    name_vi: Name = Field(examples=["Chỉnh lý hồ sơ địa chính"])
    name_en: Name = Field(examples=["Updating land records"])
    guidance_vi: ParagraphsWithoutLinks = ""


class DutyRead(Answer):
    code: str = Field(examples=["digitise"])
    field_code: str
    name_vi: str
    name_en: str
    guidance_vi: str = Field(description="What to do, step by step, for the people sent")
    row_version: int


class DutyVersionRead(Answer):
    """The duty's names and guidance, as they were from `changed_at` on."""

    duty_code: str
    version: int = Field(description="The duty's row_version then")
    name_vi: str
    guidance_vi: str
    changed_by: str
    changed_at: datetime


class DutyPatch(PatchBody):
    name_vi: Name = ABSENT
    name_en: Name = ABSENT
    guidance_vi: ParagraphsWithoutLinks = ABSENT
