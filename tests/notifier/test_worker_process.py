"""The real `notifier worker`: killed, paused, without Valkey. Nothing lost or doubled, nobody named in logs."""

import ast
import asyncio
import signal
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import notifier
from arq.connections import create_pool
from commune_schemas.jobs import NOTICES_QUEUE, PREPARE_NOTICES, deserialize_job, serialize_job
from commune_schemas.notices import Channel
from commune_stack.faults import MailRule, ReceiptRule, SmsRule
from commune_stack.mail_sink import MailSink
from commune_stack.places import throwaway_directory
from commune_stack.sms_gateway import SmsGateway
from commune_stack.supervisor import supervised
from commune_stack.valkey import Valkey
from notifier.app import create_app
from notifier.worker import redis_settings

from tests.notifier.people import CONTACTS, change_contact, make_notice
from tests.notifier.test_daily import remind
from tests.notifier.world import ADMIN_KEY, World, notifier_world, worker_process
from tests.support.deadlines import until
from tests.support.shared_routes import with_shared_routes

SENT_OR_TOMORROW = {("sent", None), ("pending", "digest.tomorrow")}
ONE_EACH = {"smtp_connections": 1, "sms_connections": 1}


def arrived(world: World) -> Counter[str]:
    """How often each reference came to the sinks."""
    mails = [str(mail["Message-ID"]).strip("<>") for mail in world.mail.messages]
    return Counter(mails + [text.reference for text in world.sms.texts])


async def references(world: World, status: str) -> set[str]:
    return {row["reference"] for row in await world.rows() if row["status"] == status}


async def is_settled(world: World) -> bool:
    """Everything is sent, but for mail of which nobody knows whether it arrived."""
    rows = await world.rows()
    return all(row["status"] == "sent" or (row["channel"], row["status"]) == ("email", "unknown") for row in rows)


async def test_killed_in_the_middle_of_handing_over_it_loses_nothing_and_doubles_nothing(
    world: World, tmp_path: Path
) -> None:
    people = [make_notice(phone=f"+8490000000{number}") for number in range(4)]
    await world.prepare(*people)
    await world.mail.script([MailRule(action="hang", seconds=60, times=1)])
    taken_unanswered = ReceiptRule(match="0$", before_reply=True, delay_seconds=60)
    world.sms.script([SmsRule(action="hang", match="[12]$", seconds=60, times=1)], receipts=[taken_unanswered])

    async with worker_process(world, log=tmp_path / "log", notifier_send_seconds=90) as process:

        def both_hand_over() -> bool:
            return world.mail.rules[0].times == 0 and (world.sms.rules[0].times == 0 or len(world.sms.texts) > 0)

        await until(both_hand_over)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert "claimed" in await world.statuses()
    in_hand = await references(world, "sending")
    await world.mail.script([])
    world.sms.script()

    async with worker_process(world, log=tmp_path / "log"):
        await until(lambda: is_settled(world))
        unknown = await references(world, "unknown")
        assert len(unknown) == 1
        assert unknown <= in_hand
        assert arrived(world) == dict.fromkeys(await references(world, "sent"), 1)

        await ask_to_resend(
            world, (await world.rows("select id from notifier.messages where status = 'unknown'"))[0]["id"]
        )

        async def all_sent() -> bool:
            return await world.statuses() == ["sent"] * 8

        await until(all_sent)
    assert arrived(world) == dict.fromkeys(await references(world, "sent"), 1)


async def ask_to_resend(world: World, message_id: UUID) -> None:
    app = with_shared_routes(create_app(world.settings))
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://n") as api:
        path, body = f"/v1/messages/{message_id}/resend", {"reason": "asked by the school"}
        assert (await api.post(path, json=body, headers={"X-Api-Key": ADMIN_KEY})).status_code == 200


async def test_killed_in_the_middle_of_what_is_sent_again_to_a_corrected_number_it_arrives_there_once(
    world: World, tmp_path: Path
) -> None:
    notice = make_notice(phone="+84950000111", email=None)
    await world.prepare(notice)
    await world.send_all()
    change_contact(notice, phone="+84950000222")
    message = await world.message(Channel.SMS)
    await ask_to_resend(world, message["id"])
    world.sms.script([], receipts=[ReceiptRule(before_reply=True, delay_seconds=60)])  # taken, and not answered
    async with worker_process(world, log=tmp_path / "log", notifier_send_seconds=90) as process:
        await until(lambda: len(world.sms.texts) == 2)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert (await world.message(Channel.SMS))["status"] == "sending"
    world.sms.script()

    async with worker_process(world, log=tmp_path / "log"):

        async def sent() -> bool:
            return await world.statuses(Channel.SMS) == ["sent"]

        await until(sent)
    assert [sent.to for sent in world.sms.texts] == ["+84950000111", "+84950000222"]
    again = await world.message(Channel.SMS)
    assert again["reference"] == world.sms.texts[1].reference != message["reference"]


