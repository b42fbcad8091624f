"""Rules of allowances: Finance sets rates, computes, approves and pays; a school checks its own people's."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ADMIN, Rule
from roster_api.access.rules.runs import READS_TOTALS

FINANCE = frozenset({Role.FINANCE})
CHECKS = frozenset({Role.SCHOOL_COORDINATOR})
READS = ADMIN | FINANCE | CHECKS | {Role.SCHOOL_VIEWER}
"""People's amounts: a school those of its own people."""
CAMPAIGN = "/v1/campaigns/{campaign_id}"
STATEMENT = "/v1/allowance-statements/{statement_id}"

MONEY_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/v1/allowance-rates"): READS,
    ("POST", "/v1/allowance-rates"): FINANCE,
    ("POST", "/v1/allowance-rates/{rate_id}/end"): FINANCE,
    ("POST", f"{CAMPAIGN}/allowance-statements"): FINANCE,
    ("GET", f"{CAMPAIGN}/allowance-statements"): READS,
    ("GET", f"{CAMPAIGN}/allowance-totals"): READS | READS_TOTALS,
    ("GET", f"{CAMPAIGN}/allowances.xlsx"): READS,
    ("GET", STATEMENT): READS,
    ("POST", f"{STATEMENT}/check"): CHECKS,
    ("POST", f"{STATEMENT}/approve"): FINANCE,
    ("POST", f"{STATEMENT}/pay"): FINANCE,
}
