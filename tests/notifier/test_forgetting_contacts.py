"""Whom an office named is taken out of what others were and are still to be told; what the office said stays."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from commune_schemas.notices import Channel, PersonNotice
from commune_schemas.placement_details import Contact
from commune_schemas.words import local_phone
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway
from notifier.forget import forget_person
from notifier.outbound import open_notice
from notifier.wording import VACANT

from tests.notifier.people import make_notice
from tests.notifier.world import World, notifier_world


@pytest.fixture
async def world(notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway) -> AsyncIterator[World]:
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


def assert_said_without(world: World, contact: Contact) -> None:
    (mail,), (text,) = world.mail.messages, world.sms.texts
    body = mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert "Liên hệ ở trường: (đầu mối đang thay đổi)" in said
    for words in (said, text.text):
        assert contact.name not in words
        assert local_phone(contact.phone) not in words


async def test_a_contact_leaves_what_people_are_to_be_told_at_once_and_they_are_told_all_the_rest(world: World) -> None:
    notice = make_notice()
    assert notice.placement is not None
    contact = notice.placement.school_contact
    await world.prepare(notice)
    request_id = uuid4()
    ended: list[int] = []
    task: dict[str, object] = {
        "request_id": str(request_id), "volunteer_id": None, "answer_ids": [], "occasion_ids": [],
        "recipient": {"kind": "school", "id": str(uuid4())}, "contact": contact.model_dump(mode="json"),
    }  # fmt: skip

    async def get(request_id: str) -> dict[str, object]:
        return task

    async def done(body: dict[str, int]) -> None:
        ended.append(body["messages"])

    world.roster.app.get("/v1/internal/erasures/{request_id}")(get)
    world.roster.app.post("/v1/internal/erasures/{request_id}/done", status_code=204)(done)
    for _ in range(2):
        await forget_person(request_id=request_id, roster=world.client, sessions=world.sessions)
    assert ended == [len(Channel), 0]
    await world.send_all()
    assert_said_without(world, contact)
    for row in await world.rows():
        kept = open_notice(row["id"], row["notice_sealed"])
        assert isinstance(kept, PersonNotice)
        assert kept.placement is not None
        assert (kept.placement.school_contact.name, kept.placement.school_contact.phone) == (VACANT.name, "")
        assert kept.placement.commune_contact == notice.placement.commune_contact, "another office's stays"
        assert kept.full_name == notice.full_name
    (entry,) = await world.rows("select * from notifier.audit_entries")
    assert (entry["subjects"][-1], entry["details"]) == (str(request_id), {"messages": len(Channel)})
