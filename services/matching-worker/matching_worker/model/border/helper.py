"""Whom the explanations of stage E speak of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Helper:
    """Staff who give days, or could."""

    staff: str
    school: str
    days: int
    """Given to this field of the commune; of who could come instead: what they have left."""
    km: int
