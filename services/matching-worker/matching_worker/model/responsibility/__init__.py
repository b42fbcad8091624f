"""Stage A, responsibility: which school leads each commune, and which supports it."""

from matching_worker.model.responsibility.solve import solve
from matching_worker.model.responsibility.verify import verify

__all__ = ["solve", "verify"]
