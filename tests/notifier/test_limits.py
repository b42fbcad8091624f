"""Limits by minute, day, kind, recipient and money; quiet hours; a stop when too many addresses do not exist."""

import asyncio
from datetime import UTC, datetime, time
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel, NoticeKind, Recipient, RecipientKind
from commune_stack.faults import SmsRule
from notifier import limits
from notifier.app import create_app
from notifier.limits import Period, Scope, Want, count_within
from notifier.settings import Settings
from structlog.testing import capture_logs

from tests.notifier.people import make_notice, make_placement
from tests.notifier.world import ADMIN_KEY, READER_KEY, World
from tests.support.refusals import check_words
from tests.support.shared_routes import with_shared_routes

pytestmark = pytest.mark.usefixtures("still_counters")
TEN_AT_NIGHT = datetime(2025, 12, 1, 15, 0, tzinfo=UTC)
"""22:00 in Vietnam."""
QUIET: dict[str, Any] = {"sms_quiet_from": time(21), "sms_quiet_until": time(7)}


async def used(world: World, scope: str, period: str = "day") -> int:
    rows = await world.rows("select used from notifier.counters where scope = :s and period = :p", s=scope, p=period)
    return sum(row["used"] for row in rows)


async def test_what_is_beyond_a_days_limit_waits_until_tomorrow_with_the_reason(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(5)))
    await world.send_all(sms_per_day=3, notifier_batch=2)
    rows = await world.rows(
        "select status, reason_code, next_attempt_at - now() < interval '24 hours' as soon from notifier.messages"
        " where channel = 'sms' order by status desc"
    )
    assert [row["status"] for row in rows] == ["sent"] * 3 + ["pending"] * 2
    assert {(row["reason_code"], row["soon"]) for row in rows[3:]} == {("limits.day", True)}
    assert (len(world.sms.texts), await used(world, "sms")) == (3, 3)
    await world.change("update notifier.messages set next_attempt_at = now()")
    await world.send_all(sms_per_day=9)
    assert await world.statuses(Channel.SMS) == ["sent"] * 5, "the limit was raised"


async def test_near_a_limit_it_is_shown_and_logged_once_and_names_nobody(world: World) -> None:
    near: dict[str, Any] = {"sms_per_day": 5, "sms_segment_price": 350, "sms_cost_per_day": 3500}
    await world.prepare(*(make_notice(email=None) for _ in range(4)))
    with capture_logs() as logs:
        await world.send_all(**near, notifier_batch=3)
        await world.prepare(make_notice(email=None))
        await world.send_all(**near)
    warned = [(line["scope"], line["used"], line["limit"]) for line in logs if line["event"] == "limits.near"]
    segments = sum(text.segments for text in world.sms.texts[:4])
    assert warned == [("sms", 4, 5), ("sms/segments", segments, 10)]
    app = with_shared_routes(create_app(world.with_settings(**near)))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as api:
        shown = (await api.get("/v1/limits", headers={"X-Api-Key": READER_KEY})).json()["limits"]
    is_near = {row["scope"]: row["is_near"] for row in shown if row["period"] == "day" and row["at_most"]}
    assert is_near == {"sms": True, "sms/segments": True}


async def test_what_is_urgent_goes_before_what_waited_longer(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(6)))
    moved: dict[str, Any] = {"kind": NoticeKind.PLACEMENT_CHANGED, "previous": make_placement([1])}
    urgent = make_notice(email=None, phone="+84950000999", **moved)
    sender = world.sender(Channel.SMS, notifier_batch=2)
    assert await sender.send_due() == 2
    await world.prepare(urgent)
    assert await sender.send_due() == 2
    assert [text.to == "+84950000999" for text in world.sms.texts] == [False, False, True, False]


async def test_senders_at_once_never_pass_a_limit_together(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(12)))
    senders = [world.sender(Channel.SMS, sms_per_minute=7, notifier_batch=2) for _ in range(4)]
    await asyncio.gather(*(sender.send_due() for sender in senders for _ in range(1)))
    await asyncio.gather(*(sender.send_due() for sender in senders))
    assert len(world.sms.texts) == 7
    waiting = [row for row in await world.rows() if row["reason_code"] is not None]
    assert {row["reason_code"] for row in waiting} == {"limits.minute"}
    check_words(waiting[0]["reason_vi"], waiting[0]["reason_en"])


