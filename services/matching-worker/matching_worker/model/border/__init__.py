"""Stage E, the border round: schools' spare days to unmet need across provincial borders. Exact, by network flow."""

from matching_worker.model.border.solve import solve
from matching_worker.model.border.verify import verify

__all__ = ["solve", "verify"]
