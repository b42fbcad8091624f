"""The hard rules of stage A as functions (their numbers and words are in docs/domain.md)."""

import math
from collections import Counter
from collections.abc import Iterable

from commune_schemas.documents import InstanceDocument, InstanceVolunteer, ResponsibilityPolicy

ONE_LEAD = "R1"
FORBID = "R2"
MAX_LEAD_DISTANCE = "R3"
REMOTE = "R4"
PIN = "R5"
STAFFING = "R6"
FAIRNESS = "R7"
SUPPORT = "R8"
LECTURER_BOUND = "R9"
MAX_CHANGES = "R10"
CONTIGUITY = "R11"
LEAST_CHANGE = "R12"
TRAVEL = "R13"
TIE_BREAK = "R14"
HEADS = "R15"
PRICES = "R16"
LECTURERS = ("lecturer",)


def is_allowed(document: InstanceDocument, commune: int, school: int) -> bool:
    """R3, R4: may the school (by index) serve the commune at all? Forbidden pairs (R2) are looked up elsewhere."""
    return reaching_rule(document, commune, school) is None


def reaching_rule(document: InstanceDocument, commune: int, school: int) -> str | None:
    """The rule that keeps the school from the commune by distance or remoteness, if any."""
    if document.communes[commune].mode == "remote":
        return None if document.schools[school].remote_capable else REMOTE
    limit = document.policy.max_lead_m
    if limit is not None and document.dist_m[commune][school] > limit:
        return MAX_LEAD_DISTANCE
    return None


def fairness_cap(policy: ResponsibilityPolicy, total_need: int, total_capacity: int) -> int:
    """R7: load per mille of capacity that counts as fair: theta per cent of the province's average, at most 1000."""
    if not total_capacity:
        return 1000
    return min(1000, -(-1000 * policy.theta_pct * total_need // (100 * total_capacity)))


def supervisors_by_school(policy: ResponsibilityPolicy, volunteers: Iterable[InstanceVolunteer]) -> Counter[str]:
    """R9: how many of each school's people supervise; lecturers alone where the policy does not say who does."""
    roles = LECTURERS if policy.supervisors is None else policy.supervisors
    return Counter(v.school for v in volunteers if v.role in roles)


def led_at_most(policy: ResponsibilityPolicy, supervisors: int, communes: int) -> int:
    """R9: how many communes a school with that many supervisors should lead at most."""
    if policy.max_communes_per_lecturer is None:
        return communes
    return min(communes, math.floor(policy.max_communes_per_lecturer * supervisors + 1e-9))


def counts_overlead(policy: ResponsibilityPolicy) -> bool:
    """R9 as a level, not as a rule."""
    return policy.lecturer_bound == "level" and policy.max_communes_per_lecturer is not None
