"""Rules ask one clock what day it is; whoever keeps the machine's time stands here, with the reason."""

import ast
import re

from tests.support.tracked import ROOT, tracked_files

ROSTER = "services/roster-api/roster_api/"
NOTIFIER = "services/notifier/notifier/"
MACHINE_TIME = {
    # who may come in, and until when: a clock that is moved opens no door
    f"{ROSTER}access/": "keys, tokens and roles",
    f"{ROSTER}api_keys/": "keys",
    f"{ROSTER}accounts/": "accounts and roles",
    f"{ROSTER}invitations/repository.py": "links of invitations",
    f"{ROSTER}answers/links.py": "links that were revoked",
    f"{ROSTER}answers/repository.py": "answers in a minute, of one person",
    # leases, queues, answers that are repeated, what is kept how long
    f"{ROSTER}work/": "leases",
    f"{ROSTER}outbox/": "queues",
    f"{ROSTER}idempotency.py": "answers that are repeated",
    f"{ROSTER}privacy/": "how long things are kept",
    # when a row was written, or a file made
    f"{ROSTER}volunteers/bulk.py": "when a row was written",
    f"{ROSTER}data_requests/erasure.py": "when a row was written",
    f"{ROSTER}data_requests/subject_erasure.py": "when a row was written; roles",
    f"{ROSTER}answers/routes.py": "the stamp of a calendar's file",
    "services/matching-worker/matching_worker/jobs/run.py": "when a solution was made",
    # sending: providers' days and hours are real, and so is the time since a message went
    NOTIFIER: "sending",
}
MACHINE = re.compile(r"datetime\.now\(|date\.today\(|utcnow|func\.now\(|current_date|clock_timestamp|\bnow\(\)")
OWN = re.compile(r"\bclock\.now\(\)|server_default=.*|holds_now\(\)")


def list_askers() -> set[str]:
    """Files of the services that ask the machine or the database for the time."""
    askers = set()
    for path in tracked_files():
        name = str(path.relative_to(ROOT))
        is_service = name.startswith(("services/", "portal/commune_portal/")) and "/migrations/" not in name
        if is_service and name.endswith(".py") and MACHINE.search(OWN.sub("", path.read_text(encoding="utf-8"))):
            askers.add(name)
    return askers


def test_no_rule_asks_another_clock() -> None:
    known = tuple(MACHINE_TIME)
    assert [name for name in sorted(list_askers()) if not name.startswith(known)] == []


def test_every_exception_is_one() -> None:
    askers = list_askers()
    assert [place for place in MACHINE_TIME if not any(name.startswith(place) for name in askers)] == []


def test_quiet_hours_go_by_the_one_clock() -> None:
    assert all("clock.now" in (ROOT / NOTIFIER / name).read_text() for name in ("deliver.py", "api/limits.py"))


TIMERS = frozenset({"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "thread_time"})


def times_something(node: ast.Assert) -> bool:
    """An assertion that reads a timer would hold or not by how busy the machine is."""
    calls = (call.func for call in ast.walk(node.test) if isinstance(call, ast.Call))
    return any(getattr(asked, "attr", getattr(asked, "id", "")) in TIMERS for asked in calls)


def test_no_test_asserts_how_long_something_took() -> None:
    timed = set()
    for path in tracked_files():
        name = str(path.relative_to(ROOT))
        text = path.read_text(encoding="utf-8") if name.startswith("tests/") and name.endswith(".py") else ""
        if "import time" in text or "from time import" in text:
            asserts = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assert))
            timed |= {f"{name}:{node.lineno}" for node in asserts if times_something(node)}
    assert timed == set()
