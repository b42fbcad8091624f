"""Whether this container's process does its work: run by the image's HEALTHCHECK, told what to ask by HEALTH.

http://... : answers 200; several, with spaces between, all of them. relay, reader: it left a sign of life in
the database in the last 30 s.
key:... : this key is in Redis, where a worker leaves it for a little longer than until its next sign of life; {name} is
the worker's own name.
tcp://host:port : somebody listens. Exit status 0 when healthy; says why when not.
"""

import asyncio
import os
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5
NAME = f"{socket.gethostname()}:1"
"""A container's main process has number 1; relay, reader and worker call themselves so."""
HEARTBEATS = {"relay": NAME, "reader": f"reader:{NAME}"}


async def has_beaten(name: str) -> bool:
    import asyncpg  # noqa: PLC0415 - only in the image that needs it

    url = urlsplit(os.environ["ROSTER_DATABASE_URL"])._replace(scheme="postgresql").geturl()
    connection = await asyncpg.connect(url, timeout=TIMEOUT_SECONDS)
    try:
        sql = (
            "select exists(select 1 from roster.relay_heartbeats where name = $1 and beat_at > now() - interval '30 s')"
        )
        return bool(await connection.fetchval(sql, name))
    finally:
        await connection.close()


def has_key(name: str) -> bool:
    import redis  # noqa: PLC0415 - only in the images that need it

    with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=TIMEOUT_SECONDS) as client:
        return bool(client.exists(name))


def is_healthy(what: str) -> bool:
    """Raises or gives False when it is not."""
    if " " in what:
        return all(is_healthy(part) for part in what.split())
    where = urlsplit(what)
    if where.scheme == "http":
        with urllib.request.urlopen(what, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - ours, http only
            return bool(answer.status == 200)
    if where.scheme == "tcp":
        socket.create_connection((where.hostname or "", where.port or 0), TIMEOUT_SECONDS).close()
        return True
    if where.scheme == "key":
        return has_key(where.path.format(name=NAME))
    if what in HEARTBEATS:
        return asyncio.run(has_beaten(HEARTBEATS[what]))
    raise ValueError(f"HEALTH={what!r} is not known")


if __name__ == "__main__":
    try:
        sys.exit(0 if is_healthy(os.environ["HEALTH"]) else "not healthy")
    except Exception as error:  # noqa: BLE001 - every reason is a reason
        sys.exit(f"{type(error).__name__}: {error}")
