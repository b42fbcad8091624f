"""Rules of matching runs, plans, the outbox and personal links."""

from roster_api.access.rules.kinds import Rule

RUN_RULES: dict[tuple[str, str], Rule] = {}
