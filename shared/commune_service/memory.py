"""What a process gives back of the memory that it no longer uses."""

import ctypes

LARGE_BYTES = 1024 * 1024
_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of malloc.h."""


def give_large_blocks_back() -> None:
    """From now on a block of a megabyte and more goes back to the system as soon as it is freed.

    By itself the C library raises that bound to the largest block there was, and keeps what is smaller: a service that
    is sent a file of 20 MB would hold several times as much ever after. Does nothing where there is no such bound.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_MMAP_THRESHOLD, LARGE_BYTES)
