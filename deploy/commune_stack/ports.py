"""TCP ports of 127.0.0.1, kept for whoever chose them until they are given back: no other stack takes one meanwhile.

A port that is only looked for is free at that moment: the next to look is told the same. So it is kept twice over: by a
lock on a file named by its number, which every stack of this user asks (the kernel drops it with the process), and on
Linux by a socket bound to it that does not listen, so that the kernel chooses it for nobody. The server may still bind
it, for it too says SO_REUSEADDR.
"""

import fcntl
import os
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from commune_stack.places import throwaway_base

ATTEMPTS = 100


@dataclass
class _Kept:
    lock: int
    holder: socket.socket | None

    def drop(self) -> None:
        if self.holder is not None:
            self.holder.close()
        os.close(self.lock)


_KEPT: dict[int, _Kept] = {}
"""By number, of this process. They end with it."""


def free_port(wished: int = 0) -> int:
    """A port nobody listens on and nobody keeps, kept for us from now on: the wished one if it can be had."""
    for attempt in range(ATTEMPTS):
        probe = socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 0 if attempt else wished))
        except OSError:
            probe.close()
            continue
        port: int = probe.getsockname()[1]
        lock = None if port in _KEPT else _lock(port)
        if lock is None:
            probe.close()
            continue
        if sys.platform == "linux":
            _KEPT[port] = _Kept(lock, probe)
        else:
            probe.close()
            _KEPT[port] = _Kept(lock, None)
        return port
    raise OSError(f"no free port in {ATTEMPTS} attempts")


def give_back_port(port: int) -> None:
    """Others may have it. A port that is not kept is nobody's business."""
    kept = _KEPT.pop(port, None)
    if kept is not None:
        kept.drop()


def listens(pid: int, ports: Iterable[int]) -> bool:
    """Whether it is this process that listens at each of these: an answer alone may be another stack's."""
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp4")
    except psutil.Error:
        return False
    return set(ports) <= {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}


def _lock(port: int) -> int | None:
    """The file stays: to remove it would let two hold what they take for the same lock."""
    folder = Path(throwaway_base()) / f"commune-ports-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(folder / str(port), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock
