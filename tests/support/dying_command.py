"""A command of `roster-api` that kills its own process where it would call one function."""

import importlib
import os
import signal
from collections.abc import Sequence
from typing import Any

from roster_api.main import main


def run_until(words: Sequence[str], dying_at: tuple[str, str] | None) -> None:
    """`dying_at`: (module, function); None for the command as it is."""

    def die(*_args: Any, **_named: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if dying_at is not None:
        module, name = dying_at
        setattr(importlib.import_module(module), name, die)
    main(words)
