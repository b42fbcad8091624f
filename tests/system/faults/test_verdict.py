"""The checker of the fault tests, checked: it lets a good run pass and catches each known bug; schedules repeat."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.careful_client import History
from tests.system.faults.evidence import Arrival, Correction, Evidence, News, Person, Publication
from tests.system.faults.known_bugs import KNOWN_BUGS, an_older_plan_told_last, missed_bugs
from tests.system.faults.schedule import AT_PROVIDERS, AT_SENDERS, AT_SOLVERS, DISK, SERVERS, draw
from tests.system.faults.small_disk import SmallDisk
from tests.system.faults.verdict import judge

PEOPLE = {name: Person(f"{name}@truong.example", f"+8495000{n:04d}") for n, name in enumerate(("an", "binh", "chau"))}
FIRST = Publication("plan 1", 1, dict.fromkeys(PEOPLE, News("placement_assigned", "Xã Cam Hiệp")), draft_number=2)
SECOND = Publication(
    "plan 2",
    2,
    {"an": News("placement_changed", "Xã Suối Dầu"), "chau": News("placement_withdrawn", "Xã Cam Hiệp")},
    draft_number=1,
)
STATUSES = {
    ("plan 1", "binh", "email"): "unknown",
    ("plan 1", "chau", "email"): "cancelled",
    ("plan 1", "chau", "sms"): "cancelled",
    ("plan 2", "chau", "email"): "cancelled",
    ("plan 2", "chau", "sms"): "cancelled",
}
CORRECTED = "plan 1/binh/sms"
WRONG = Correction(CORRECTED, "plan 1/binh/sms, first", "+84950009999")
"""An was told both; Bình's text had gone to a wrong number, and his mail's sender died with it in hand; Châu's first
message was overtaken by the withdrawal."""


def make_messages() -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "id": f"{plan.plan_id}/{person}/{channel}",
            "reference": f"{plan.plan_id}/{person}/{channel}",
            "plan_id": plan.plan_id,
            "plan_version": plan.version,
            "volunteer_id": person,
            "channel": channel,
            "kind": news.kind,
            "status": STATUSES.get((plan.plan_id, person, channel), {"email": "sent", "sms": "delivered"}[channel]),
            "reason_code": None,
        }
        for plan in (FIRST, SECOND)
        for person, news in plan.told.items()
        for channel in ("email", "sms")
    )


def make_arrival(message: dict[str, Any]) -> Arrival:
    person, channel = message["volunteer_id"], message["channel"]
    place = {FIRST.plan_id: FIRST, SECOND.plan_id: SECOND}[message["plan_id"]].told[person].place
    return Arrival(channel, message["reference"], PEOPLE[person].address(channel), f"Nơi đến: {place}, Khánh Hòa")


@pytest.fixture
def evidence() -> Evidence:
    """Of a run in which all went well."""
    messages = make_messages()
    first = Arrival("sms", WRONG.reference, WRONG.address)
    written = {"/v1/volunteers/an": {"max_days": 2, "row_version": 3}, "/v1/plans/1": {"version": 1}}
    return Evidence(
        history=History(acknowledged=written),
        published=(FIRST, SECOND),
        people=PEOPLE,
        corrections=(WRONG,),
        arrivals=(first, *(make_arrival(each) for each in messages if each["status"] in ("sent", "delivered"))),
        messages=messages,
        read_back={path: {**promised, "updated_at": "later"} for path, promised in written.items()},
        runs=({"id": "run 1", "status": "succeeded", "certificate": {"stages": [{"verified": True}]}},),
        children_killed=1,
        unknown_mails_allowed=1,
        restarts=Counter({"roster-relay": 1, "roster-api": 0}),
        kills=Counter({"roster-relay": 1}),
        unready=(),
        traces={"roster-api.log": '{"event": "run.finished", "name": "\\u0110\\u1eb7ng"}'},
        personal=frozenset({"Đặng Văn Ý", "an@truong.example", "950000001"}),
    )


def test_a_good_run_passes(evidence: Evidence) -> None:
    assert judge(evidence) == []


def test_each_known_bug_is_caught(evidence: Evidence) -> None:
    assert None not in [bug(evidence) for bug in KNOWN_BUGS]
    assert missed_bugs(evidence) == []


def test_one_seed_is_one_schedule_and_ten_seeds_strike_with_everything() -> None:
    assert str(draw(7)) == str(draw(7)) != str(draw(8))
    struck = {(strike.action, strike.target) for seed in range(1, 11) for strike in draw(seed).strikes}
    for blow in (*SERVERS, *AT_SOLVERS, *AT_SENDERS, *AT_PROVIDERS, DISK):
        assert struck & {(blow.action, target) for target in blow.targets}, blow


def test_a_seed_strikes_thirty_times_and_more() -> None:
    assert all(len(draw(seed).strikes) >= 30 for seed in range(1, 51))


def test_another_campaign_excuses_nothing(evidence: Evidence) -> None:
    """What is cancelled because of a newer version must be of that version's campaign; so must an older mail be."""
    elsewhere = replace(SECOND, campaign_id="another")
    faults = judge(replace(evidence, published=(FIRST, elsewhere)))
    assert [fault for fault in faults if "chau" in fault and "cancelled" in fault]


@pytest.mark.parametrize("excuse", ["of another campaign", "a mail of theirs is unknown"])
def test_nobody_whom_the_verdict_excuses_is_chosen_to_be_told_the_older_plan_last(
    evidence: Evidence, excuse: str
) -> None:
    if excuse == "of another campaign":
        excused = replace(evidence, published=(FIRST, replace(SECOND, campaign_id="another")))
    else:
        third = {**evidence.messages[0], "reference": "a third", "status": "unknown", "channel": "email"}
        excused = replace(evidence, messages=(*evidence.messages, {**third, "volunteer_id": "an"}))
    assert an_older_plan_told_last(evidence) is not None
    assert an_older_plan_told_last(excused) is None


async def test_a_full_disk_takes_nothing_and_has_its_space_back(tmp_path: Path) -> None:
    disk = SmallDisk(tmp_path / "disk")
    await disk.mount()
    if not disk.is_there:
        pytest.skip("nobody may mount a small disk here")
    try:
        async with disk.full():
            with pytest.raises(OSError, match="No space left"):
                (tmp_path / "disk" / "file").write_bytes(bytes(8192))
        assert (tmp_path / "disk" / "file").write_bytes(bytes(8192)) == 8192
    finally:
        await disk.unmount()
