"""Rules of oversight groups, and what an overseer bound to one may call: nothing that is not named here."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import OVERSIGHT, SOLVER, Rule

GROUPERS = frozenset({Role.ADMIN, Role.DIRECTOR})
"""Who divides the communes among overseers: Home Affairs, and the director whose deputies they are."""
CAMPAIGN = "/v1/campaigns/{campaign_id}"
RUN = "/v1/group-runs/{group_run_id}"
GROUPING = "/v1/groupings/{grouping_id}"
WORKER = "/v1/internal/group-runs/{run_id}"
PLAN = "/v1/plans/{plan_id}"
BLOCKER = CAMPAIGN + "/blockers/{blocker_id}"

GROUP_RULES: dict[tuple[str, str], Rule] = {
    ("POST", f"{CAMPAIGN}/group-runs"): GROUPERS,
    ("GET", f"{CAMPAIGN}/group-runs"): OVERSIGHT,
    ("GET", RUN): OVERSIGHT,
    ("POST", f"{RUN}/cancel"): GROUPERS,
    ("GET", f"{CAMPAIGN}/groupings"): OVERSIGHT,
    ("GET", GROUPING): OVERSIGHT,
    ("POST", f"{GROUPING}/edits/preview"): GROUPERS,
    ("POST", f"{GROUPING}/edits"): GROUPERS,
    ("POST", f"{GROUPING}/publish"): GROUPERS,
    ("POST", f"{GROUPING}/discard"): GROUPERS,
    ("POST", f"{WORKER}/claim"): SOLVER,
    ("GET", f"{WORKER}/problem"): SOLVER,
    ("PUT", f"{WORKER}/progress"): SOLVER,
    ("PUT", f"{WORKER}/result"): SOLVER,
    ("PUT", f"{WORKER}/failure"): SOLVER,
}

OPEN_TO_GROUPS = frozenset(
    {
        ("GET", "/v1/communes"),
        ("GET", "/v1/communes/{code}"),
        ("GET", "/v1/schools"),
        ("GET", "/v1/schools/{school_id}"),
        ("GET", f"{CAMPAIGN}/needs"),
        ("GET", CAMPAIGN + "/needs/{commune_code}"),
        ("GET", CAMPAIGN + "/communes/{commune_code}/answerable"),
        ("GET", f"{CAMPAIGN}/plans"),
        ("GET", PLAN),
        ("GET", f"{PLAN}/responsibilities"),
        ("GET", f"{PLAN}/placements"),
        ("GET", f"{PLAN}/shortfalls"),
        ("GET", f"{PLAN}/annex.xlsx"),
        ("GET", f"{CAMPAIGN}/attendance"),
        ("GET", f"{CAMPAIGN}/attendance/totals"),
        ("GET", CAMPAIGN + "/duty-counts/{commune_code}/{week_on}"),
        ("GET", f"{CAMPAIGN}/blockers"),
        ("GET", BLOCKER),
        ("POST", f"{BLOCKER}/solve"),
        ("POST", f"{BLOCKER}/notes"),
        ("GET", f"{CAMPAIGN}/support"),
        ("POST", f"{CAMPAIGN}/support"),
        ("GET", f"{CAMPAIGN}/standing"),
        ("GET", f"{CAMPAIGN}/evaluations/summary"),
        ("GET", f"{CAMPAIGN}/groupings"),
        ("GET", GROUPING),
    }
)
"""Each answers with the own group's communes alone, or with what is everybody's. What every role reads is open, too."""
