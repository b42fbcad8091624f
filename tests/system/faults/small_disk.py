"""A file system of a fixed size under one folder, so that a strike can fill it and nothing else of the machine.

It is a tmpfs, which only root may mount, and not everywhere: where it cannot be, the strike is left out, and said so.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

SIZE_MB = 512
BLOCKS = (1 << 20, 1 << 12)
"""Octets: large ones first, then what is left."""


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        self.is_there = False
        self._folder = folder

    async def mount(self) -> None:
        """`is_there` says whether it could be."""
        self._folder.mkdir(parents=True, exist_ok=True)
        options = f"size={SIZE_MB}m,mode=0711"
        self.is_there = os.geteuid() == 0 and await _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", self._folder)

    async def unmount(self) -> None:
        if self.is_there:
            self.is_there = not await _run("umount", "--lazy", self._folder)

    @contextlib.asynccontextmanager
    async def full(self) -> AsyncIterator[None]:
        """Not an octet is free for the length of the block."""
        ballast = self._folder / "ballast"
        try:
            await asyncio.to_thread(_fill, ballast)
            yield
        finally:
            ballast.unlink(missing_ok=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in BLOCKS:
            with contextlib.suppress(OSError):  # no space left: that is what is wished for
                while file.write(bytes(size)) == size:
                    pass


async def _run(*command: str | Path) -> bool:
    silent = asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(*command, stdout=silent, stderr=silent)
    except FileNotFoundError:
        return False
    return await process.wait() == 0
