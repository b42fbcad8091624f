"""Run by tests as a process of its own: Postgres and Valkey until stdin closes; tells where they are in one JSON line.

python -m tests.support.servers_for_a_while [DIRECTORY]     (without one: a throwaway directory)
"""

import asyncio
import json
import sys
from pathlib import Path

from commune_stack.places import StackDirectory, throwaway_directory
from commune_stack.postgres import Postgres
from commune_stack.supervisor import supervised
from commune_stack.valkey import Valkey


async def main() -> None:
    with StackDirectory(Path(sys.argv[1]), keep=True) if sys.argv[1:] else throwaway_directory() as place:
        postgres, valkey = Postgres(place.path / "postgres", durable=False), Valkey(place.path / "valkey")
        await postgres.prepare()
        valkey.prepare()
        async with supervised(place.path, [postgres.program(), valkey.program()]) as running:
            told = {
                "directory": str(place.path),
                "postgres": postgres.url(),
                "redis": valkey.url(),
                "pids": [process.pid for process in running.processes.values()],
            }
            print(json.dumps(told), flush=True)  # noqa: T201 - its whole purpose
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
