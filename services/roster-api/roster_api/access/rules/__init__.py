"""RULES: who may call which route. A route that is not in this table is refused to everyone.

A key is (method, path as declared). Which objects a role sees inside a route is the business of the folder's
repository and service: someone else's object answers 404 like a missing one.
"""

from roster_api.access.rules.groups import GROUP_RULES, OPEN_TO_GROUPS
from roster_api.access.rules.kinds import ACCOUNT, EVERYBODY, LINK, OPEN, PUBLIC, Rule
from roster_api.access.rules.messages import MESSAGE_RULES
from roster_api.access.rules.money import MONEY_RULES
from roster_api.access.rules.month import MONTH_RULES
from roster_api.access.rules.national import NATIONAL_RULES
from roster_api.access.rules.reference import REFERENCE_RULES
from roster_api.access.rules.rosters import ROSTER_RULES
from roster_api.access.rules.runs import RUN_RULES
from roster_api.access.rules.staff import STAFF_RULES

RULES: dict[tuple[str, str], Rule] = {
    **REFERENCE_RULES,
    **ROSTER_RULES,
    **RUN_RULES,
    **NATIONAL_RULES,
    **MONTH_RULES,
    **STAFF_RULES,
    **MONEY_RULES,
    **GROUP_RULES,
    **MESSAGE_RULES,
}


def is_open_to_groups(key: tuple[str, str]) -> bool:
    """Whether an overseer who is bound to a group may call the route at all."""
    return key in OPEN_TO_GROUPS or RULES.get(key) == EVERYBODY


__all__ = ["ACCOUNT", "LINK", "OPEN", "PUBLIC", "RULES", "Rule", "is_open_to_groups"]
