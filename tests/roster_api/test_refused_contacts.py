"""An address that was refused for good before counts as none: before publishing, in its numbers, and when it is sent
again. The notifier knows, and is asked; where it does not answer, that is said and nothing else changes.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from commune_stack.faults import MailRule, SmsRule
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway
from notifier.bounces import take_mail
from roster_api.volunteers.models import Volunteer
from structlog.testing import capture_logs

from tests.notifier.bounced_mails import complaint, status_notification
from tests.notifier.people import make_notice
from tests.roster_api.message_desk import MessageDesk, message_desk
from tests.support.publishing import after_a_look
from tests.support.refusals import check_refusal

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def desk(
    roster_database_url: str, notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway
) -> AsyncIterator[MessageDesk]:
    async with message_desk(roster_database_url, notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


async def changes_of(desk: MessageDesk, plan_id: str) -> dict[str, Any]:
    answer = await desk.world.as_("admin").get(f"/v1/plans/{plan_id}/changes")
    changes: dict[str, Any] = answer.json()
    return changes


async def tell(desk: MessageDesk, number: int, *, mail: int | None = None, sms: int | None = None) -> UUID:
    """A message of another plan to this person's own contacts; what mail server and gateway answer. Its plan."""
    plan, person = uuid4(), desk.world.volunteer_ids[number]
    async with desk.world.session() as session:
        row = await session.get_one(Volunteer, person)
        notice = make_notice(
            plan_id=plan, volunteer_id=person, email=row.email, phone=row.phone, calendar_uid=str(plan)
        )
    await desk.notifier.mail.script([MailRule(action="reply", code=mail)] if mail else [])
    desk.notifier.sms.script([SmsRule(action="reply", status=sms)] if sms else [])
    await desk.notifier.prepare(notice)
    await desk.notifier.send_all()
    await desk.notifier.mail.script([])
    desk.notifier.sms.script([])
    return plan


async def let_come_back(desk: MessageDesk, number: int, write: Any) -> None:
    """A mail to this person's own address."""
    plan, address = await tell(desk, number), f"person{number}@example.vn"
    query = "select reference from notifier.messages where channel = 'email' and source_id = :plan"
    (row,) = await desk.notifier.rows(query, plan=plan)
    async with desk.notifier.sessions.begin() as session:
        assert await take_mail(session, write(row["reference"], address=address)) in {"returned", "complaint"}


async def correct(desk: MessageDesk, number: int, **contact: str | None) -> None:
    async with desk.world.session() as session:
        row = await session.get_one(Volunteer, desk.world.volunteer_ids[number])
        for name, value in contact.items():
            setattr(row, name, value)


def reasons(desk: MessageDesk, changes: dict[str, Any]) -> dict[int, dict[str, str]]:
    """By the person's number: the reason of each channel that does not reach them."""
    ids = [str(person) for person in desk.world.volunteer_ids]
    return {
        ids.index(each["volunteer_id"]): {why["channel"]: why["reason"] for why in each["why"]}
        for each in changes["unreached"]
    }


async def test_who_was_refused_for_good_by_any_channel_is_unreachable_before_publishing(desk: MessageDesk) -> None:
    """Mail that came back, a complaint, a refusal by the mail server, and a number that the gateway refused."""
    await correct(desk, 0, phone=None)
    await let_come_back(desk, 0, status_notification)
    await tell(desk, 1, mail=550, sms=422)
    await let_come_back(desk, 3, complaint)
    plan_id, admin = await desk.world.make_plan(PLACES), desk.world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve")
    changes = await changes_of(desk, plan_id)
    assert reasons(desk, changes) == {
        0: {"email": "dead_address", "sms": "missing"},
        1: {"email": "refused", "sms": "refused"},
        3: {"email": "complaint"},
    }
    counted = {name: changes["confirm"][name] for name in ("people", "messages", "unreachable", "sms")}
    assert counted == {"people": 3, "messages": 3, "unreachable": 2, "sms": 2}, "a refused contact is tried once more"
    assert changes["is_notifier_asked"] is True
    words = {each["volunteer_id"]: (each["vi"], each["en"]) for each in changes["unreached"]}
    vi, en = words[str(desk.world.volunteer_ids[0])]
    assert "đã bị trả lại vì địa chỉ không tồn tại" in vi
    assert ", không có số di động: sẽ không nhận được gì." in vi
    assert "no mobile: would get nothing." in en
    refused = check_refusal(await admin.post(f"/v1/plans/{plan_id}/publish"), 409, "plan.confirm")
    assert refused["facts"] == {"confirm": changes["confirm"], "is_notifier_asked": True}
    ids = desk.world.volunteer_ids
    assert {error["pointer"]: error["code"] for error in refused["errors"]} == {
        f"volunteer:{ids[0]}": "volunteer.unreachable",
        f"volunteer:{ids[1]}": "volunteer.unreachable",
        f"volunteer:{ids[3]}": "volunteer.no_email",
    }
    published = await admin.post(f"/v1/plans/{plan_id}/publish", json=after_a_look(changes))
    assert (published.status_code, published.json()["is_notifier_asked"]) == (200, True)


