"""Rules of the month after publishing: attendance, blockers, support, evaluation."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ADMIN, EVERYBODY, LINK, OVERSIGHT, READS_PLACED, Rule
from roster_api.access.rules.runs import READS_TOTALS

TICKERS = frozenset({Role.ADMIN, Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER})
"""A commune for its own days, a school its view of its own people's, Home Affairs to settle."""
COUNTERS = frozenset({Role.ADMIN, Role.COMMUNE_OFFICER})
RAISERS = TICKERS
WAY_UP = OVERSIGHT | {Role.SECRETARY_OFFICE}
"""Who may have a blocker, and solve it."""
CONCERNED = RAISERS | WAY_UP
CAMPAIGN = "/v1/campaigns/{campaign_id}"
ATTENDANCE = f"{CAMPAIGN}/attendance"
BLOCKERS = f"{CAMPAIGN}/blockers"
BLOCKER = BLOCKERS + "/{blocker_id}"
EVALUATIONS = f"{CAMPAIGN}/evaluations"
POINTS = f"{CAMPAIGN}/starting-points"
POINT = POINTS + "/{commune_code}/{school_id}"
SEES_POINTS = TICKERS | OVERSIGHT | {Role.SCHOOL_VIEWER}
COUNTS = CAMPAIGN + "/duty-counts/{commune_code}/{week_on}"

MONTH_RULES: dict[tuple[str, str], Rule] = {
    ("POST", ATTENDANCE): TICKERS,
    ("GET", ATTENDANCE): READS_PLACED,
    ("GET", f"{ATTENDANCE}/totals"): READS_TOTALS | READS_PLACED,
    ("GET", ATTENDANCE + "/{commune_code}/stand-ins"): TICKERS,
    ("GET", ATTENDANCE + "/{commune_code}/sheet.xlsx"): COUNTERS,
    ("POST", ATTENDANCE + "/{commune_code}/sheet"): COUNTERS,
    ("GET", ATTENDANCE + "/{commune_code}/sign-in.html"): COUNTERS,
    ("GET", COUNTS): COUNTERS | {Role.DIRECTOR, Role.OVERSEER},
    ("PUT", COUNTS): COUNTERS,
    ("POST", BLOCKERS): RAISERS,
    ("GET", BLOCKERS): CONCERNED,
    ("GET", BLOCKER): CONCERNED,
    ("POST", f"{BLOCKER}/solve"): WAY_UP,
    ("POST", f"{BLOCKER}/confirm"): RAISERS,
    ("POST", f"{BLOCKER}/reopen"): RAISERS,
    ("POST", f"{BLOCKER}/notes"): CONCERNED,
    ("POST", f"{CAMPAIGN}/support"): OVERSIGHT,
    ("GET", f"{CAMPAIGN}/support"): CONCERNED,
    ("GET", f"{CAMPAIGN}/standing"): READS_TOTALS,
    ("GET", EVALUATIONS): TICKERS,
    ("GET", f"{EVALUATIONS}/summary"): TICKERS | OVERSIGHT,
    ("PUT", EVALUATIONS + "/people/{volunteer_id}"): frozenset({Role.COMMUNE_OFFICER}),
    ("PUT", EVALUATIONS + "/schools/{school_id}"): frozenset({Role.COMMUNE_OFFICER}),
    ("PUT", EVALUATIONS + "/communes/{commune_code}"): frozenset({Role.SCHOOL_COORDINATOR}),
    ("POST", EVALUATIONS + "/{evaluation_id}/release"): ADMIN,
    ("PUT", "/v1/me/evaluation"): LINK,
    ("GET", f"{CAMPAIGN}/timeline"): EVERYBODY,
    ("PUT", f"{CAMPAIGN}/timeline"): ADMIN,
    ("POST", f"{CAMPAIGN}/launch"): ADMIN,
    ("GET", POINTS): SEES_POINTS,
    ("GET", f"{POINTS}.xlsx"): SEES_POINTS,
    ("GET", POINT): SEES_POINTS,
    ("PUT", POINT): TICKERS,
    ("POST", f"{POINT}/agree"): TICKERS,
    ("POST", f"{CAMPAIGN}/next-wave"): ADMIN,
    ("GET", f"{CAMPAIGN}/wave-changes"): OVERSIGHT,
    ("GET", "/v1/provinces/{code}/first-day"): ADMIN,
}
