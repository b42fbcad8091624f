"""The kinds of rule: open to the public, held by a personal link, of any account, or a set of roles."""

from roster_api.access.principal import Role

Rule = frozenset[Role] | str

PUBLIC = "public"
"""No key asked for: health, metrics, documentation."""
OPEN = "open"
"""No key asked for: what a province shows to everybody. Counted by address, as any other route."""
LINK = "link"
"""`Authorization: Link <token>` or a token in the path; the route's own dependency checks the token."""
ACCOUNT = "account"
"""Anybody signed in with an account, whatever their roles; no key."""

ADMIN = frozenset({Role.ADMIN})
SOLVER = frozenset({Role.SOLVER})
"""matching-worker: problems and results, never people's names."""
NOTIFIER = frozenset({Role.NOTIFIER})
"""notifier: who is to be told what, and that it is written down."""
EVERYBODY = frozenset(role for role in Role if not role.is_service) - {Role.VOLUNTEER}
"""Any person's role: what is no secret to anybody here. Programs have their own routes and no others."""
OFFICES = EVERYBODY - {Role.LEADER, Role.AUDITOR}
"""Who works with communes. Leaders read totals, auditors the audit."""
PLAN_READERS = OFFICES - {Role.UNIT_OFFICER}
"""Who reads needs, schools and published plans, each the own rows."""
READS_PLACED = PLAN_READERS - {Role.SECRETARY_OFFICE}
"""Who reads which person goes where."""
OVERSIGHT = frozenset({Role.ADMIN, Role.DIRECTOR, Role.OVERSEER})
"""Home Affairs and Science & Technology see runs and drafts, pin and forbid; only Home Affairs decides."""
