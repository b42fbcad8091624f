"""All of today's processes on the databases an earlier release left in the middle of its work: everything goes on.

One stack for the whole file; the tests stand in the order in which an officer would do these things.
"""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from commune_stack.keys import Keys
from commune_stack.places import throwaway_directory, write_private
from commune_stack.stack import Stack

from tests.support.deadlines import until
from tests.support.dumping import dump, found_in
from tests.support.on_demand import fresh_database
from tests.support.publishing import after_a_look
from tests.support.small_campaign import ENDED, UNSENT, SmallCampaign
from tests.system.earlier_release import FACTS, change, read_rows, restore

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

STANDING = """
    select a.volunteer_id::text, a.answer from roster.placement_answers a
    join roster.placements p on p.volunteer_id = a.volunteer_id and p.told_sha256 = a.told_sha256
    join roster.plans l on l.id = p.plan_id and l.campaign_id = a.campaign_id and l.status = 'published'
"""
PLANS, KEYS = FACTS["plans"], FACTS["keys"]
CORRECTED = "sua.lai@vidu.example"
CORRECTED_LATER = "sua.lai.sau@vidu.example"


@dataclass
class Upgraded:
    """Today's stack, and every message as the earlier release had left it."""

    world: SmallCampaign
    before: dict[str, dict[str, Any]]
    moved_to: str
    """The e-mail message whose recipient got another address between the dump and today."""
    answers: dict[str, str]
    """By person, the answers given to what the plan in force tells them."""
    databases: tuple[str, str]
    phones: set[str]
    emails: set[str]
    """Of everybody, as the earlier release had written them."""

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.world.roster.get(path, params=query or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def settled(self, plan_id: str, *, messages: int = 1, source: str = "plan") -> list[dict[str, Any]]:
        """The messages from that side of the plan once none is to be sent any more."""
        items: list[dict[str, Any]] = []

        async def nothing_waits() -> bool:
            items[:] = await self.world.list_messages(source_kind=source, source_id=plan_id) or []
            return len(items) >= messages and not any(item["status"] in UNSENT for item in items)

        await until(nothing_waits)
        return items

    async def mails(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = (
            await self.world.sinks.get(f"{self.world.stack.addresses.mail_page}/messages")
        ).json()
        return found

    async def answers_to(self, plan_id: str) -> dict[str, str | None]:
        """By person placed."""
        listed = (await self.get(f"/v1/plans/{plan_id}/answers", limit=200))["items"]
        return {row["volunteer_id"]: row["answer"] for row in listed}

    def page(self, token: str) -> str:
        return f"{self.world.stack.addresses.roster_api}/a/{token}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def upgraded() -> AsyncIterator[Upgraded]:
    with fresh_database() as roster, fresh_database() as notifier, throwaway_directory() as place:
        await restore(roster, "roster")
        await restore(notifier, "notifier")
        query = "select id::text, plan_id::text, volunteer_id, channel, status, reference from notifier.messages"
        before = {row["id"]: row for row in await read_rows(notifier, query)}
        of_half_sent = [row for row in before.values() if row["plan_id"] == PLANS["half_sent"]]
        moved = next(row for row in of_half_sent if (row["channel"], row["status"]) == ("email", "claimed"))
        statement = "update roster.volunteers set email = $1 where id = $2"
        await change(roster, statement, CORRECTED, moved["volunteer_id"])
        answers = {row["volunteer_id"]: row["answer"] for row in await read_rows(roster, STANDING)}
        query = """
            select phone, email from roster.volunteers union select contact_phone, contact_email from roster.schools
            union select contact_phone, contact_email from roster.communes
        """
        people = [tuple(row.values()) for row in await read_rows(roster, query)]
        phones, emails = ({row[place] for row in people if row[place]} for place in (0, 1))
        kept = replace(Keys(), **{name: KEYS[name] for name in ("admin", "notifier", "link_secret")})
        write_private(place.path / "keys.json", json.dumps(asdict(kept)))
        stack = Stack(place.path, environment={"ROSTER_DATABASE_URL": roster, "NOTIFIER_DATABASE_URL": notifier})
        try:
            await stack.start()
            world = SmallCampaign(stack)
            yield Upgraded(world, before, moved["id"], answers, (roster, notifier), phones, emails)
            await world.close()
        finally:
            await stack.stop()


async def test_what_was_still_to_be_sent_is_sent_once_to_the_contact_of_now_and_nothing_else_is(
    upgraded: Upgraded,
) -> None:
    messages = await upgraded.settled(PLANS["half_sent"])
    arrived = await upgraded.world.arrived()
    wanted = Counter(
        {row["reference"]: 1 for row in upgraded.before.values() if row["status"] in ("pending", "claimed")}
    )
    assert wanted
    assert {row["reference"] for row in upgraded.before.values()} & arrived.keys() == wanted.keys()
    assert all(arrived[reference] == 1 for reference in wanted)
    status = {message["id"]: message["status"] for message in messages}
    in_hand = [row["id"] for row in upgraded.before.values() if (row["channel"], row["status"]) == ("email", "sending")]
    assert [status[message_id] for message_id in in_hand] == ["unknown"], "nobody knows whether that one arrived"
    addresses = {mail["Message-ID"].strip("<>"): mail["Delivered-To"] for mail in await upgraded.mails()}
    assert addresses[upgraded.before[upgraded.moved_to]["reference"]] == CORRECTED


async def test_a_published_plan_that_nobody_had_prepared_is_told_to_everyone_once(upgraded: Upgraded) -> None:
    people = (await upgraded.get(f"/v1/plans/{PLANS['not_prepared']}"))["counts"]["people_placed"]
    messages = await upgraded.settled(PLANS["not_prepared"], messages=2 * people)
    arrived = await upgraded.world.arrived()
    assert len(messages) == 2 * people
    assert {message["reason_code"] for message in messages if message["status"] == "failed"} == {"recipient.no_address"}
    sent = [message for message in messages if message["status"] != "failed"]
    assert all(arrived[message["reference"]] == 1 for message in sent)


async def test_a_run_that_nobody_had_taken_is_solved(upgraded: Upgraded) -> None:
    run = await upgraded.world.wait_for_run(FACTS["waiting_run"])
    assert run["status"] in ENDED
    assert run["status"] == "succeeded", run["failure"]


async def test_keys_of_people_open_as_before_and_those_of_services_do_not(upgraded: Upgraded) -> None:
    async def ask(key: str) -> int:
        return (await upgraded.world.roster.get("/v1/campaigns", headers={"X-Api-Key": key})).status_code

    answers = {name: await ask(key) for name, key in KEYS["made"].items()}
    refused = {"service", "service_of_a_province", "revoked"}
    assert answers == {name: 401 if name in refused else 200 for name in KEYS["made"]}
    assert await ask(KEYS["service"]) == 401
    assert await ask(KEYS["admin"]) == 200


async def test_personal_links_open_and_answers_stand_and_can_be_given(upgraded: Upgraded) -> None:
    plan = await upgraded.get(f"/v1/plans/{PLANS['in_force']}")
    assert (plan["status"], plan["version"]) == ("published", 2)
    async with httpx.AsyncClient(timeout=30) as browser:
        pages = {person: await browser.get(upgraded.page(token)) for person, token in FACTS["links"].items()}
        assert {page.status_code for page in pages.values()} == {200}
        now = await upgraded.answers_to(plan["id"])
        assert {person: answer for person, answer in now.items() if answer} == upgraded.answers
        assert "confirmed" in upgraded.answers.values()
        silent = next(person for person, answer in now.items() if answer is None and person in pages)
        told = re.findall(r'name="told" value="([^"]+)"', pages[silent].text)[0]
        link = upgraded.page(FACTS["links"][silent])
        answered = await browser.post(link, data={"answer": "confirmed", "told": told}, follow_redirects=True)
        assert answered.status_code == 200
    assert (await upgraded.answers_to(plan["id"]))[silent] == "confirmed"


async def test_what_was_refused_is_sent_again_once_to_the_corrected_address(upgraded: Upgraded) -> None:
    refused = upgraded.before[FACTS["refused"]]
    person = f"/v1/volunteers/{refused['volunteer_id']}"
    etag = (await upgraded.world.roster.get(person)).headers["ETag"]
    headers = {"If-Match": etag}
    assert (
        await upgraded.world.roster.patch(person, json={"email": CORRECTED_LATER}, headers=headers)
    ).status_code == 200
    path, body = f"/v1/messages/{refused['id']}/resend", {"reason": "đã sửa địa chỉ"}

    async def resend(key: str) -> httpx.Response:
        headers = {"X-Api-Key": KEYS["admin"], "Idempotency-Key": key}
        return await upgraded.world.notifier.post(path, json=body, headers=headers)

    repeated = await resend("old-resend")
    assert (repeated.status_code, repeated.json()["id"]) == (200, refused["id"]), "as the earlier release had answered"
    assert (await resend("new-resend")).status_code == 200
    await upgraded.settled(PLANS["superseded"])
    arrived = [mail for mail in await upgraded.mails() if mail["Delivered-To"] == CORRECTED_LATER]
    assert len(arrived) == 1


@pytest.mark.parametrize(("name", "version"), [("approved", 3), ("draft", 4)])
async def test_what_was_approved_or_drafted_is_published_and_tells_those_concerned(
    upgraded: Upgraded, name: str, version: int
) -> None:
    plan_id, before = PLANS[name], await upgraded.world.arrived()
    assert (await upgraded.get(f"/v1/plans/{plan_id}"))["version"] is None
    changes = await upgraded.get(f"/v1/plans/{plan_id}/changes")
    body = after_a_look(changes)
    said = await upgraded.answers_to(body["base_plan_id"])
    base = {"base_plan_id": body["base_plan_id"]}
    await upgraded.world.post(f"/v1/plans/{plan_id}/approve", base)
    plan = await upgraded.world.post(f"/v1/plans/{plan_id}/publish", body)
    assert plan["version"] == version
    assert changes["people"], "somebody is concerned"
    messages = await upgraded.settled(plan_id, messages=2 * len(changes["people"]))
    reserves = await upgraded.settled(plan_id, messages=len(changes["reserve"]), source="reserve")
    arrived = await upgraded.world.arrived() - before
    concerned = {person["volunteer_id"] for person in changes["people"]}
    assert concerned <= {message["volunteer_id"] for message in messages}
    sent = [message for message in [*messages, *reserves] if message["status"] in ("sent", "delivered")]
    assert arrived == Counter(message["reference"] for message in sent)
    now = await upgraded.answers_to(plan_id)
    standing = {person: answer for person, answer in said.items() if person in now and person not in concerned}
    assert "confirmed" in standing.values()
    assert {person: now[person] for person in standing} == standing


async def test_neither_database_holds_a_phone_or_an_address_in_clear_any_more(upgraded: Upgraded) -> None:
    everyone = {"phones": upgraded.phones, "emails": upgraded.emails | {CORRECTED, CORRECTED_LATER}}
    assert len(upgraded.phones) > 10 < len(upgraded.emails)
    for url in upgraded.databases:
        assert found_in(await dump(url), **everyone) == []
