"""The child process that reads one large body: memory and time are limited before a byte is looked at.

Told the model's name in a line of stdin, then the body; answers on stdout with a pickle of (kind, content) behind its
length. Only what the model accepts is handed back whole: of everything else, a few errors. Started by
children/fork_server.py.
"""

import importlib
import json
import pickle
import resource
import struct
import sys
from typing import Any

from pydantic import TypeAdapter, ValidationError

MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 60
ERRORS_TOLD = 100
LENGTH = struct.Struct("!Q")
"""Before the answer: one that breaks off is none."""


def read(model: Any, body: bytes) -> tuple[str, Any]:
    """('document', it), ('unreadable', (message, position)) or ('invalid', Pydantic's errors without the input)."""
    try:
        content = json.loads(body)
    except json.JSONDecodeError as error:
        return "unreadable", (error.msg, error.pos)
    except (UnicodeDecodeError, RecursionError):
        return "unreadable", ("not UTF-8, or nested too deeply", 0)
    try:
        return "document", TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return "invalid", found[:ERRORS_TOLD]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, name = sys.stdin.buffer.readline().decode().strip().partition(":")
    answer = pickle.dumps(read(getattr(importlib.import_module(module), name), sys.stdin.buffer.read()))
    sys.stdout.buffer.write(LENGTH.pack(len(answer)) + answer)
    sys.stdout.buffer.flush()