async def test_a_refusal_between_the_look_and_publishing_is_counted(desk: MessageDesk) -> None:
    plan_id, admin = await desk.world.make_plan(PLACES), desk.world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve")
    seen = after_a_look(await changes_of(desk, plan_id))
    assert seen["confirm"]["unreachable"] == 0
    await tell(desk, 1, mail=550, sms=400)
    run_id = (await admin.get(f"/v1/plans/{plan_id}")).json()["run_id"]
    for path in (f"/v1/plans/{plan_id}/publish", f"/v1/matching-runs/{run_id}/publish"):
        refused = check_refusal(await admin.post(path, json=seen), 409, "plan.confirm")
        assert refused["facts"]["confirm"]["unreachable"] == 1


async def test_a_corrected_a_released_and_a_later_reached_contact_count_as_good_again(desk: MessageDesk) -> None:
    await tell(desk, 0, mail=550)
    await tell(desk, 1, mail=550)
    await let_come_back(desk, 3, status_notification)
    plan_id = await desk.world.make_plan(PLACES)
    assert set(reasons(desk, await changes_of(desk, plan_id))) == {0, 1, 3}
    await correct(desk, 0, email="moi@example.vn")
    await tell(desk, 1)
    (row,) = (await desk.ask("an", "GET", "/v1/suppressions")).json()["items"]
    await desk.ask("an", "POST", f"/v1/suppressions/{row['id']}/release", {"reason": "Trường đã mở lại hộp thư"})
    changes = await changes_of(desk, plan_id)
    assert (changes["unreached"], changes["confirm"]["messages"]) == ([], 6)


async def test_an_address_written_in_other_letters_is_the_one_that_came_back(desk: MessageDesk) -> None:
    await correct(desk, 3, email="Person3@Example.VN")
    await let_come_back(desk, 3, status_notification)
    changes = await changes_of(desk, await desk.world.make_plan(PLACES))
    assert reasons(desk, changes) == {3: {"email": "dead_address"}}


def cut_off(desk: MessageDesk) -> None:
    """Nobody answers where the notifier was."""
    state = desk.world.app.state
    state.settings = state.settings.model_copy(update={"notifier_url": "http://127.0.0.1:1"})


async def test_without_the_notifier_publishing_goes_on_and_says_that_it_could_not_ask(desk: MessageDesk) -> None:
    await correct(desk, 0, phone=None)
    await tell(desk, 0, mail=550)
    plan_id, admin = await desk.world.make_plan(PLACES), desk.world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve")
    seen = await changes_of(desk, plan_id)
    assert seen["confirm"]["unreachable"] == 1
    state = desk.world.app.state
    state.settings = state.settings.model_copy(update={"notifier_url": "http://127.0.0.1:1"})
    refused = check_refusal(
        await admin.post(f"/v1/plans/{plan_id}/publish", json=after_a_look(seen)), 409, "plan.confirm"
    )
    assert "Bộ gửi tin chưa trả lời" in refused["detail_vi"]
    assert "The notifier does not answer" in refused["detail"]
    unasked = await changes_of(desk, plan_id)
    assert (unasked["is_notifier_asked"], unasked["confirm"]["unreachable"]) == (False, 0)
    published = await admin.post(f"/v1/plans/{plan_id}/publish", json=after_a_look(unasked))
    assert (published.status_code, published.json()["is_notifier_asked"]) == (200, False)
    assert (await admin.get(f"/v1/plans/{plan_id}")).json()["is_notifier_asked"] is False


async def test_a_plan_changed_by_hand_counts_refusals_of_who_comes_and_who_was_there(desk: MessageDesk) -> None:
    await tell(desk, 1, mail=550, sms=422)
    await desk.world.make_published(PLACES)
    plan_id = await desk.world.make_plan(((0, "C1", (0,)), (3, "C2", (2,))))
    changes = await changes_of(desk, plan_id)
    assert reasons(desk, changes) == {1: {"email": "refused", "sms": "refused"}}, "who is taken off is told, too"
    assert changes["confirm"]["unreachable"] == 1


