"""Stage D, groups: communes into k connected, balanced groups, each as near as can be to its best centre. Exact."""

from matching_worker.model.groups.solve import solve
from matching_worker.model.groups.verify import verify

__all__ = ["solve", "verify"]
