"""Schools and communes of which something is still missing: nobody to call there, nobody of theirs who may sign in."""

from datetime import datetime
from typing import Any

from commune_service import clock

from commune_portal.view import View

CONTACT, ACCOUNT = "contact", "account"
"""`?lacks=`: for Home Affairs, who see every contact and account."""


def lacks_contact(place: dict[str, Any]) -> bool:
    """No phone to call; or, of a commune, no office to go to."""
    return not place["contact_phone"] or not place.get("office_address", "none is asked for")


async def keep_lacking(
    view: View, places: list[dict[str, Any]], lacks: str, *, role: str, by: str
) -> list[dict[str, Any]]:
    """Those of the places that lack it. `role`: of their own people; `by`: which of their fields a role is bound to."""
    if lacks == CONTACT:
        return [place for place in places if lacks_contact(place)]
    accounts = await view.api.list_all("/v1/accounts", role=role)
    let_in = {
        held["scope_id"] for each in accounts for held in each["assignments"] if held["role"] == role and holds(held)
    }
    return [place for place in places if place[by] not in let_in]


def holds(assignment: dict[str, Any]) -> bool:
    """Now: begun, not over, not taken away."""
    begins, ends = assignment["from"], assignment["until"]
    is_begun = datetime.fromisoformat(begins) <= clock.now()
    is_over = ends is not None and datetime.fromisoformat(ends) <= clock.now()
    return is_begun and not is_over and assignment["revoked_at"] is None
