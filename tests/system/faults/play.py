"""One seed, from an empty machine to the evidence: a stack of its own, the story, the office, the strikes."""

import asyncio
import json
import random
import shutil
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from commune_demo import case
from commune_demo.sinks import read_inbox
from commune_stack.places import throwaway_directory
from commune_stack.programs import NotReadyError
from commune_stack.stack import Stack

from tests.support.careful_client import CarefulClient
from tests.support.deadlines import until
from tests.support.small_campaign import SmallCampaign
from tests.system.faults.clerk import Clerk
from tests.system.faults.evidence import Arrival, Evidence
from tests.system.faults.gates import GatedStack
from tests.system.faults.nemesis import Nemesis, read_files
from tests.system.faults.progress import Progress
from tests.system.faults.schedule import Schedule
from tests.system.faults.story import Story

SCHOOLS = ("DHKH", "DHNT", "DHTBD", "CDYT", "CDDL", "HVHQ", "TSQTT", "PHNL")
COMMUNES = 30
LOST_ANSWERS = 0.1
SETTLED_WITHIN_SECONDS = 480
READY_WITHIN_SECONDS = 30
SEEDED = frozenset(item for person in case.people() for item in (person.full_name, person.email, person.phone[3:]))
"""What no log may hold. Numbers without their prefix: +84 or 0."""


class Stage:
    """Everything of one run, made and cleared away together."""

    def __init__(self, stack: GatedStack, schedule: Schedule, *, others: int) -> None:
        chance = random.Random(schedule.seed)
        self.stack = stack
        self.schedule = schedule
        self.progress = Progress()
        self.campaign = SmallCampaign(stack, schools=SCHOOLS, communes=COMMUNES)
        self.office = CarefulClient(stack.addresses.roster_api, stack.keys.admin)
        self.office.history = self.campaign.officer.history
        for client in (self.office, self.campaign.officer):
            client.loses = lambda: chance.random() < LOST_ANSWERS
        self.clerk = Clerk(self.office, seed=schedule.seed, folder=stack.directory / "office")
        self.story = Story(self.campaign, self.progress, others=others)
        self.nemesis = Nemesis(stack, schedule, self.progress, rush=self.clerk.rush)

    async def close(self) -> None:
        await self.office.close()
        await self.campaign.close()
        await self.nemesis.close()


async def play(schedule: Schedule, *, kept: Path, others: int) -> Evidence:
    """What came of it. `kept` gets the logs and the diary, however it ends, and the notifier's word of its messages.

    `others`: how many other campaigns are told of, too, for the number of messages.
    """
    with throwaway_directory() as place:
        stack = GatedStack(place.path, environment={}, matching_workers=2, notifier_workers=2)
        stage = Stage(stack, schedule, others=others)
        try:
            await stack.start()
            await stage.campaign.prepare(place.path / "rosters")
            await perform(stage)
            evidence = await collect(stage)
            stage.nemesis.note(summarize(evidence))
            (kept / "messages.json").write_text(json.dumps(evidence.messages, indent=1))
            return evidence
        finally:
            await stage.close()
            await stack.stop()
            shutil.copytree(stack.supervisor.logs, kept / "logs")
            (kept / "diary.txt").write_text("\n".join([str(schedule), *stage.nemesis.diary, ""]))


async def perform(stage: Stage) -> None:
    """Until the story is told, every strike is over, and every message has come to its end."""
    campaign_id = await stage.campaign.open_campaign()
    office_closes = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stage.clerk.work(office_closes))
        counting = tasks.create_task(count_arrivals(stage))
        strikes = tasks.create_task(stage.nemesis.run())
        await stage.story.play(campaign_id)
        stage.nemesis.note("the story is told")
        await strikes
        office_closes.set()
        counting.cancel()
    stage.nemesis.note("the strikes are over")
    await settle(stage)


async def count_arrivals(stage: Stage) -> None:
    """How many messages have arrived, told by the sinks' files, for ever."""
    inbox, sms_log = stage.stack.inbox, stage.stack.sms_log
    while True:
        mails = sum(path.suffix == ".eml" for path in inbox.iterdir()) if inbox.exists() else 0
        texts = sms_log.read_bytes().count(b"\n") if sms_log.exists() else 0
        stage.progress.count_arrivals(mails + texts)
        await asyncio.sleep(0.05)


