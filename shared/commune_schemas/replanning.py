"""How little a run that revises a plan could have changed: found first, so that a cap counts what goes beyond it."""

from typing import Annotated

from pydantic import Field

from commune_schemas.base import Message


class LeastChange(Message):
    """At least `at_least` must change, and a plan is known that changes `at_most`; equal = proved."""

    at_least: Annotated[int, Field(ge=0)]
    at_most: Annotated[int, Field(ge=0)]
    vi: str
    en: str


class LeastChanges(Message):
    """`leads`: communes whose lead must change. `people`: given these leads, people over all schools together.

    Who left by their own doing is in neither. None: nothing of that kind was in force, or (people) no cap was asked
    for.
    """

    leads: LeastChange | None = None
    people: LeastChange | None = None
