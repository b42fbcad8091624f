"""Starts one program that dies with its parent: run as a script, before the program itself, on the same pid.

    python -I -S child.py --parent PID --signal N [--user NAME] -- PROGRAM ARGUMENT...

Gives up root for `--user` where asked, asks the kernel for signal N when the parent dies (Linux; elsewhere the next
start sweeps up), then becomes the program. Standard library only: it runs before anything may be assumed.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def become(user: str) -> None:
    """Drop root for good. Group list included: a supplementary group of root's would be kept otherwise."""
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def die_with_parent(parent: int, signal_number: int) -> None:
    """Ask after the change of user (which clears the wish), then look whether the parent died meanwhile."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    options = dict(zip(arguments[:split:2], arguments[1:split:2], strict=True))
    program = arguments[split + 1 :]
    if "--user" in options:
        become(options["--user"])
    die_with_parent(int(options["--parent"]), int(options["--signal"]))
    os.execvp(program[0], program)  # noqa: S606 - the caller's own program, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
