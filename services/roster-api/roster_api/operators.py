"""The commands of whoever runs the server: accounts, keys, the look-up key, the audit, privacy."""

import argparse
from collections.abc import Callable, Coroutine
from typing import Any

from roster_api.commands import accounts, audit, keys, lookup_key, privacy
from roster_api.settings import Settings

OPERATORS: dict[str, Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]] = {
    "accounts": accounts.run,
    "keys": keys.run,
    "create-key": keys.run,
    "lookup-key": lookup_key.run,
    "audit": audit.run,
    "privacy": privacy.run,
}
"""Each returns its exit status."""


def add_commands(commands: Any) -> None:
    """To the parser's subcommands."""
    for one in (accounts, keys, lookup_key, audit, privacy):
        one.add_commands(commands)
