"""Pins of people: which of them this problem's plan can keep, asked of a child process before anything is solved; and
what becomes of one whose commune stage A gives no lead, for leads are scarce.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from commune_schemas.documents import InstanceDocument, InstanceSolution, Pin
from commune_schemas.matching import PlacementDecision
from commune_schemas.unkept import UnkeptPin

from matching_worker.campaign.plan import JointPlan, Solved
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
    never = [_name_without_day(translation, pin) for pin in translation.pins_without_day]
    if len(never) == len(translation.problem.placement_pins):
        return Pins(unkept=never)
    question = PinsQuestion(people=translation.wishes(), policy=translation.placement_policy)
    answer = await ask_in_child(
        question, translation.instance(), InstanceSolution(lead={}), limits=Limits(), terms=terms, stop=stop
    )
    unkept = never + [
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


def _name_without_day(translation: Translation, pin: PlacementDecision) -> UnkeptPin:
    return _name(
        translation,
        pin,
        rule="P2",
        vi="người này không có ngày rảnh nào được tính trong các thứ đã ghim",
        en="no weekday that the pin names counts as free",
    )


def ask_for_leads(translation: Translation, instance: InstanceDocument, led: Solved) -> InstanceDocument | None:
    """Stage A's document with a lead demanded of each commune that has kept pins and got none: of the pinned people's
    schools the one with most supervisors. None where there is no such commune."""
    found, problem = led.outcome.solution, translation.problem
    if not isinstance(found, InstanceSolution):
        return None
    supervisors = Counter(p.school_code for p in problem.volunteers if p.role in problem.options.supervisors)
    bare = {
        commune: max(schools, key=lambda school: supervisors[school])
        for commune, schools in translation.pinned_schools.items()
        if commune not in found.lead
    }
    if not bare:
        return None
    reason = "có người được ghim đến xã / somebody is pinned to the commune"
    pins = [Pin(commune=commune, school=school, reason=reason) for commune, school in sorted(bare.items())]
    return instance.model_copy(update={"pins": [*instance.pins, *pins]})


def name_without_lead(translation: Translation, pins: Pins, plan: JointPlan) -> Pins:
    """Kept pins whose commune has no lead all the same are not kept: nobody supports what nobody leads (R8)."""
    leads = {} if plan.lead_plan is None else plan.lead_plan.lead
    lost = [
        _name(
            translation,
            pin,
            rule="R9",
            vi="xã không có trường phụ trách, vì các trường không đủ người hướng dẫn để phụ trách thêm xã",
            en="the commune has no lead, for the schools have no supervisors to lead more communes",
        )
        for pin in translation.problem.placement_pins
        if pins.kept.get(pin.volunteer_id) == pin.commune_code and pin.commune_code not in leads
    ]
    return replace(pins, unkept=[*pins.unkept, *lost])


def _name(translation: Translation, pin: PlacementDecision, *, rule: str, vi: str, en: str) -> UnkeptPin:
    commune = next(one.name for one in translation.problem.communes if one.code == pin.commune_code)
    return UnkeptPin(
        volunteer_id=pin.volunteer_id,
        commune_code=pin.commune_code,
        rule=rule,
        vi=f"Không giữ được ghim {pin.volunteer_id} vào {commune}: {vi} ({rule}).",
        en=f"The pin of {pin.volunteer_id} to {commune} is not kept: {en} ({rule}).",
    )
