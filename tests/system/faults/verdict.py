"""Holds the evidence of a run against what was promised. Pure; every fault in words, and none of them names a person.

1 Each (plan version, person, channel, kind) arrived once, or the notifier had called it unknown, or a newer plan made
it untrue before it was sent. 2 Nothing else arrived; each went to its person and says what its plan says. 3 Of two
mails the newer plan's came last. 4 What was acknowledged can be read. 5 Every run ended. 6 No process needed a hand.
7 No personal data is in Valkey or a log. 8 What had reached a wrong address and was ordered again came once to the
right one, and no second time to the wrong one.
"""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tests.system.faults.evidence import Evidence, News, Publication

CHANNELS = ("email", "sms")
ENDED = {"succeeded", "infeasible", "failed", "cancelled"}
ARRIVED = {"sent", "delivered"}

Key = tuple[str, str, str, str]
"""Plan, person, channel, kind."""


def judge(evidence: Evidence) -> list[str]:
    """Every promise that was not kept; empty when all were."""
    return [
        *judge_messages(evidence),
        *judge_arrivals(evidence),
        *judge_corrections(evidence),
        *judge_order(evidence),
        *judge_writes(evidence),
        *judge_runs(evidence),
        *judge_processes(evidence),
        *judge_privacy(evidence.traces, evidence.personal),
    ]


def judge_messages(evidence: Evidence) -> Iterator[str]:
    rows = {key_of(message): message for message in evidence.messages}
    arrivals = Counter(arrival.reference for arrival in evidence.arrivals)
    for plan in evidence.published:
        for person, news in plan.told.items():
            for channel in CHANNELS:
                row = rows.get((plan.plan_id, person, channel, news.kind))
                name = f"version {plan.version}, {channel}, {news.kind}, person {person}"
                if row is None:
                    yield f"{name}: there is no message"
                    continue
                number = arrivals[row["reference"]]
                if not is_kept(evidence, plan, row, number=number):
                    yield f"{name}: arrived {number} times, and is said to be {row['status']} ({row['reason_code']})"
    unknown = sum(message["status"] == "unknown" for message in evidence.messages)
    if unknown > evidence.unknown_mails_allowed:
        yield f"{unknown} mails are unknown; the strikes account for {evidence.unknown_mails_allowed}"


def is_kept(evidence: Evidence, plan: Publication, row: dict[str, Any], *, number: int) -> bool:
    """Whether the message came to an end it may come to. An SMS may not stay unknown: the gateway can be asked."""
    match row["status"]:
        case "sent" | "delivered":
            return number == 1
        case "unknown":
            return number <= 1 and row["channel"] == "email"
        case "cancelled":
            return number == 0 and (is_overtaken(evidence, plan, row) or was_never_heard(evidence, plan, row))
        case _:
            return False


def is_overtaken(evidence: Evidence, plan: Publication, row: dict[str, Any]) -> bool:
    """A newer version of the campaign's plan tells the same person something else."""
    newer = [each for each in evidence.published if each.version > plan.version and is_of_campaign(each, plan)]
    return any(row["volunteer_id"] in each.told for each in newer)


def is_of_campaign(one: Publication, other: Publication) -> bool:
    return one.campaign_id == other.campaign_id


def was_never_heard(evidence: Evidence, plan: Publication, row: dict[str, Any]) -> bool:
    """The withdrawal of a placement the person cannot have heard of, by any channel."""
    before = {each.plan_id for each in evidence.published if each.version < plan.version and is_of_campaign(each, plan)}
    earlier = [
        message
        for message in evidence.messages
        if message["volunteer_id"] == row["volunteer_id"] and message["plan_id"] in before
    ]
    return row["kind"] == "placement_withdrawn" and all(message["status"] == "cancelled" for message in earlier)


def judge_arrivals(evidence: Evidence) -> Iterator[str]:
    rows = {message["reference"]: message for message in evidence.messages}
    told = {
        (plan.plan_id, person, channel, news.kind): news
        for plan in evidence.published
        for person, news in plan.told.items()
        for channel in CHANNELS
    }
    earlier = {each.reference for each in evidence.corrections}
    for arrival in evidence.arrivals:
        name = f"{arrival.channel} {arrival.reference}"
        row = rows.get(arrival.reference)
        if arrival.reference in earlier:
            continue
        if row is None or key_of(row) not in told:
            plan = f"of plan {row['plan_id']}, {row['kind']}" if row else "of no plan"
            yield f"{name} arrived: {plan}, which nobody was to be told"
        elif arrival.address not in list_addresses(evidence, row):
            yield f"{name} arrived at another address than its person's"
        elif arrival.channel == "email" and not says(arrival.text, told[key_of(row)]):
            yield f"{name} does not say what its plan says: {told[key_of(row)]}"
    for key in sorted({key_of(message) for message in evidence.messages} - told.keys()):
        yield f"the notifier has a message nobody was to be sent: {key}"


