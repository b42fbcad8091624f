"""Rules of national runs. A key bound to a province is refused inside (403), whatever its role."""

from roster_api.access.rules.kinds import ADMIN, SOLVER, Rule

NATIONAL = "/v1/national-runs/{national_run_id}"
BORDER = "/v1/internal/border-rounds/{border_round_id}"

NATIONAL_RULES: dict[tuple[str, str], Rule] = {
    ("POST", "/v1/national-runs"): ADMIN,
    ("GET", "/v1/national-runs"): ADMIN,
    ("GET", NATIONAL): ADMIN,
    ("POST", f"{NATIONAL}/cancel"): ADMIN,
    ("GET", f"{NATIONAL}/border"): ADMIN,
    ("GET", f"{NATIONAL}/border/problem"): ADMIN,
    ("GET", f"{NATIONAL}/border/solution"): ADMIN,
    ("POST", f"{BORDER}/claim"): SOLVER,
    ("GET", f"{BORDER}/problem"): SOLVER,
    ("PUT", f"{BORDER}/result"): SOLVER,
    ("PUT", f"{BORDER}/failure"): SOLVER,
}
