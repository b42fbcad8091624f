"""Rules of allowances (Finance sets rates, computes, approves, pays; a school checks its own), papers, the review."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ADMIN, PUBLIC, Rule
from roster_api.access.rules.runs import READS_TOTALS

FINANCE = frozenset({Role.FINANCE})
CHECKS = frozenset({Role.SCHOOL_COORDINATOR})
ISSUERS = ADMIN | CHECKS
"""Of activity reports and certificates; a school those of its own people."""
READS = ADMIN | FINANCE | CHECKS | {Role.SCHOOL_VIEWER}
"""People's amounts: a school those of its own people."""
CAMPAIGN = "/v1/campaigns/{campaign_id}"
PAPER = "/v1/service-papers/{paper_id}"
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
    ("POST", f"{CAMPAIGN}/service-papers"): ISSUERS,
    ("GET", f"{CAMPAIGN}/service-papers"): ISSUERS | {Role.SCHOOL_VIEWER},
    ("GET", f"{PAPER}/paper.docx"): ISSUERS | {Role.SCHOOL_VIEWER},
    ("POST", f"{PAPER}/revoke"): ISSUERS,
    ("GET", "/v/{code}"): PUBLIC,
    ("GET", f"{CAMPAIGN}/review"): READS_TOTALS,
    ("GET", f"{CAMPAIGN}/review.docx"): READS_TOTALS,
    ("GET", f"{CAMPAIGN}/review.xlsx"): READS_TOTALS,
}
