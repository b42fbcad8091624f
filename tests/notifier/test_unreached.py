"""The list of whom no channel reached: who is on it, why, and who is not."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import MailRule, SmsRule
from notifier.app import create_app

from tests.notifier.people import change_contact, make_notice
from tests.notifier.test_preparing import changed
from tests.notifier.world import READER_KEY, World
from tests.support.shared_routes import with_shared_routes


@pytest.fixture
async def reader(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    headers = {"X-Api-Key": READER_KEY}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://n", headers=headers) as client,
    ):
        yield client


async def on_the_list(reader: httpx.AsyncClient, **wanted: Any) -> dict[str, list[tuple[str, str | None]]]:
    """By recipient: (channel, reason) of each try."""
    page = (await reader.get("/v1/messages/unreached", params=wanted)).json()
    assert page["total"] == len(page["items"])
    return {
        each["recipient_id"]: [(why["channel"], why["reason_code"]) for why in each["why"]] for each in page["items"]
    }


async def test_who_was_reached_by_neither_channel_stands_there_with_both_reasons(
    world: World, reader: httpx.AsyncClient
) -> None:
    neither, withdrew, by_one, by_both = (
        make_notice(email=None, phone=None),
        make_notice(),
        make_notice(email=None),
        make_notice(school_name="Trường khác"),
    )
    change_contact(withdrew, is_withheld=True)
    await world.prepare(neither, withdrew, by_one, by_both)
    assert await on_the_list(reader) == {}, "everything may still arrive"
    await world.send_all()
    found = await on_the_list(reader)
    assert {who: sorted(why) for who, why in found.items()} == {
        neither.recipient.id: [("email", "recipient.no_address"), ("sms", "recipient.no_address")],
        withdrew.recipient.id: [("email", "recipient.withdrew"), ("sms", "recipient.withdrew")],
    }
    assert await on_the_list(reader, school_name="Trường khác") == {}
    assert len(await on_the_list(reader, school_name=neither.school_name, commune_code="22615")) == 2


async def test_a_stand_in_takes_a_person_off_the_list_and_its_failure_puts_them_back(
    world: World, reader: httpx.AsyncClient
) -> None:
    notice = make_notice(email=None)
    change_contact(notice, channel=Channel.EMAIL)
    world.sms.script([SmsRule(action="reply", status=400)])
    await world.prepare(notice)
    for channel in (Channel.SMS, Channel.EMAIL):
        await world.sender(channel).send_due()
    assert await on_the_list(reader) == {}, "the other channel goes after all"
    await world.send_all()
    assert await on_the_list(reader) == {
        notice.recipient.id: [("email", "recipient.no_address"), ("sms", "recipient.bad_address")]
    }


async def test_what_a_newer_version_says_instead_is_nobodys_call_any_more(
    world: World, reader: httpx.AsyncClient
) -> None:
    notice = make_notice()
    await world.mail.script([MailRule(action="reply", code=550, times=1)])
    world.sms.script([SmsRule(action="reply", status=400, times=1)])
    await world.prepare(notice)
    await world.send_all()
    assert len(await on_the_list(reader)) == 1
    await world.mail.script([])
    world.sms.script()
    await world.prepare(changed(notice))
    await world.send_all()
    assert await on_the_list(reader) == {}
