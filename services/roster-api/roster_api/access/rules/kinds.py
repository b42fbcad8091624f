"""The kinds of rule: open to the public, held by a personal link, or a set of roles."""

from roster_api.access.principal import Role

Rule = frozenset[Role] | str

PUBLIC = "public"
"""No key asked for: health, metrics, documentation."""
LINK = "link"
"""`Authorization: Link <token>` or a token in the path; the route's own dependency checks the token."""

ADMIN = frozenset({Role.ADMIN})
ADMIN_OR_SERVICE = frozenset({Role.ADMIN, Role.SERVICE})
SERVICE = frozenset({Role.SERVICE})
EVERY_KEY = frozenset(Role) - {Role.VOLUNTEER}
"""Anyone with a key: reference data without contact details."""
