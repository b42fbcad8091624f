"""When a message that was not taken is tried again: exponential waits with jitter, never sooner than asked."""

import random

LONGEST_WAIT_SECONDS = 3600.0
JITTER = 0.25


def wait_seconds(*, attempt: int, first_seconds: float, retry_after_seconds: float | None, rng: random.Random) -> float:
    """Before the next try after `attempt` tries (1 = the first failed). Doubled each time up to an hour, +-25 %."""
    backoff = min(LONGEST_WAIT_SECONDS, first_seconds * 2.0 ** min(attempt - 1, 20))
    jittered = backoff * (1 + rng.uniform(-JITTER, JITTER))
    return max(jittered, retry_after_seconds or 0.0)
