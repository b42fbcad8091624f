"""One human on several rows of the roster, as a matching run treats it: at most one of the rows is placed."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from commune_schemas.base import Message


class Duplicate(Message):
    """Rows that are one human; `counted` is the one the run planned with, the others stayed out."""

    volunteer_ids: Annotated[list[UUID], Field(min_length=2)]
    counted: UUID
