"""Rules of national runs. A key bound to a province is refused inside (403), whatever its role."""

from roster_api.access.rules.kinds import ADMIN, ADMIN_OR_SERVICE, SERVICE, Rule

NATIONAL = "/v1/national-runs/{national_run_id}"
BORDER = "/v1/internal/border-rounds/{border_round_id}"

NATIONAL_RULES: dict[tuple[str, str], Rule] = {
    ("POST", "/v1/national-runs"): ADMIN,
    ("GET", "/v1/national-runs"): ADMIN_OR_SERVICE,
    ("GET", NATIONAL): ADMIN_OR_SERVICE,
    ("POST", f"{NATIONAL}/cancel"): ADMIN,
    ("GET", f"{NATIONAL}/border"): ADMIN_OR_SERVICE,
    ("GET", f"{NATIONAL}/border/problem"): ADMIN_OR_SERVICE,
    ("GET", f"{NATIONAL}/border/solution"): ADMIN_OR_SERVICE,
    ("POST", f"{BORDER}/claim"): SERVICE,
    ("GET", f"{BORDER}/problem"): SERVICE,
    ("PUT", f"{BORDER}/result"): SERVICE,
    ("PUT", f"{BORDER}/failure"): SERVICE,
}
