"""Known bugs, each done to the evidence of a run: what the sinks, the history or the logs would hold if we had it.

A verdict that lets one of them pass is worth nothing: the mutation check of the checker.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.system.faults.evidence import Arrival, Evidence
from tests.system.faults.verdict import judge

Bug = Callable[[Evidence], Evidence | None]
"""None where the run gave no occasion for it."""


def a_mail_sent_again(evidence: Evidence) -> Evidence:
    mail = find_arrival(evidence, channel="email")
    return replace(evidence, arrivals=(*evidence.arrivals, mail))


def an_unknown_mail_sent_again(evidence: Evidence) -> Evidence:
    mail = find_arrival(evidence, channel="email")
    twice = replace(evidence, arrivals=(*evidence.arrivals, mail))
    return with_message(twice, mail.reference, status="unknown")


def an_sms_lost(evidence: Evidence) -> Evidence:
    """Its receipt came all the same."""
    texts = list_taken(evidence, channel="sms")
    return without(evidence, next(a for a in texts if message_of(evidence, a.reference)["status"] == "delivered"))


def an_sms_left_unknown(evidence: Evidence) -> Evidence:
    return with_message(evidence, find_arrival(evidence, channel="sms").reference, status="unknown")


def mails_given_up_as_unknown(evidence: Evidence) -> Evidence:
    mails = [arrival for arrival in evidence.arrivals if arrival.channel == "email"]
    for mail in mails[: evidence.unknown_mails_allowed + 1]:
        evidence = with_message(without(evidence, mail), mail.reference, status="unknown")
    return evidence


def a_corrected_message_not_sent_again(evidence: Evidence) -> Evidence | None:
    for each in evidence.corrections:
        row = find_message(evidence, each.message_id)
        arrivals = tuple(arrival for arrival in evidence.arrivals if arrival.reference != row["reference"])
        rows = tuple(m | {"reference": each.reference} if m is row else m for m in evidence.messages)
        return replace(evidence, arrivals=arrivals, messages=rows)
    return None


def a_late_receipt_settles_the_second_sending(evidence: Evidence) -> Evidence | None:
    """The wrong number's telephone says that it arrived, and nothing goes to the right one."""
    for each in evidence.corrections:
        row = find_message(evidence, each.message_id)
        if row["status"] in ("sent", "delivered") and row["reference"] != each.reference:
            return replace(evidence, arrivals=tuple(a for a in evidence.arrivals if a.reference != row["reference"]))
    return None


def the_wrong_number_told_again(evidence: Evidence) -> Evidence | None:
    for each in evidence.corrections:
        row = find_message(evidence, each.message_id)
        if any(a.reference == row["reference"] != each.reference for a in evidence.arrivals):
            return replace(
                evidence,
                arrivals=tuple(
                    replace(a, address=each.address) if a.reference == row["reference"] else a
                    for a in evidence.arrivals
                ),
            )
    return None


def the_first_sending_to_a_wrong_number_doubled(evidence: Evidence) -> Evidence | None:
    firsts = [a for each in evidence.corrections for a in evidence.arrivals if a.reference == each.reference]
    return replace(evidence, arrivals=(*evidence.arrivals, firsts[0])) if firsts else None


def a_draft_told(evidence: Evidence) -> Evidence:
    mail = find_arrival(evidence, channel="email")
    drafted = dict(message_of(evidence, mail.reference)) | {"reference": "draft", "plan_id": "a draft"}
    arrivals = (*evidence.arrivals, replace(mail, reference="draft"))
    return replace(evidence, arrivals=arrivals, messages=(*evidence.messages, drafted))


def a_mail_nobody_wrote_down(evidence: Evidence) -> Evidence:
    stray = replace(find_arrival(evidence, channel="email"), reference="of nothing")
    return replace(evidence, arrivals=(*evidence.arrivals, stray))


def a_mail_to_another_person(evidence: Evidence) -> Evidence:
    mail = find_arrival(evidence, channel="email")
    wrong = replace(mail, address=next(p.email for p in evidence.people.values() if p.email != mail.address))
    return replace(evidence, arrivals=tuple(wrong if arrival == mail else arrival for arrival in evidence.arrivals))


def a_mail_with_another_plans_words(evidence: Evidence) -> Evidence:
    mail = find_arrival(evidence, channel="email")
    stale = replace(mail, text="Nơi đến: Xã Cũ, Khánh Hòa")
    return replace(evidence, arrivals=tuple(stale if arrival == mail else arrival for arrival in evidence.arrivals))


def the_newest_plan_cancelled(evidence: Evidence) -> Evidence:
    """Nothing newer made it untrue, and yet it was never sent."""
    newest = max(evidence.published, key=lambda plan: plan.version)
    of_newest = {message["reference"] for message in evidence.messages if message["plan_id"] == newest.plan_id}
    mail = next(a for a in evidence.arrivals if a.reference in of_newest and a.channel == "email")
    return with_message(without(evidence, mail), mail.reference, status="cancelled")


def the_notifier_orders_by_draft_number(evidence: Evidence) -> Evidence | None:
    """A draft made before the plan it replaced: its messages pass for the older word, and are cancelled."""
    newest = max(evidence.published, key=lambda plan: plan.version)
    later_drafts = [plan for plan in evidence.published if plan.draft_number > newest.draft_number]
    taken = {a.reference for channel in ("email", "sms") for a in list_taken(evidence, channel=channel)}
    untold = [
        message["reference"]
        for message in evidence.messages
        if message["plan_id"] == newest.plan_id
        and message["reference"] in taken
        and any(message["volunteer_id"] in plan.told for plan in later_drafts)
    ]
    for reference in untold:
        evidence = with_message(evidence, reference, status="cancelled", reason_code="plan.superseded")
    arrivals = tuple(arrival for arrival in evidence.arrivals if arrival.reference not in untold)
    return replace(evidence, arrivals=arrivals) if untold else None


