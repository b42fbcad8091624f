"""The question which pins of people can be kept together, asked of stage A's document before anything is solved."""

from typing import Literal

from commune_schemas.base import Message
from commune_schemas.documents import InstanceDocument, PlacementPolicy, PlacementVolunteer
from pydantic import BaseModel


class PinsQuestion(Message):
    """`people`: everybody of the schools that have pins, each `pinned_commune` a wish; the earlier goes first."""

    kind: Literal["pins"] = "pins"
    people: list[PlacementVolunteer]
    policy: PlacementPolicy


def settle(question: PinsQuestion, problem: BaseModel) -> dict[str, object]:
    """`kept`: pairs of volunteer and commune; `unkept`: with rule and words."""
    from matching_worker.model.pins import settle_pins  # noqa: PLC0415 - loads a solver library

    assert isinstance(problem, InstanceDocument)  # noqa: S101 - the worker asks it of stage A
    settled = settle_pins(problem, question.people, question.policy)
    return {"kept": [list(wish) for wish in settled.kept], "unkept": list(settled.unkept)}
