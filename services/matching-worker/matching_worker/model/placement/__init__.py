"""Stage B: which person of one school goes to which of its communes on which weekdays."""

from matching_worker.model.placement.solve import solve
from matching_worker.model.placement.verify import verify

__all__ = ["solve", "verify"]