async def test_who_withdrew_the_consent_to_messages_is_unreachable(desk: MessageDesk) -> None:
    path = f"/v1/volunteers/{desk.world.volunteer_ids[0]}/consents"
    said = {"purpose": "messages", "is_given": False, "channel": "paper", "text_version": "messages-2026-11"}
    plan_id = await desk.world.make_plan(PLACES)
    answer = await desk.world.as_("s1").post(path, json=said | {"proof": "phiếu 12/2026"})
    assert answer.status_code == 200, answer.text
    changes = await changes_of(desk, plan_id)
    assert reasons(desk, changes) == {0: {"email": "withdrew", "sms": "withdrew"}}
    assert (changes["confirm"]["unreachable"], changes["confirm"]["messages"]) == (1, 4)


async def test_no_address_that_is_asked_about_stands_in_a_log(desk: MessageDesk) -> None:
    await tell(desk, 0, mail=550)
    plan_id = await desk.world.make_plan(PLACES)
    with capture_logs() as logged:
        await changes_of(desk, plan_id)
        cut_off(desk)
        await changes_of(desk, plan_id)
    assert "contacts.refusals_not_asked" in {entry["event"] for entry in logged}
    assert [word for word in ("person0@", "8495000010") if word in str(logged)] == []


async def test_who_was_never_reached_is_counted_and_named_before_they_are_told_again(desk: MessageDesk) -> None:
    """The placement stays, so the officer sees no change of it; all the same messages go out, and cost money."""
    first = await desk.world.make_published(PLACES)
    assert await desk.prepare(first) == 6
    await desk.notifier.mail.script([MailRule(action="reply", code=550, times=1)])
    await desk.notifier.send_all()
    (failed,) = await desk.notifier.rows("select recipient_id from notifier.messages where status = 'failed'")
    plan_id, admin = await desk.world.make_plan((*PLACES, (4, "C2", (4,)))), desk.world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve", json={"base_plan_id": first})
    changes = await changes_of(desk, plan_id)
    assert [(each["volunteer_id"], each["channels"]) for each in changes["again"]] == [
        (failed["recipient_id"], ["email"])
    ]
    counted = {name: changes["confirm"][name] for name in ("people", "messages", "sms")}
    assert counted == {"people": 2, "messages": 3, "sms": 1}
    published = await admin.post(f"/v1/plans/{plan_id}/publish", json=after_a_look(changes))
    assert published.status_code == 200, published.text
    assert await desk.prepare(plan_id) == counted["messages"], "what was confirmed is what is made"


async def test_who_is_about_to_be_told_and_who_lacks_the_channel_are_not_told_again(desk: MessageDesk) -> None:
    await correct(desk, 0, email=None)
    await desk.prepare(await desk.world.make_published(PLACES))
    plan_id = await desk.world.make_plan(PLACES)
    assert (await changes_of(desk, plan_id))["again"] == [], "all of it still waits"
    await desk.notifier.send_all()
    changes = await changes_of(desk, plan_id)
    assert (changes["again"], changes["confirm"]["messages"]) == ([], 0)


async def test_who_was_reached_by_nothing_and_still_cannot_be_is_named_unreachable(desk: MessageDesk) -> None:
    await desk.prepare(await desk.world.make_published(((0, "C1", (0, 1)),)))
    await desk.notifier.mail.script([MailRule(action="reply", code=550, times=1)])
    desk.notifier.sms.script([SmsRule(action="reply", status=422, times=1)])
    await desk.notifier.send_all()
    changes = await changes_of(desk, await desk.world.make_plan(((0, "C1", (0, 1)),)))
    assert [each["channels"] for each in changes["again"]] == [["email", "sms"]]
    assert (changes["confirm"]["messages"], changes["confirm"]["unreachable"]) == (2, 1)
    assert reasons(desk, changes) == {0: {"email": "refused", "sms": "refused"}}


async def test_who_was_told_nothing_and_has_no_contact_at_all_is_named_each_time(desk: MessageDesk) -> None:
    await correct(desk, 0, email=None, phone=None)
    await desk.prepare(await desk.world.make_published(PLACES))
    await desk.notifier.send_all()
    changes = await changes_of(desk, await desk.world.make_plan(PLACES))
    assert [each["channels"] for each in changes["again"]] == [[]]
    assert (changes["confirm"]["messages"], changes["confirm"]["unreachable"]) == (0, 1)
    assert reasons(desk, changes) == {0: {"email": "missing", "sms": "missing"}}
