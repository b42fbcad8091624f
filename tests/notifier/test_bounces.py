"""Mail that comes back, and complaints: the message says so, and the address is written to no more until released."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from commune_schemas.notices import Channel, PersonNotice
from commune_stack.faults import MailRule
from hypothesis import given, settings
from hypothesis import strategies as st
from notifier.app import create_app
from notifier.bounce_box import empty_box
from notifier.bounce_reports import read_report
from notifier.bounces import take_mail
from notifier.forget import empty_messages
from notifier.roster_client import Forgetting

from tests.notifier.bounced_mails import complaint, in_prose, out_of_office, status_notification
from tests.notifier.people import change_contact, make_notice
from tests.notifier.world import ADMIN_KEY, READER_KEY, World
from tests.support.shared_routes import with_shared_routes

REFERENCE = f"{'ab' * 16}@notifier.commune-roster"


@pytest.fixture
async def api(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://n", headers={"X-Api-Key": ADMIN_KEY}
    )
    async with app.router.lifespan_context(app), client:
        yield client


async def sent_reference(world: World) -> str:
    await world.send_all()
    return str((await world.message(Channel.EMAIL))["reference"])


def tell_again(notice: PersonNotice, *, plan_id: UUID, version: int, **changes: Any) -> PersonNotice:
    """To the same person, about something else."""
    thread = f"{plan_id}@commune-roster"
    person = UUID(notice.recipient.id)
    return make_notice(volunteer_id=person, plan_id=plan_id, plan_version=version, calendar_uid=thread, **changes)


async def take(world: World, content: bytes) -> str:
    async with world.sessions.begin() as session:
        return await take_mail(session, content)


@pytest.mark.parametrize(
    ("action", "status", "effect", "ends", "is_suppressed"),
    [
        ("failed", "5.1.1", "returned", ("failed", "recipient.bad_address"), True),
        ("failed", "5.2.1", "returned", ("failed", "recipient.bad_address"), True),
        ("failed", "5.2.2", "returned", ("failed", "recipient.mailbox_full"), False),
        ("failed", "4.4.7", "returned", ("failed", "receipt.returned"), False),
        ("failed", "5.7.1", "returned", ("failed", "receipt.returned"), False),
        ("delayed", "4.4.1", "ignored: no report of a message of ours", ("sent", None), False),
        ("delivered", "2.0.0", "delivered", ("delivered", None), False),
    ],
)
async def test_a_report_ends_its_message_and_only_a_dead_address_is_suppressed(
    world: World, action: str, status: str, effect: str, ends: tuple[str, str | None], is_suppressed: bool
) -> None:
    await world.prepare(make_notice(phone=None))
    report = status_notification(await sent_reference(world), action=action, status=status)
    assert await take(world, report) == effect
    row = await world.message(Channel.EMAIL)
    assert (row["status"], row["reason_code"]) == ends
    assert len(await world.rows("select * from notifier.suppressions")) == is_suppressed
    repeated = "ignored: repeated" if ends[0] != "sent" else effect
    assert await take(world, report) == repeated, "the same report again changes nothing"
    assert (await world.message(Channel.EMAIL))["status"] == ends[0]


async def test_a_dead_address_is_written_to_no_more_a_corrected_one_is_and_a_released_one_too(
    world: World, api: httpx.AsyncClient
) -> None:
    first = make_notice()
    await world.prepare(first)
    await take(world, status_notification(await sent_reference(world)))
    plan = uuid4()
    again, other = tell_again(first, plan_id=plan, version=2), make_notice(plan_id=plan, plan_version=2)
    await world.prepare(again, other)
    await world.send_all()
    rows = await world.rows(
        "select recipient_id, status, reason_code from notifier.messages where source_version = 2 and channel = 'email'"
    )
    ends = {row["recipient_id"]: (row["status"], row["reason_code"]) for row in rows}
    assert ends[again.recipient.id] == ("failed", "recipient.suppressed")
    assert ends[other.recipient.id][0] == "sent", "the same address of somebody else: the report was about one person"
    (listed,) = (await api.get("/v1/suppressions")).json()["items"]
    assert (listed["reason"], listed["detail"], listed["shown_address"]) == ("dead_address", "5.1.1", "n***@example.vn")
    assert b"nguyet" not in (await world.rows("select address_sealed from notifier.suppressions"))[0]["address_sealed"]

    await resend(world, api, again.recipient.id, refused="recipient.suppressed")
    change_contact(again, email="nguyet.moi@example.vn")
    await resend(world, api, again.recipient.id)
    assert len(world.mail.files) == 3, "a corrected address is used at once"
    third = tell_again(first, plan_id=uuid4(), version=3)
    released = await api.post(f"/v1/suppressions/{listed['id']}/release", json={"reason": "trường báo đã sửa hộp thư"})
    assert (released.status_code, released.json()["release_reason"]) == (200, "trường báo đã sửa hộp thư")
    await world.prepare(third)
    await world.send_all()
    assert (await world.message(Channel.EMAIL, version=3))["status"] == "sent"
    gone = (await api.get("/v1/suppressions?is_released=true")).json()["items"]
    assert [item["id"] for item in gone] == [listed["id"]]
    audited = await world.rows("select route, subjects from notifier.audit_entries where action = 'change'")
    assert {"route": "/v1/suppressions/{suppression_id}/release", "subjects": [listed["id"]]} in audited


async def resend(world: World, api: httpx.AsyncClient, recipient_id: str, *, refused: str | None = None) -> None:
    """`refused`: the code of the 409 that is expected."""
    (row,) = await world.rows(
        "select id from notifier.messages where recipient_id = :r and channel = 'email' and source_version = 2",
        r=recipient_id,
    )
    answer = await api.post(f"/v1/messages/{row['id']}/resend", json={"reason": "đã sửa địa chỉ"})
    if refused is None:
        assert answer.status_code == 200, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, refused)
    await world.send_all()


async def test_a_complaint_stops_mail_whatever_its_report_names_and_the_message_stays_sent(world: World) -> None:
    first = make_notice(phone=None)
    await world.prepare(first)
    assert await take(world, complaint(await sent_reference(world), address=None)) == "complaint"
    assert (await world.message(Channel.EMAIL))["status"] == "sent"
    again = tell_again(first, plan_id=uuid4(), version=2, email="khac@example.vn")
    await world.prepare(again)
    await world.send_all()
    assert (await world.message(Channel.EMAIL, version=2))["reason_code"] == "recipient.suppressed"


async def test_a_report_closes_the_doubt_about_a_mail_whose_answer_was_lost(world: World) -> None:
    await world.prepare(make_notice(phone=None))
    await world.mail.script([MailRule(action="drop_after_taking", times=1)])
    reference = await sent_reference(world)
    assert await world.statuses(Channel.EMAIL) == ["unknown"]
    assert await take(world, status_notification(reference)) == "returned"
    assert await world.statuses(Channel.EMAIL) == ["failed"]


async def test_a_late_report_of_an_earlier_try_does_not_fail_what_was_sent_again(
    world: World, api: httpx.AsyncClient
) -> None:
    await world.prepare(make_notice(phone=None))
    reference = await sent_reference(world)
    await take(world, status_notification(reference, status="5.2.2"))
    (row,) = await world.rows("select id from notifier.messages where channel = 'email'")
    await api.post(f"/v1/messages/{row['id']}/resend", json={"reason": "hộp thư đã dọn"})
    await world.send_all()
    assert await take(world, status_notification(reference, status="4.4.7")) == "ignored: sent again since"
    assert await world.statuses(Channel.EMAIL) == ["sent"]


@pytest.mark.parametrize("server", ["qmail", "exim"])
async def test_what_an_older_server_returns_in_words_ends_its_message_and_suppresses_nobody(
    world: World, server: str
) -> None:
    await world.prepare(make_notice(phone=None))
    reference = await sent_reference(world)
    assert (
        await take(world, in_prose("c" * 32 + "@notifier.commune-roster", server=server)) == "ignored: no such message"
    )
    assert await take(world, in_prose(reference, server=server)) == "returned"
    row = await world.message(Channel.EMAIL)
    assert (row["status"], row["reason_code"]) == ("failed", "receipt.returned")
    assert await world.rows("select * from notifier.suppressions") == []


async def test_what_is_no_report_of_ours_changes_nothing(world: World, api: httpx.AsyncClient) -> None:
    await world.prepare(make_notice(phone=None))
    reference = await sent_reference(world)
    for content in (
        out_of_office(reference),
        status_notification("c" * 32 + "@notifier.commune-roster"),
        status_notification(reference) + status_notification(REFERENCE),
        complaint(reference, kind="virus"),
        b"",
        b"\xff\x00" * 500,
    ):
        answer = await api.post("/v1/bounces", content=content, headers={"Content-Type": "message/rfc822"})
        assert (answer.status_code, answer.json()["effect"][:8]) == (200, "ignored:")
    reader = {"X-Api-Key": READER_KEY}
    assert (await api.post("/v1/bounces", content=status_notification(reference), headers=reader)).status_code == 403
    assert await world.statuses(Channel.EMAIL) == ["sent"]
    answer = await api.post("/v1/bounces", content=status_notification(reference))
    assert answer.json() == {"effect": "returned"}


async def test_the_box_is_emptied_into_the_rows_and_a_mail_read_twice_counts_once(world: World, tmp_path: Path) -> None:
    await world.prepare(make_notice(phone=None))
    reference = await sent_reference(world)
    assert await empty_box(world.sessions, tmp_path) == 0, "an empty box is made where there is none"
    for name, content in (("1.a", b"rubbish"), ("2.a", status_notification(reference))):
        (tmp_path / "new" / name).write_bytes(content)
    assert await empty_box(world.sessions, tmp_path) == 2
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.a:2,S", "2.a:2,S"]
    assert await world.statuses(Channel.EMAIL) == ["failed"]
    (tmp_path / "cur" / "2.a:2,S").rename(tmp_path / "new" / "2.a")  # as if killed before it was moved
    assert await empty_box(world.sessions, tmp_path) == 1
    assert len(await world.rows("select * from notifier.receipts")) == 1


async def test_who_is_forgotten_leaves_no_address_on_the_list(world: World) -> None:
    notice = make_notice(phone=None)
    await world.prepare(notice)
    await take(world, status_notification(await sent_reference(world)))
    task = Forgetting(request_id=UUID(int=1), volunteer_id=UUID(notice.recipient.id), answer_ids=[])
    async with world.sessions.begin() as session:
        await empty_messages(session, task)
    (row,) = await world.rows("select address_sealed, shown_address from notifier.suppressions")
    assert row == {"address_sealed": None, "shown_address": None}


@given(st.binary(max_size=400), st.integers(0, 1500))
@settings(max_examples=150, deadline=None)
def test_any_mail_is_read_or_ignored(noise: bytes, at: int) -> None:
    report = status_notification(REFERENCE)
    read_report(report[:at] + noise + report[at:])
    read_report(noise + f"<{REFERENCE}>".encode())
