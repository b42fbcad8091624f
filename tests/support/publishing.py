"""What a careful officer sends to publish: the plan they compared with, and the numbers they saw."""

from collections.abc import Mapping
from typing import Any


def after_a_look(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Body of a publish request after reading GET plans/{id}/changes."""
    return {"base_plan_id": changes["base_plan_id"], "confirm": changes["confirm"]}