async def settle(stage: Stage) -> None:
    """Until nothing waits to be sent and every text has its receipt. If that takes too long, the verdict says what."""

    async def is_settled() -> bool:
        messages = await stage.campaign.list_messages()
        if messages is None or len(messages) < 2 * sum(len(plan.told) for plan in stage.story.published):
            return False
        ends = {"email": {"sent", "unknown", "cancelled", "failed"}, "sms": {"delivered", "cancelled", "failed"}}
        delivered = sum(message["channel"] == "sms" and message["status"] == "delivered" for message in messages)
        texts = await list_texts(stage)
        rows = {message["id"]: message for message in messages}
        corrected = [(rows[each.message_id], each) for each in stage.story.corrections]
        again = sum(row["reference"] != each.reference for row, each in corrected)
        closed = sum(row["reference"] == each.reference and row["superseded_at"] is not None for row, each in corrected)
        if again + closed < len(corrected):
            return False
        return len(texts) == delivered + again and all(m["status"] in ends[m["channel"]] for m in messages)

    try:
        await until(is_settled, seconds=SETTLED_WITHIN_SECONDS)
        stage.nemesis.note("every message has come to its end")
    except AssertionError:
        stage.nemesis.note(f"not every message came to its end in {SETTLED_WITHIN_SECONDS} s")


async def collect(stage: Stage) -> Evidence:
    stack, story, nemesis = stage.stack, stage.story, stage.nemesis
    processes = stack.supervisor.processes
    unready = [name for name in processes if not await is_ready(stack, name)]
    history = stage.campaign.officer.history

    async def read(path: str) -> Any:
        return await stage.campaign.read(stage.campaign.roster, path)

    return Evidence(
        history=history,
        published=tuple(story.published),
        people=story.people,
        corrections=tuple(story.corrections),
        arrivals=(*list_mails(stage), *await list_texts(stage)),
        messages=tuple(await stage.campaign.list_messages() or []),
        read_back={path: await read(path) for path in history.acknowledged},
        runs=tuple([await stage.campaign.officer.get(f"/v1/matching-runs/{run_id}") for run_id in story.runs]),
        children_killed=nemesis.children_killed,
        unknown_mails_allowed=stage.schedule.unknown_mails,
        restarts=Counter({name: process.restarts for name, process in processes.items()}),
        kills=nemesis.kills,
        unready=tuple(unready),
        traces=read_traces(stack, wiped=nemesis.wiped),
        personal=SEEDED | {each.phone[3:] for each in story.people.values()},
    )


def read_traces(stack: Stack, *, wiped: bytes = b"") -> dict[str, str]:
    """Every log, and all that Valkey ever wrote: its file of commands keeps what was deleted since."""
    logs = {path.name: path.read_text(errors="replace") for path in stack.supervisor.logs.glob("*.log")}
    return logs | {"Valkey's data": (wiped + read_files(stack.valkey.data)).decode(errors="replace")}


def summarize(evidence: Evidence) -> str:
    """For the diary: how much there was to judge."""
    ends = Counter(f"{message['channel']} {message['status']}" for message in evidence.messages)
    told = ", ".join(f"version {plan.version} tells {len(plan.told)}" for plan in evidence.published)
    return (
        f"{told}; messages {dict(ends)}; {len(evidence.arrivals)} arrived; kills {dict(evidence.kills)};"
        f" {len(evidence.history.acknowledged)} things acknowledged; runs {[run['attempts'] for run in evidence.runs]}"
    )


async def is_ready(stack: Stack, name: str) -> bool:
    try:
        await stack.supervisor[name].wait_ready(READY_WITHIN_SECONDS)
    except NotReadyError:
        return False
    return True


def list_mails(stage: Stage) -> list[Arrival]:
    mails = read_inbox(stage.stack.inbox)
    return [Arrival("email", str(m["Message-ID"]).strip("<>"), str(m["Delivered-To"]), read_words(m)) for m in mails]


def read_words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return part.get_content() if part else ""


async def list_texts(stage: Stage) -> list[Arrival]:
    texts: list[dict[str, Any]] = (await stage.campaign.sinks.get(f"{stage.stack.addresses.sms_page}/texts")).json()
    return [Arrival("sms", text["reference"], text["to"]) for text in texts]
