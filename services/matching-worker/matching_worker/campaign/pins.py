"""Pins of people: which of them this problem's plan can keep, asked of a child process before anything is solved."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from commune_schemas.documents import InstanceSolution
from commune_schemas.unkept import UnkeptPin

from matching_worker.campaign.translate import Translation
from matching_worker.child.asking import ask_in_child
from matching_worker.child.process import ChildTerms
from matching_worker.child.settling import PinsQuestion
from matching_worker.model.outcome import Limits


@dataclass(frozen=True)
class Pins:
    kept: Mapping[UUID, str] = field(default_factory=dict)
    unkept: Sequence[UnkeptPin] = ()


async def settle_pins(translation: Translation, *, terms: ChildTerms, stop: asyncio.Event) -> Pins:
    """Which pins of people this problem's plan keeps. Raises as solve_in_child does."""
    if not translation.problem.placement_pins:
        return Pins()
    question = PinsQuestion(people=translation.wishes(), policy=translation.placement_policy)
    answer = await ask_in_child(
        question, translation.instance(), InstanceSolution(lead={}), limits=Limits(), terms=terms, stop=stop
    )
    unkept = [
        UnkeptPin(
            volunteer_id=UUID(pin["volunteer"]),
            commune_code=pin["commune"],
            rule=pin["rule"],
            vi=pin["vi"],
            en=pin["en"],
        )
        for pin in answer["data"]["unkept"]
    ]
    return Pins(kept={UUID(person): commune for person, commune in answer["data"]["kept"]}, unkept=unkept)
