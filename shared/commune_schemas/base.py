"""The base every shared shape is built on: strict about unknown fields, immutable once made."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SchoolCode = Annotated[str, Field(min_length=1, max_length=64, description="School code, e.g. 'DHKH'")]
CommuneCode = Annotated[str, Field(min_length=1, max_length=64, description="Official 5-digit code, e.g. '22366'")]
FieldCode = Annotated[str, Field(min_length=1, max_length=64, description="Field of expertise, e.g. 'digitise'")]
Weekday = Annotated[int, Field(ge=0, le=4, description="0 = Monday ... 4 = Friday")]


class Message(BaseModel):
    """A shape sent between two services. An unknown field is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(BaseModel):
    """A shape read from a file someone else may have written: unknown fields are ignored, known ones validated."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)
