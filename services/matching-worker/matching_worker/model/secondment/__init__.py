"""Stage C, secondment: surplus staff to empty posts, moves inside the province first. Exact, by weighted matching."""

from matching_worker.model.secondment.solve import solve
from matching_worker.model.secondment.verify import verify

__all__ = ["solve", "verify"]
