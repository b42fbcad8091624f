"""Rules of the roster uploads."""

from roster_api.access.rules.kinds import Rule

ROSTER_RULES: dict[tuple[str, str], Rule] = {}
