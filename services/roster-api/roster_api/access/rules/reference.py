"""Rules of the reference data, campaigns, needs, volunteers, keys, and of what every service shows."""

from roster_api.access.rules.kinds import PUBLIC, Rule

REFERENCE_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/health/live"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
}
