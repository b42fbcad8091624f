"""Shapes of fields and duties."""

from pydantic import Field

from roster_api.shapes import ABSENT, Absent, Answer, PatchBody
from roster_api.text import Name, Paragraphs


class FieldRead(Answer):
    code: str = Field(examples=["digitise"])
    name_vi: str = Field(examples=["Số hóa hồ sơ"])
    name_en: str


class DutyRead(Answer):
    code: str = Field(examples=["digitise"])
    field_code: str
    name_vi: str
    name_en: str
    guidance_vi: str = Field(description="What to do, step by step, for the people sent")
    row_version: int


class DutyPatch(PatchBody):
    name_vi: Name | Absent = ABSENT
    name_en: Name | Absent = ABSENT
    guidance_vi: Paragraphs | Absent = ABSENT
