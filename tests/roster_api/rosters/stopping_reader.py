"""`roster-api reader` that kills itself at one step, the first time it gets there, in a process of its own."""

import os
import signal

from roster_api.reader import run
from roster_api.settings import Settings

LEASE_SECONDS = 1.0


def read_until(step: str) -> None:
    """'never': the reader as it is, with a short lease, so that a test waits for no other's lease to run out."""

    def stop_at(reached: str) -> None:
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    run(Settings(), lease_seconds=LEASE_SECONDS, at_step=stop_at)
