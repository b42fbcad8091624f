"""Rules of the month after publishing: attendance."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import READS_PLACED, Rule
from roster_api.access.rules.runs import READS_TOTALS

TICKERS = frozenset({Role.ADMIN, Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER})
"""A commune for its own days, a school its view of its own people's, Home Affairs to settle."""
COUNTERS = frozenset({Role.ADMIN, Role.COMMUNE_OFFICER})
CAMPAIGN = "/v1/campaigns/{campaign_id}"
ATTENDANCE = f"{CAMPAIGN}/attendance"
COUNTS = CAMPAIGN + "/duty-counts/{commune_code}/{week_on}"

MONTH_RULES: dict[tuple[str, str], Rule] = {
    ("POST", ATTENDANCE): TICKERS,
    ("GET", ATTENDANCE): READS_PLACED,
    ("GET", f"{ATTENDANCE}/totals"): READS_TOTALS | READS_PLACED,
    ("GET", ATTENDANCE + "/{commune_code}/stand-ins"): TICKERS,
    ("GET", COUNTS): COUNTERS | {Role.DIRECTOR, Role.OVERSEER},
    ("PUT", COUNTS): COUNTERS,
}
