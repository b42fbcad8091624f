"""`roster-api relay` with a queue that stops for good in one place, to be killed just there.

Argument: 'before' or 'after' the job is put into Redis: it says so on standard output and hangs. 'never': the relay as
it is, without the rest of the command line to load.
"""

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from roster_api.outbox.publisher import ArqPublisher
from roster_api.relay import run
from roster_api.settings import Settings


class StoppingPublisher(ArqPublisher):
    async def publish(self, *, topic: str, queue: str, args: Mapping[str, Any], job_id: str) -> None:
        if sys.argv[1] == "after":
            await super().publish(topic=topic, queue=queue, args=args, job_id=job_id)
        sys.stdout.write("stopped\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    settings = Settings()
    run(settings, publisher=None if sys.argv[1] == "never" else StoppingPublisher(settings.redis_url))
