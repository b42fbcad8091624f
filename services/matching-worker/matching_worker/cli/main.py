"""The `matching-worker` command's first step: a solve heeds interrupts before anything slow is imported.

SIGINT and SIGTERM ask a solve for its best plan so far, whether they come while it starts, solves or writes.
"""

import signal
import sys

from commune_service.imports import without_collector

from matching_worker.cli.interrupts import STOP


def main() -> None:
    if sys.argv[1:2] == ["solve"]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: STOP.set())
    with without_collector():
        from matching_worker.cli import commands  # noqa: PLC0415 - loads for half a second; Ctrl-C works before

    sys.exit(commands.main())
