"""The operator's commands of privacy: requests by their clock, and whose data somebody read."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.access.models import ApiKey
from roster_api.main import main

from tests.roster_api.planning_world import NAMES, planning_world
from tests.roster_api.test_data_requests import PLACES, file

Typed = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def type_in(roster_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """(exit status, printed lines, said of errors)."""
    monkeypatch.setenv("ROSTER_DATABASE_URL", roster_database_url)

    def type_in(*words: str) -> tuple[int, list[dict[str, Any]], str]:
        with pytest.raises(SystemExit) as ended:
            main(words)
        printed = capsys.readouterr()
        lines = [json.loads(line) for line in printed.out.splitlines() if line.startswith("{")]
        return int(ended.value.code or 0), [line for line in lines if "event" not in line], printed.err

    return type_in


async def live(url: str) -> tuple[list[str], str, str]:
    """What a coordinator reads: two people, by which key; and a request that is filed meanwhile."""
    async with planning_world(url) as world:
        await world.make_published(PLACES)
        request = await file(world, 1, "access")
        people = (await world.as_("s1").get("/v1/volunteers", params={"limit": 2})).json()["items"]
        await world.as_("s2").get("/v1/volunteers")
        async with world.session() as session:
            key_id = await session.scalar(sa.select(ApiKey.id).where(ApiKey.label == "s1"))
        return [person["id"] for person in people], str(key_id), request["id"]


def test_requests_are_filed_listed_and_decided_and_what_an_actor_read_is_reported(
    roster_database_url: str, type_in: Typed
) -> None:
    began = datetime.now(UTC)
    read, key_id, request_id = asyncio.run(live(roster_database_url))
    person = read[0]
    status, listed, _ = type_in("privacy", "list", "--state", "open")
    assert (status, [line["id"] for line in listed]) == (0, [request_id])
    assert type_in("privacy", "list", "--late")[1] == []
    status, filed, err = type_in("privacy", "file", person, "--kind", "correction", "--proof", "phiếu 9")
    assert (status, "what is to change" in err) == (1, True)
    words = ("--kind", "correction", "--proof", "phiếu 9", "--phone", "0950 000 999")
    status, filed, _ = type_in("privacy", "file", person, *words)
    assert (status, filed[0]["correction"]["phone"]) == (0, "+84950000999")
    assert type_in("privacy", "carry-out", filed[0]["id"])[1][0]["state"] == "done"
    assert type_in("privacy", "refuse", request_id, "--reason", "Chưa rõ ai")[1][0]["reason"] == "Chưa rõ ai"
    status, _, err = type_in("privacy", "export", person)
    assert (status, "notifier does not answer" in err) == (1, True)
    moments = ("--since", began.isoformat(), "--until", (began + timedelta(hours=1)).isoformat())
    status, report, _ = type_in("audit", "report", "--actor", key_id, *moments)
    assert status == 0
    assert {line["volunteer_id"] for line in report[:-1]} == set(read), "those on the page, and nobody else"
    assert {line["full_name"] for line in report[:-1]} <= set(NAMES)
    assert report[0]["routes"] == ["GET /v1/volunteers"]
    assert report[-1] == {"reads": 1, "people": 2, "people_left_out": 0}
    earlier = ("--since", "2020-01-01", "--until", "2020-02-01")
    assert type_in("audit", "report", "--actor", key_id, *earlier)[1] == [
        {"reads": 0, "people": 0, "people_left_out": 0}
    ]
    assert type_in("audit", "verify")[0] == 0