def an_older_plan_told_last(evidence: Evidence) -> Evidence | None:
    """To somebody of whom no mail is unknown: of the others one may come late, and the verdict lets it."""
    mails = list_taken(evidence, channel="email")
    rows = {mail: message_of(evidence, mail.reference) for mail in mails}
    campaigns = {plan.plan_id: plan.campaign_id for plan in evidence.published}
    threads = {mail: (row["volunteer_id"], campaigns[row["plan_id"]]) for mail, row in rows.items()}
    in_doubt = {m["volunteer_id"] for m in evidence.messages if (m["channel"], m["status"]) == ("email", "unknown")}
    for newer in mails:
        older = [
            m for m in mails if threads[m] == threads[newer] and rows[m]["plan_version"] < rows[newer]["plan_version"]
        ]
        if older and rows[newer]["volunteer_id"] not in in_doubt:
            return replace(evidence, arrivals=(newer, *(arrival for arrival in evidence.arrivals if arrival != newer)))
    return None


def an_acknowledged_write_gone(evidence: Evidence) -> Evidence:
    path = next(iter(evidence.history.acknowledged))
    return replace(evidence, read_back={p: found for p, found in evidence.read_back.items() if p != path})


def an_update_lost(evidence: Evidence) -> Evidence:
    path, promised = next(iter(evidence.history.acknowledged.items()))
    older = evidence.read_back[path] | dict.fromkeys(promised, "as it was before")
    return replace(evidence, read_back={**evidence.read_back, path: older})


def a_run_that_hangs(evidence: Evidence) -> Evidence:
    first, *others = evidence.runs
    return replace(evidence, runs=(first | {"status": "running"}, *others))


def a_process_that_gives_up(evidence: Evidence) -> Evidence:
    """Postgres was away, and so it ended; the supervisor helped."""
    return replace(evidence, restarts=evidence.kills + Counter(["roster-relay"]))


def a_name_in_a_log(evidence: Evidence) -> Evidence:
    """As a traceback in a JSON log would hold it."""
    name = max(evidence.personal).upper()
    return replace(evidence, traces={**evidence.traces, "a log": json.dumps({"error": f"duplicate: {name}"})})


KNOWN_BUGS: dict[Bug, str] = {
    a_mail_sent_again: "arrived 2 times, and is said to be sent",
    an_unknown_mail_sent_again: "arrived 2 times, and is said to be unknown",
    an_sms_lost: "arrived 0 times, and is said to be delivered",
    an_sms_left_unknown: "arrived 1 times, and is said to be unknown",
    mails_given_up_as_unknown: "mails are unknown; the strikes account for",
    a_corrected_message_not_sent_again: "was not sent again",
    a_late_receipt_settles_the_second_sending: "arrived 0 times, and is said to be",
    the_wrong_number_told_again: "at another address than its person's",
    the_first_sending_to_a_wrong_number_doubled: "arrived 2 times by its first reference",
    a_draft_told: "arrived: of plan a draft",
    a_mail_nobody_wrote_down: "arrived: of no plan",
    a_mail_to_another_person: "at another address than its person's",
    a_mail_with_another_plans_words: "does not say what its plan says",
    the_newest_plan_cancelled: "arrived 0 times, and is said to be cancelled",
    the_notifier_orders_by_draft_number: "arrived 0 times, and is said to be cancelled (plan.superseded)",
    an_older_plan_told_last: "came after a newer one",
    an_acknowledged_write_gone: "cannot be read",
    an_update_lost: "as it was before is read there",
    a_run_that_hangs: "never ended",
    a_process_that_gives_up: "ended 1 times more than it was killed",
    a_name_in_a_log: "holds 1 seeded names",
}
"""With the words of the verdict that catch each."""


def missed_bugs(evidence: Evidence) -> list[str]:
    """Those that the verdict lets pass, or catches for another reason."""
    done = {bug: bug(evidence) for bug in KNOWN_BUGS}
    return [
        bug.__name__
        for bug, mutant in done.items()
        if mutant is not None and not any(KNOWN_BUGS[bug] in fault for fault in judge(mutant))
    ]


def find_arrival(evidence: Evidence, *, channel: str) -> Arrival:
    return list_taken(evidence, channel=channel)[0]


def list_taken(evidence: Evidence, *, channel: str) -> list[Arrival]:
    """What arrived by this channel, and the notifier knows of."""
    taken = {message["reference"] for message in evidence.messages if message["status"] in ("sent", "delivered")}
    return [a for a in evidence.arrivals if a.channel == channel and a.reference in taken]


def message_of(evidence: Evidence, reference: str) -> dict[str, Any]:
    return next(message for message in evidence.messages if message["reference"] == reference)


def find_message(evidence: Evidence, message_id: str) -> dict[str, Any]:
    return next(message for message in evidence.messages if message["id"] == message_id)


def without(evidence: Evidence, gone: Arrival) -> Evidence:
    return replace(evidence, arrivals=tuple(arrival for arrival in evidence.arrivals if arrival != gone))


def with_message(evidence: Evidence, reference: str, **changes: Any) -> Evidence:
    messages = [m | changes if m["reference"] == reference else m for m in evidence.messages]
    return replace(evidence, messages=tuple(messages))
