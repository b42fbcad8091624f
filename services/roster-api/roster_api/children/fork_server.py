"""Starts the children that open what others sent: each is a copy of this process, which has imported what they need.

A child is there in a hundredth of the time that a new interpreter takes. This process sees no file, no setting and no
key; what a file does to a child is gone with the child. `python -m roster_api.children.fork_server FD MODULE...`: over
that socket come START with the number of a module, whose main() is the child's, and a socket of the child's own, and
KILL with a process id; a process id goes back for each START. When whoever asked is gone, every child is killed.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence

ASKED = struct.Struct("!cI")
ANSWERED = struct.Struct("!I")
START, KILL = b"s", b"k"
FAILED = 1


class ForkServer:
    """`asking`: the socket of whoever asks for children; `programs`: what they can be."""

    def __init__(self, asking: socket.socket, programs: Sequence[Callable[[], None]]) -> None:
        self._asking = asking
        self._programs = programs
        self._living: set[int] = set()
        self._woken, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)

    def serve(self) -> None:
        """Until whoever asks is gone."""
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._asking, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._woken in ready:
                    self._woken.recv(4096)
                    self._reap()
                if self._asking in ready and not self._answer():
                    break
        for process_id in self._living:
            os.kill(process_id, signal.SIGKILL)

    def _answer(self) -> bool:
        """Whether there was something to answer."""
        asked, sockets, _flags, _address = socket.recv_fds(self._asking, ASKED.size, 1)
        if not asked:
            return False
        kind, number = ASKED.unpack(asked)
        if kind == START:
            (connection,) = sockets
            self._start(connection, self._programs[number])
        elif number in self._living:  # not waited for yet: the process id is still that child's
            os.kill(number, signal.SIGKILL)
        return True

    def _start(self, connection: int, program: Callable[[], None]) -> None:
        process_id = os.fork()
        if process_id == 0:
            self._become_child(connection, program)
        os.close(connection)
        self._living.add(process_id)
        with contextlib.suppress(BrokenPipeError):  # gone meanwhile: the next turn of the loop notices
            self._asking.sendall(ANSWERED.pack(process_id))

    def _become_child(self, connection: int, program: Callable[[], None]) -> None:
        """Never returns: what stands on this process's stack is not the child's to go on with."""
        status = FAILED
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._asking, self._woken, self._wakes):
                end.close()
            for stream in (0, 1):
                os.dup2(connection, stream)
            os.close(connection)
            program()
            status = 0
        finally:
            os._exit(status)

    def _reap(self) -> None:
        while self._living:
            process_id, _status = os.waitpid(-1, os.WNOHANG)
            if process_id == 0:
                return
            self._living.discard(process_id)


def main() -> None:
    programs = [importlib.import_module(name).main for name in sys.argv[2:]]
    gc.disable()
    gc.freeze()  # what all children share is not touched, so that it stays shared
    ForkServer(socket.socket(fileno=int(sys.argv[1])), programs).serve()


if __name__ == "__main__":
    main()