async def test_killed_in_the_middle_of_a_days_mail_all_that_was_in_it_is_in_doubt_and_nothing_goes_twice(
    world: World, tmp_path: Path
) -> None:
    for commune in ("Xã Một", "Xã Hai"):
        await world.prepare(remind(commune))
    await world.mail.script([MailRule(action="hang", seconds=60, times=1)])
    async with worker_process(world, log=tmp_path / "log", notifier_send_seconds=90) as process:
        await until(lambda: world.mail.rules[0].times == 0)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await world.mail.script([])
    async with worker_process(world, log=tmp_path / "log"):

        async def in_doubt() -> bool:
            return await world.statuses(Channel.EMAIL) == ["unknown", "unknown"]

        await until(in_doubt)
        for row in await world.rows("select id from notifier.messages where status = 'unknown' order by id"):
            await ask_to_resend(world, row["id"])

        async def none_waits_for_today() -> bool:
            rows = await world.rows("select status, reason_code from notifier.messages where channel = 'email'")
            return all((row["status"], row["reason_code"]) in SENT_OR_TOMORROW for row in rows)

        await until(none_waits_for_today)
    read = [mail.get_body(("plain",)).get_content() for mail in world.mail.messages]  # type: ignore[union-attr]
    counts = {commune: sum(commune in text for text in read) for commune in ("Xã Một", "Xã Hai")}
    assert len(await world.rows("select 1 from notifier.messages where status = 'sent'")) == sum(counts.values()) >= 1
    assert max(counts.values()) == 1


async def test_a_worker_paused_and_overtaken_writes_and_sends_nothing_more(world: World, tmp_path: Path) -> None:
    await world.prepare(*(make_notice(phone=None) for _ in range(3)))
    await world.mail.script([MailRule(action="hang", seconds=60, times=1)])
    async with worker_process(world, log=tmp_path / "zombie", notifier_send_seconds=90, **ONE_EACH) as zombie:
        await until(lambda: world.mail.rules[0].times == 0)  # handed over, not answered
        zombie.send_signal(signal.SIGSTOP)
        async with worker_process(world, log=tmp_path / "other"):

            async def others_done() -> bool:
                texts = set(await world.statuses(Channel.SMS))
                return sorted(await world.statuses(Channel.EMAIL)) == ["sent", "sent", "unknown"] and texts == {
                    "failed"
                }

            await until(others_done)
            before = await world.rows("select * from notifier.messages order by id")
            await world.mail.script([MailRule(action="refuse")])  # cuts the zombie's connection: it has an answer
            await world.mail.script([])
            zombie.send_signal(signal.SIGCONT)
            await until(lambda: "message.fenced_off" in (tmp_path / "zombie").read_text())
            assert await world.rows("select * from notifier.messages order by id") == before
            assert set(arrived(world).values()) == {1}


async def test_it_outlives_valkey_and_its_logs_name_nobody(
    notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway, tmp_path: Path
) -> None:
    with throwaway_directory() as place:
        valkey = Valkey(place.path / "valkey")
        valkey.prepare()
        async with (
            supervised(place.path, [valkey.program()]) as running,
            notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway, redis_url=valkey.url()) as world,
        ):
            log = tmp_path / "log"
            await smtp_sink.script([MailRule(action="reply", code=451, times=2)])
            sms_gateway.script([SmsRule(action="lose_reply", times=1)])
            first, second = make_notice(), make_notice(plan_id=uuid4(), email="nobody at all")
            broken = make_notice(plan_id=uuid4())
            async with worker_process(world, log=log) as process:
                await enqueue(world, world.roster.publish(first))
                await until(lambda: len(smtp_sink.files) == len(sms_gateway.texts) == 1)
                running["valkey"].kill()
                await running.wait_ready()
                world.roster.publish(broken.model_copy(update={"calendar_sequence": -1}))
                await enqueue(world, broken.source.id)
                await enqueue(world, world.roster.publish(second))
                await until(lambda: len(sms_gateway.texts) == 2)
                await until(lambda: "notices.fault" in log.read_text())
                assert process.returncode is None
                process.terminate()
                assert await asyncio.wait_for(process.wait(), 20) == 0
            written = log.read_text()
            for person in (first, second, broken):
                assert person.placement is not None
                reached = CONTACTS[person.recipient.id]
                private = (person.full_name, reached.phone, reached.email, reached.personal_url)
                contact = (person.placement.commune_contact.name, person.placement.office_address)
                assert [words for words in (*private, *contact) if words and words in written] == []
            assert "message.settled" in written


async def enqueue(world: World, plan_id: UUID) -> None:
    pool = await create_pool(
        redis_settings(world.relays_redis_url),
        job_serializer=serialize_job,
        job_deserializer=deserialize_job,
        default_queue_name=NOTICES_QUEUE,
    )
    await pool.enqueue_job(PREPARE_NOTICES, outbox_id=str(uuid4()), source_kind="plan", source_id=str(plan_id))
    await pool.aclose(close_connection_pool=True)


def test_only_the_worker_knows_arq() -> None:
    root = Path(notifier.__file__).parent
    knowing = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in {"arq", "redis"} for name in names):
                knowing.add(path.relative_to(root).as_posix())
    assert knowing == {"worker.py"}
