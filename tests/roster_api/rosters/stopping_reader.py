"""`roster-api reader` that kills itself at one step, the first time it gets there. Argument: the step, and no other.

'never': the reader as it is, with a short lease, so that a test waits for no other's lease to run out.
"""

import os
import signal
import sys

from roster_api.reader import run
from roster_api.settings import Settings

LEASE_SECONDS = 1.0


def stop_at(step: str) -> None:
    if step == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    run(Settings(), lease_seconds=LEASE_SECONDS, at_step=stop_at)