async def test_money_is_counted_by_segments_and_a_kind_and_a_recipient_have_limits_of_their_own(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(4)))
    await world.send_all(sms_segment_price=350, sms_cost_per_day=1400)
    segments = sum(text.segments for text in world.sms.texts)
    assert await used(world, "sms/segments") == segments <= 4
    reasons = {row["reason_code"] for row in await world.rows() if row["status"] == "pending"}
    assert reasons == {"limits.cost"}

    settings = world.with_settings(notifier_kind_per_day={"reserve": 1}, notifier_recipient_per_day=2)
    person = Recipient(kind=RecipientKind.VOLUNTEER, id="p1")
    kinds = [NoticeKind.RESERVE, NoticeKind.RESERVE, NoticeKind.PLACEMENT_CHANGED, NoticeKind.PLACEMENT_CHANGED]
    wants = [Want(Channel.EMAIL, kind, person, 0, is_urgent=True) for kind in kinds]
    async with world.sessions.begin() as session:
        waits = await count_within(session, settings, wants)
    assert [wait and wait.reason for wait in waits] == [None, "limits.kind", None, "limits.recipient"]


async def test_what_was_counted_and_not_handed_over_is_taken_back(world: World) -> None:
    await world.prepare(*(make_notice(email=None) for _ in range(3)))
    sender = world.sender(Channel.SMS)
    sender.stopping.set()
    assert await sender.send_due() == 3
    assert await used(world, "sms") == await used(world, "sms", "minute") == await used(world, "sms/segments") == 0


async def test_at_night_only_what_is_urgent_is_sent_as_a_text_message_and_mail_goes_out(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    urgent = make_notice(kind=NoticeKind.PLACEMENT_WITHDRAWN, placement=None)
    await world.prepare(urgent)
    for channel in Channel:
        sender = world.sender(channel, **QUIET)
        sender.now = lambda: TEN_AT_NIGHT
        while await sender.send_due():
            pass
    waiting = await world.rows("select channel, kind from notifier.messages where status = 'pending'")
    assert [(row["channel"], row["kind"]) for row in waiting] == [("sms", "placement_assigned")]
    await world.send_all()
    assert "pending" not in await world.statuses()


async def test_too_many_addresses_that_do_not_exist_hold_what_is_not_urgent_until_an_officer_lets_go(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REFUSED_FROM", 4)
    world.sms.script([SmsRule(action="reply", status=422)])
    await world.prepare(*(make_notice(email=None) for _ in range(4)))
    await world.send_all()
    world.sms.script()
    await world.prepare(make_notice(email=None), make_notice(email=None, kind=NoticeKind.PLACEMENT_CHANGED))
    await world.send_all()
    held = await world.rows("select kind, reason_code from notifier.messages where status = 'pending'")
    assert [(row["kind"], row["reason_code"]) for row in held] == [("placement_assigned", "limits.too_many_refused")]

    app = with_shared_routes(create_app(world.settings))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as api:
        shown = (await api.get("/v1/limits", headers={"X-Api-Key": READER_KEY})).json()
        sms = next(row for row in shown["refused"] if row["channel"] == "sms")
        assert (sms["refused"], sms["is_held"], shown["waiting"]) == (4, True, {"limits.too_many_refused": 1})
        body = {"reason": "the school's list was put right"}
        refused = await api.post("/v1/limits/sms/release", json=body, headers={"X-Api-Key": READER_KEY})
        done = await api.post("/v1/limits/sms/release", json=body, headers={"X-Api-Key": ADMIN_KEY})
        assert (refused.status_code, done.status_code) == (403, 204)
    await world.change("update notifier.messages set next_attempt_at = now() where status = 'pending'")
    await world.send_all()
    assert await world.rows("select 1 from notifier.messages where status = 'pending'") == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sms_cost_per_day": 1000}, "SMS_SEGMENT_PRICE"),
        ({"sms_quiet_from": "21:00"}, "go together"),
        ({"notifier_kind_per_day": {"resreve": 5}}, "resreve"),
    ],
)
def test_a_limit_that_would_count_nothing_is_refused_at_the_start(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Settings(notifier_environment="development", notifier_database_url="postgresql://x@127.0.0.1/x", **given)


def test_every_scope_finds_its_limit() -> None:
    settings = Settings(
        notifier_environment="development",
        notifier_database_url="postgresql://x@127.0.0.1/x",
        email_per_minute=1,
        sms_per_day=2,
        sms_segment_price=10,
        sms_cost_per_day=35,
        notifier_kind_per_day={"reserve": 4},
    )
    expected = {
        Scope("email", Period.MINUTE): 1,
        Scope("sms", Period.DAY): 2,
        Scope("sms", Period.MINUTE): None,
        Scope("sms/segments", Period.DAY): 3,
        Scope("email/kind/reserve", Period.DAY): 4,
        Scope("email/kind/need_reminder", Period.DAY): None,
        Scope("sms/to/volunteer/x", Period.DAY): 20,
        Scope("sms/refused", Period.DAY): None,
    }
    assert {scope: limits.find_limit(settings, scope) for scope in expected} == expected