def list_addresses(evidence: Evidence, row: dict[str, Any]) -> set[str]:
    """Where it may arrive. What another campaign tells may have gone to a number just before that was put right."""
    campaigns = {plan.plan_id: plan.campaign_id for plan in evidence.published}
    corrected = {message["id"]: message for message in evidence.messages}
    before = {
        each.address
        for each in evidence.corrections
        if corrected[each.message_id]["volunteer_id"] == row["volunteer_id"]
        and campaigns[corrected[each.message_id]["plan_id"]] != campaigns[row["plan_id"]]
    }
    return {evidence.people[row["volunteer_id"]].address(row["channel"]), *(before if row["channel"] == "sms" else ())}


def judge_corrections(evidence: Evidence) -> Iterator[str]:
    """The right address is asked about as that of any message; here is what the wrong one got."""
    rows = {message["id"]: message for message in evidence.messages}
    for each in evidence.corrections:
        row, name = rows[each.message_id], f"message {each.message_id}, which had gone to a wrong address,"
        plan = next(plan for plan in evidence.published if plan.plan_id == row["plan_id"])
        if row["reference"] == each.reference and not is_overtaken(evidence, plan, row):
            yield f"{name} was not sent again"
        at = [arrival.address for arrival in evidence.arrivals if arrival.reference == each.reference]
        if at != [each.address]:
            yield f"{name} arrived {len(at)} times by its first reference"


def says(text: str, news: News) -> bool:
    """A withdrawal's words differ by its cause; each says that the calendar's event goes."""
    return f": {news.place}," in text and ("trong lịch sẽ được gỡ" in text) == (news.kind == "placement_withdrawn")


def judge_order(evidence: Evidence) -> Iterator[str]:
    """By e-mail, where "unknown" stays visible: one that a dying or paused sender had in hand may come late."""
    rows = {message["reference"]: message for message in evidence.messages if message["channel"] == "email"}
    unknown = {row["volunteer_id"] for row in rows.values() if row["status"] == "unknown"}
    campaigns = {plan.plan_id: plan.campaign_id for plan in evidence.published}
    last: defaultdict[tuple[str, str], int] = defaultdict(int)
    for arrival in evidence.arrivals:
        row = rows.get(arrival.reference)
        if row is None or row["volunteer_id"] in unknown:
            continue
        thread = (row["volunteer_id"], campaigns.get(row["plan_id"], ""))
        if row["plan_version"] < last[thread]:
            yield f"a mail of version {row['plan_version']} came after a newer one: person {row['volunteer_id']}"
        last[thread] = row["plan_version"]


def judge_writes(evidence: Evidence) -> Iterator[str]:
    yield from evidence.history.defects
    for path, promised in evidence.history.acknowledged.items():
        found = evidence.read_back.get(path)
        if found is None:
            yield f"{path} was acknowledged and cannot be read"
            continue
        for name, value in promised.items():
            if found.get(name) != value:
                yield f"{path} was acknowledged with {name} {value}, and {found.get(name)} is read there"


def judge_runs(evidence: Evidence) -> Iterator[str]:
    """A run may fail by its solver's death only when the solver was killed, twice at least: once is made up for."""
    for run in evidence.runs:
        kind = (run.get("failure") or {}).get("kind")
        is_excused = kind == "solver_died" and evidence.children_killed >= 2
        if run["status"] not in ENDED:
            yield f"run {run['id']} never ended: it is {run['status']}"
        elif run["status"] != "succeeded" and not is_excused:
            yield f"run {run['id']} ended as {run['status']} ({kind})"
        elif run["status"] == "succeeded" and not all(s["verified"] for s in run["certificate"]["stages"]):
            yield f"run {run['id']} succeeded with a stage that verify() did not accept"


def judge_processes(evidence: Evidence) -> Iterator[str]:
    for name in evidence.unready:
        yield f"{name} did not come back by itself"
    for name, restarts in evidence.restarts.items():
        if restarts > evidence.kills[name]:
            yield f"{name} ended {restarts - evidence.kills[name]} times more than it was killed"


def judge_privacy(traces: Mapping[str, str], personal: Collection[str]) -> Iterator[str]:
    """Also as JSON escapes them, and in whatever case. Says where, never what."""
    wanted = {searchable(item) for item in personal}
    for name, text in traces.items():
        plain = searchable(text)
        found = sum(item in plain for item in wanted)
        if found:
            yield f"{name} holds {found} seeded names, addresses or numbers"


def searchable(text: str) -> str:
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: json.loads(f'"{match.group()}"'), text)
    return unicodedata.normalize("NFC", unescaped).casefold()


def key_of(message: dict[str, Any]) -> Key:
    return message["plan_id"], message["volunteer_id"], message["channel"], message["kind"]
