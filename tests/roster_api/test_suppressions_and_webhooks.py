"""Addresses written to no more, by province and masked; webhooks, which are the nation's: changed here, and audited."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from commune_schemas.notices import Channel
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway
from notifier.models import Message
from notifier.suppression import SuppressionReason, suppress
from roster_api.audit.models import AuditEntry
from sqlalchemy import select

from tests.notifier.people import make_notice
from tests.roster_api.message_desk import MessageDesk, message_desk

ADDRESS = "nguyet@example.vn"
HOOK = {"url": "https://93.184.215.14/hook?key=secret", "event_types": ["commune-roster.message.failed"]}


@pytest.fixture
async def desk(
    roster_database_url: str, notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway
) -> AsyncIterator[MessageDesk]:
    async with message_desk(roster_database_url, notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


async def let_mail_come_back(desk: MessageDesk, recipient_kind: str, recipient_id: str) -> None:
    """From the address of this recipient, for good."""
    plan_id = str(uuid4())
    await desk.notifier.prepare(make_notice(plan_id=plan_id))
    async with desk.notifier.sessions.begin() as session:
        query = select(Message).where(Message.channel == Channel.EMAIL.value, Message.superseded_at.is_(None))
        message = (await session.scalars(query.order_by(Message.created_at.desc()).limit(1))).one()
        message.recipient_kind, message.recipient_id = recipient_kind, recipient_id
        why = SuppressionReason.DEAD_ADDRESS
        assert await suppress(session, message, reason=why, address=ADDRESS, detail="5.1.1")


async def test_each_province_sees_its_own_masked_and_lets_one_go_with_a_reason(desk: MessageDesk) -> None:
    person = str(desk.world.volunteer_ids[0])
    await let_mail_come_back(desk, "volunteer", person)
    await let_mail_come_back(desk, "volunteer", str(uuid4()))
    (row,) = (await desk.ask("an", "GET", "/v1/suppressions")).json()["items"]
    assert (row["volunteer_id"], row["to"], row["reason"], row["channel"]) == (
        person, "n***@example.vn", "dead_address", "email",
    )  # fmt: skip
    assert row["name"]
    assert row["school_name"]
    assert (await desk.ask("far", "GET", "/v1/suppressions")).json()["items"] == []
    path, reason = f"/v1/suppressions/{row['id']}/release", {"reason": "Đã gọi 0950000111: hộp thư đã mở lại"}
    for who, status in (("far", 404), ("s1", 403)):
        assert (await desk.ask(who, "POST", path, reason)).status_code == status
    assert (await desk.ask("an", "POST", path, {"reason": ""})).status_code == 422
    assert (await desk.ask("an", "POST", f"/v1/suppressions/{uuid4()}/release", reason)).status_code == 404
    released = await desk.ask("an", "POST", path, reason)
    assert (released.json()["release_reason"], released.json()["released_at"] is None) == (reason["reason"], False)
    assert (await desk.ask("an", "GET", "/v1/suppressions")).json()["total"] == 0
    gone = (await desk.ask("an", "GET", "/v1/suppressions", is_released=True)).json()["items"]
    assert [each["id"] for each in gone] == [row["id"]]
    (entry,), (there,) = await desk.entries(), await desk.entries_there()
    assert (str(entry.actor_account_id), there["actor"]["id"]) == (desk.accounts["an"], desk.accounts["an"])
    assert person in entry.subjects
    assert "0950000111" not in str(entry.details) + str(there["details"])
    async with desk.world.session() as session:
        reads = await session.scalars(select(AuditEntry.route).where(AuditEntry.action == "read"))
        assert "/v1/suppressions" in set(reads)


async def test_webhooks_are_made_put_aside_replayed_and_rotated_by_the_nation_and_by_nobody_else(
    desk: MessageDesk,
) -> None:
    made = await desk.ask("nation", "POST", "/v1/webhooks", HOOK, once="hook-1")
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store"), made.text
    secret, path = made.json()["secret"], f"/v1/webhooks/{made.json()['id']}"
    again = await desk.ask("nation", "POST", "/v1/webhooks", HOOK, once="hook-1")
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.answer_not_kept")
    inside = {**HOOK, "url": "https://127.0.0.1/hook"}
    assert (await desk.ask("nation", "POST", "/v1/webhooks", inside)).json()["code"] == "webhook.address"
    unknown = {**HOOK, "event_types": ["khong.co"]}
    refusal = await desk.ask("nation", "POST", "/v1/webhooks", unknown)
    assert refusal.status_code == 422
    assert "Không có loại sự kiện này: khong.co" in refusal.json()["errors"][0]["vi"]
    listed = (await desk.ask("nation", "GET", "/v1/webhooks")).json()
    assert (listed["total"], len(listed["event_types"])) == (1, 6)
    assert secret not in str(listed)
    assert (await desk.ask("nation", "POST", f"{path}/disable")).json()["disabled_reason"] == "by_hand"
    assert (await desk.ask("nation", "POST", f"{path}/enable")).json()["disabled_at"] is None
    since = {"since": datetime(2026, 11, 1, tzinfo=UTC).isoformat()}
    assert (await desk.ask("nation", "POST", f"{path}/replay", since)).json() == {"events": 0}
    rotated = (await desk.ask("nation", "POST", f"{path}/rotate", {"overlap_hours": 2})).json()
    assert rotated["secret"] != secret
    assert rotated["previous_until"]
    assert (await desk.ask("nation", "GET", f"{path}/deliveries", status="failed")).json()["total"] == 0
    assert (await desk.ask("nation", "POST", f"/v1/webhooks/{uuid4()}/enable")).status_code == 404
    verbs = ("disable", "enable", "replay", "rotate")
    bodies = dict.fromkeys(verbs) | {"replay": since, "rotate": {}}
    refused = [await desk.ask("an", "POST", f"{path}/{verb}", bodies[verb]) for verb in verbs]
    refused += [await desk.ask("an", "GET", "/v1/webhooks"), await desk.ask("an", "POST", "/v1/webhooks", HOOK)]
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(403, "access.national")}
    kept, there = await desk.entries(), await desk.entries_there()
    named = ["webhooks.create", "webhooks.update", "webhooks.update", "webhooks.replay", "webhooks.rotate"]
    assert [next(iter(each.details["counts"])) for each in kept] == named
    assert [each["actor"]["id"] for each in there] == [desk.accounts["nation"]] * len(named)
    written = str([each.details for each in kept]) + str(there)
    assert [word for word in ("key=secret", secret, rotated["secret"]) if word in written] == []
