"""A request told by a process that is killed: before its commit nothing is there, after it all is, and only once."""

from typing import Any

import httpx

from tests.support.dying import KILLED, REFUSED, Dying, Task, photograph

AUDIT = frozenset({"audit_entries"})
"""Who asks again is written down again."""
AWAY = 503 - REFUSED


class Striker:
    """Carries requests of a world out, each killed twice and its connection terminated once before it comes through."""

    def __init__(self, world: Any, dying: Dying, **settings: str) -> None:
        self.world = world
        self._dying = dying
        self._url = str(world.app.state.settings.database_url)
        self._settings = settings
        self._number = 0

    async def look(self, *, besides: frozenset[str] = AUDIT) -> dict[str, str]:
        async with self.world.session() as session:
            return await photograph(session, besides=besides)

    async def kill(self, end: Any, who: str, path: str, **request: Any) -> int:
        key = self.world.keys[who]
        task = Task(self._url, end, key=key, path=path, settings=self._settings, **request)
        return await self._dying.carry_out(task)

    async def lose(self, who: str, path: str, **request: Any) -> None:
        """Killed before its commit, or cut off from Postgres: nothing is there, no entry of the audit either."""
        before = await self.look(besides=frozenset())
        assert await self.kill("before", who, path, **request) == KILLED, path
        assert await self.look(besides=frozenset()) == before, path
        assert await self.kill("backend", who, path, **request) == AWAY, path
        assert await self.look(besides=frozenset()) == before, path

    async def ask(self, who: str, path: str, *, again: int = 200, **request: Any) -> httpx.Response:
        """Lost first; then killed before its answer is heard, and sent again: it was done in one transaction, once.

        `again`: what the repeated request is answered.
        """
        self._number += 1
        request["headers"] = {"Idempotency-Key": f"strike-{self._number}"} | request.get("headers", {})
        await self.lose(who, path, **request)
        before = await self.look()
        assert await self.kill("after", who, path, **request) == KILLED, path
        done = await self.look()
        assert done != before, path
        answer = await self._send(who, path, **request)
        assert answer.status_code == again, (path, answer.text)
        assert await self.look() == done, path
        return answer

    async def sweep(self, name: str) -> None:
        """Of the relay: killed before its commit nothing is there, and the next round does it, once."""
        before = await self.look()
        for end, changes in (("before", False), ("after", True), ("after", False)):
            task = Task(self._url, end, sweep=name)  # type: ignore[arg-type] # one of its ends
            ended = await self._dying.carry_out(task)
            after = await self.look()
            assert (ended, after != before) == (KILLED if changes or end == "before" else 0, changes), (name, end)
            before = after

    async def _send(self, who: str, path: str, *, body: Any = None, file: str = "", **request: Any) -> httpx.Response:
        content: Any = {"files": {"file": ("so.csv", file.encode(), "text/csv")}} if file else {"json": body}
        method = request.pop("method", "POST")
        answer: httpx.Response = await self.world.as_(who).request(method, path, **content, **request)
        return answer
