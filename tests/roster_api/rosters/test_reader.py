"""The reader: killed at any step, paused, taken back, at size; progress, three-way commits, and the good rows alone."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from roster_api.rosters import service
from roster_api.rosters.models import RosterUpload
from roster_api.rosters.reading.limited import Opener
from sqlalchemy import text

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import person, roster
from tests.support.deadlines import until
from tests.support.forked import Forked, fork
from tests.support.reading import make_reader, work_off

GOOD = [person(number) for number in range(1, 11)]


@contextlib.asynccontextmanager
async def reader(desk: SchoolDesk, step: str) -> AsyncIterator[Forked]:
    environment = {**os.environ, "ROSTER_DATABASE_URL": str(desk.app.state.settings.database_url)}
    process = await fork("tests.roster_api.rosters.stopping_reader:read_until", step, environment=environment)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def killed_at(desk: SchoolDesk, step: str) -> None:
    async with reader(desk, step) as process:
        assert await process.wait() == -signal.SIGKILL


async def at_rest(desk: SchoolDesk, upload: dict[str, Any]) -> dict[str, Any]:
    async def rests() -> bool:
        return (await desk.look(upload))["progress"] is None

    await until(rests)
    return await desk.look(upload)


@pytest.mark.parametrize("step", ["claimed", "compared", "kept"])
async def test_a_reader_killed_at_any_step_of_reading_is_made_up_for_by_another(
    desk: SchoolDesk, admin: httpx.AsyncClient, step: str
) -> None:
    """It has a list and a register at once."""
    upload = (await desk.upload(roster(*GOOD))).json()
    units = {"file": ("dv.csv", "Mã,Tên,Loại\nA,B,Sở ban ngành\n".encode())}
    register = (await admin.post("/v1/provinces/56/registers/units", files=units)).json()
    await killed_at(desk, step)
    assert (await desk.look(upload))["status"] in {"uploaded", "reading"}

    async def is_register_read() -> bool:
        looked = (await admin.get(f"/v1/register-uploads/{register['id']}")).json()
        return (looked["status"], looked["counts"] and looked["counts"]["new"]) == ("in_review", 1)

    async with reader(desk, "never"):
        read = await at_rest(desk, upload)
        await until(is_register_read)
    assert (read["status"], read["counts"]["new"]) == ("in_review", 10)
    rows = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/rows")
    assert rows.json()["total"] == 10


@pytest.mark.parametrize("step", ["claimed", "written", "committed"])
async def test_a_reader_killed_at_any_step_of_a_long_commit_leaves_nothing_half_written(
    desk: SchoolDesk, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await desk.preview(roster(*GOOD))
    monkeypatch.setattr(service, "SHORT_COMMIT", 5)
    answer = await desk.commit(upload)
    assert (answer.status_code, answer.json()["status"], answer.headers["Retry-After"]) == (202, "committing", "1")
    await killed_at(desk, step)
    assert await desk.volunteers() == []
    async with reader(desk, "never"):
        done = await at_rest(desk, upload)
    assert done["status"] == "committed"
    assert len(await desk.volunteers()) == 10
    assert await commits_in_the_audit(desk, upload) == [("school_coordinator", 10)]
    assert (await desk.undo(done)).json()["status"] == "undone"
    assert await desk.volunteers() == []


async def commits_in_the_audit(desk: SchoolDesk, upload: dict[str, Any]) -> list[tuple[str, int]]:
    """(who, how many people) of the entries that tell of people written."""
    async with desk.app.state.sessions() as session:
        query = text(
            "select actor_role, (details -> 'counts' ->> 'volunteers.create')::int from roster.audit_entries "
            "where object_id = :id and details -> 'counts' ? 'volunteers.create' order by id"
        )
        return [(who, count) for who, count in await session.execute(query, {"id": upload["id"]})]


async def test_a_reader_that_slept_past_its_lease_writes_nothing_over_the_others_work(desk: SchoolDesk) -> None:
    upload = (await desk.upload(roster(*GOOD))).json()
    slow, quick = make_reader(desk.app), make_reader(desk.app)
    slow.lease_seconds, steps = 0.05, []

    async def lapse() -> None:
        async with desk.app.state.sessions.begin() as session:
            await session.execute(text("update roster.roster_uploads set held_until = now() - interval '1 s'"))

    class Slow(Opener):
        async def read(self, *args: Any, **kwargs: Any) -> Any:
            answer = await super().read(*args, **kwargs)
            await lapse()
            await quick.work_off()
            steps.append((await desk.look(upload))["status"])
            return answer

    slow.equipment.opener = Slow()
    slow.lease_seconds = 60
    await slow.work_once()
    assert steps == ["in_review"]
    assert (await desk.look(upload))["counts"]["new"] == 10


async def test_a_list_that_kills_every_reader_is_given_up_with_words(desk: SchoolDesk) -> None:
    upload = (await desk.upload(roster(*GOOD))).json()
    async with desk.app.state.sessions.begin() as session:
        await session.execute(text("update roster.roster_uploads set attempts = 4, status = 'reading'"))
    await work_off(desk.app)
    failed = await desk.look(upload)
    assert (failed["status"], failed["refusal"]["code"]) == ("failed", "roster.given_up")


async def test_progress_is_told_with_how_long_to_wait(desk: SchoolDesk) -> None:
    answer = await desk.upload(roster(*GOOD))
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")
    upload = answer.json()
    assert upload["progress"] == {"stage": None, "rows_read": 0, "rows_total": None}
    assert (upload["counts"], upload["format"]) == (None, None)
    async with desk.app.state.sessions.begin() as session:
        row = await session.get(RosterUpload, upload["id"])
        row.status, row.stage, row.rows_read, row.rows_total = "reading", "rows", 20_000, 60_000
    seen = await desk.client.get(f"/v1/roster-uploads/{upload['id']}")
    assert seen.json()["progress"] == {"stage": "rows", "rows_read": 20_000, "rows_total": 60_000}
    assert seen.headers["Retry-After"] == "10"
    assert (await desk.commit(upload)).headers["Retry-After"] == "1", "409 while it is read"


async def test_a_list_given_up_is_not_read_and_one_being_read_is_let_go(desk: SchoolDesk) -> None:
    waiting = (await desk.upload(roster(*GOOD))).json()
    assert (await cancel(desk, waiting)).json()["status"] == "cancelled"
    assert (await cancel(desk, waiting)).status_code == 200
    begun = (await desk.upload(roster(*GOOD))).json()
    slow = make_reader(desk.app)

    class Cancelling(Opener):
        async def read(self, *args: Any, **kwargs: Any) -> Any:
            await cancel(desk, begun)
            return await super().read(*args, **kwargs)

    slow.equipment.opener = Cancelling()
    await slow.work_off()
    assert (await desk.look(begun))["status"] == "cancelled"
    assert (await desk.commit(begun)).json()["code"] == "roster.cancelled"
    rows = await desk.client.get(f"/v1/roster-uploads/{begun['id']}/rows")
    assert rows.json()["total"] == 0


async def cancel(desk: SchoolDesk, upload: dict[str, Any]) -> httpx.Response:
    return await desk.client.post(f"/v1/roster-uploads/{upload['id']}/cancel")


async def test_the_good_rows_alone_are_written_when_that_is_asked_for(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(*GOOD[:8], person(9, **{"Ngày rảnh": "T9"}), GOOD[9]))
    assert (await desk.commit(upload)).json()["code"] == "roster.has_errors"
    done = (await desk.commit(upload, only_good_rows=True)).json()
    assert (done["status"], done["counts"]["error"]) == ("committed", 1)
    assert len(await desk.volunteers()) == 9


async def change(desk: SchoolDesk, ref: str, **values: Any) -> None:
    one = next(one for one in await desk.volunteers() if one["external_ref"] == ref)
    answer = await desk.client.patch(f"/v1/volunteers/{one['id']}", json=values, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def test_who_was_changed_by_somebody_else_since_the_reading_is_named_and_not_overwritten(
    desk: SchoolDesk,
) -> None:
    await desk.take_in(roster(*GOOD))
    listed = [person(1, **{"Số điện thoại": "0950001111"}), person(2, **{"Số điện thoại": "0950002222"}), *GOOD[2:8]]
    upload = await desk.preview(roster(*listed, person(11), person(12)))
    assert (upload["counts"]["changed"], upload["counts"]["missing"], upload["counts"]["new"]) == (2, 2, 2)
    await change(desk, "SV001", phone="0950009999")
    await change(desk, "SV002", max_days=1)
    await change(desk, "SV009", email="khac@x.example")
    new = {"school_id": str(desk.school_id), "full_name": "Người Khác", "role": "lecturer", "external_ref": "SV011"}
    assert (await desk.client.post("/v1/volunteers", json=new)).status_code == 201
    done = (await desk.commit(upload, remove_missing=True, confirm_mass_removal=True)).json()
    assert (done["status"], done["counts"]["conflict"]) == ("committed", 3)
    rows = await desk.client.get(f"/v1/roster-uploads/{upload['id']}/rows", params={"status": "conflict"})
    named = {row["shown_name"] for row in rows.json()["items"]}
    people = {one["external_ref"]: one for one in await desk.volunteers()}
    assert named == {people["SV001"]["full_name"], people["SV009"]["full_name"], str(person(11)[2])}
    assert {error["found"] for error in done["errors"]} == named
    assert people["SV001"]["phone"] == "+84950009999", "somebody else's change stands"
    assert (people["SV002"]["phone"], people["SV002"]["max_days"]) == ("+84950002222", 1), "both changes stand"
    assert people["SV011"]["full_name"] == "Người Khác"
    assert "SV010" not in people
    assert "SV012" in people
    assert (await desk.undo(done)).json()["status"] == "undone"
    back = {one["external_ref"]: one for one in await desk.volunteers()}
    assert (back["SV002"]["phone"], "SV010" in back, "SV012" in back) == ("+84950000002", True, False)


async def test_a_long_list_is_written_and_taken_back_whole(desk: SchoolDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "SHORT_COMMIT", 100)
    people = [person(number) for number in range(1, 601)]
    upload = await desk.preview(roster(*people))
    assert upload["counts"]["new"] == 600
    answer = await desk.commit(upload)
    assert answer.status_code == 202
    await work_off(desk.app)
    assert (await desk.look(upload))["status"] == "committed"
    changed = await desk.preview(roster(*[[*one[:3], "GV", *one[4:]] for one in people]))
    assert changed["counts"]["changed"] == 600
    await desk.commit(changed)
    await work_off(desk.app)
    first = (await desk.volunteers())[0]
    assert (first["role"], first["row_version"]) == ("lecturer", 2)
    assert (await desk.undo(changed)).status_code == 200
    assert (await desk.undo(upload)).json()["code"] == "roster.undo_too_late"
