"""The base every shared shape is built on: strict about unknown fields, immutable once made."""

from functools import lru_cache
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

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


class PlainNumbers(BaseModel):
    """Takes numbers where it asks for them: `true` counts as 1 elsewhere, and whoever sends it meant none."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_yes_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        return refuse_yes_or_no(value) if _is_numeric(cls, info.field_name or "") else value


def refuse_yes_or_no(value: object) -> object:
    """Of a number, or numbers, not read yet."""
    if _holds_yes_or_no(value):
        raise ValueError("Cần một số, không phải true hay false. | A number is needed, not true or false.")
    return value


def _holds_yes_or_no(value: object) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return any(isinstance(each, bool) for each in value) if isinstance(value, list) else isinstance(value, bool)


@lru_cache(2048)
def _is_numeric(model: type[BaseModel], name: str) -> bool:
    kinds = _list_kinds(model.model_fields[name].annotation)
    return bool(kinds & {int, float}) and bool not in kinds


def _list_kinds(annotation: Any) -> set[type]:
    if annotation in {int, float, bool}:
        return {annotation}
    return set().union(*map(_list_kinds, get_args(annotation)))
