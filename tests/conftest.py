"""Fixtures of every test: real Postgres and Valkey on demand, a database of one's own, long fault tests set apart."""

import gc
import importlib
import os
import pkgutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import coverage
import pytest
import redis
from commune_service.data_keys import DEVELOPMENT_DATA_KEYS, DEVELOPMENT_LOOKUP_KEY
from commune_service.sealing import Sealer, use_sealer
from commune_stack.mail_sink import MailSink
from commune_stack.ports import free_port as find_free_port
from commune_stack.serving import served
from commune_stack.sms_gateway import SmsGateway, gateway_app
from hypothesis import settings as hypothesis_settings

from tests.support.on_demand import ADDRESS, OnDemandStack, fresh_database, redis_url_of_worker

LONGEST_FIRST = (
    "tests/e2e/test_every_page",
    "tests/system/test_chain_survives_kills",
    "tests/system/test_upgrade_goes_on",
    "tests/system/test_two_stacks",
    "tests/system/test_replanning",
    "tests/e2e/",
    "tests/roster_api/test_api_contract",
    "tests/roster_api/test_killed_at_commit",
    "tests/roster_api/test_authz_",
    "tests/roster_api/test_access_routes",
    "tests/roster_api/test_refused_before_reading",
    "tests/roster_api/rosters/test_reader",
    "tests/system/",
    "tests/roster_api/test_training",
    "tests/matching_worker/test_",
    "tests/matching_worker/responsibility/test_examples",
    "tests/notifier/test_worker_process",
    "tests/notifier/",
)
"""Where files begin that take long, in the order they are given to the workers; short files fill what is left."""
for service in ("ROSTER", "MATCHING", "NOTIFIER"):  # for this process and all it starts
    os.environ.setdefault(f"{service}_ENVIRONMENT", "development")
for measure in ("REQUESTS_A_MINUTE", "HEAVY_REQUESTS_AN_HOUR", "WRONG_KEYS_A_MINUTE"):
    os.environ.setdefault(f"ROSTER_{measure}", "1000000")  # a test asks in a minute what nobody asks in an hour
hypothesis_settings.register_profile("explore", deadline=None)  # a busy machine refutes nothing
# The same examples at each run: no change is refused for an old fault that chance found. `make explore` tries others.
hypothesis_settings.register_profile("same", deadline=None, derandomize=True)
hypothesis_settings.load_profile("same")
use_sealer(Sealer(DEVELOPMENT_DATA_KEYS, lookup_key=DEVELOPMENT_LOOKUP_KEY))
MEASURED = "COVERAGE_PROCESS_START"
"""Set by `make coverage`: Python then counts the lines and branches of `[tool.coverage.run]` from its start on."""
MEASURED_TESTS = (
    "tests/matching_worker/",
    "tests/shared/",
    "tests/notifier/test_fences",
    "tests/notifier/test_ordered",
    "tests/notifier/test_receipts",
    "tests/notifier/test_redriving",
    "tests/notifier/test_sending",
    "tests/notifier/test_states",
    "tests/roster_api/test_access_bounds",
    "tests/roster_api/test_access_keys",
    "tests/roster_api/test_access_outages",
    "tests/roster_api/test_accounts",
    "tests/roster_api/test_bearer",
    "tests/roster_api/test_configured_keys",
    "tests/roster_api/test_internal_port",
    "tests/roster_api/test_inviting",
    "tests/roster_api/test_key",
    "tests/roster_api/test_rates",
    "tests/roster_api/test_services_keys",
    "tests/roster_api/test_streams",
    "tests/roster_api/test_wrong_links",
)
"""Where the tests begin that are near to what is counted. During all others nothing is, for counting takes time."""
LONG_SEARCHES = (
    "tests/matching_worker/placement/test_sound_verdicts",
    "tests/matching_worker/responsibility/test_examples",
    "tests/matching_worker/test_counted_limit",
)
"""Near to it, too; but they go round the same loops for seconds, each line several times slower while it is counted."""
MEASURED_PACKAGES = (
    "commune_verify",
    "matching_worker.model",
    "roster_api.access",
    "notifier.states",
    "notifier.outbound",
)
"""As `source_pkgs` of `[tool.coverage.run]`."""
STACK = pytest.StashKey[OnDemandStack]()
COUNTING = pytest.StashKey[coverage.Coverage]()


gc.disable()  # until all is collected: what imports make is not garbage, and there is much of it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fault-seeds", type=int, default=1, help="long fault tests run with the seeds 1 to this")
    parser.addoption("--fault-campaigns", type=int, default=6, help="how many plans are told with the first one")
    parser.addoption("--fault-seed", type=int, help="long fault tests run with this one seed")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the controller, or the only process
        stack = OnDemandStack(os.environ)
        stack.start()
        config.stash[STACK] = stack
        os.environ[ADDRESS] = stack.address
    else:
        os.environ.pop(MEASURED, None)  # this worker is measured by now; what it starts is not
    if (counting := coverage.Coverage.current()) is not None:
        import_measured_packages()
        counting.stop()
        config.stash[COUNTING] = counting


def import_measured_packages() -> None:
    """While lines are counted, which nothing else that is imported needs: collecting the tests takes half the time."""
    for name in MEASURED_PACKAGES:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{name}."):
            importlib.import_module(module.name)


def pytest_unconfigure(config: pytest.Config) -> None:
    counting = config.stash.get(COUNTING, None)
    if counting is not None:  # kept here: a worker of xdist does not end as Python does
        counting.stop()
        counting.save()
    stack = config.stash.get(STACK, None)
    if stack is not None:
        stack.stop()


def rank(nodeid: str) -> int:
    """Place of a test's file in LONGEST_FIRST."""
    places = (place for place, start in enumerate(LONGEST_FIRST) if nodeid.startswith(start))
    return next(places, len(LONGEST_FIRST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What has a mark of its own runs when asked for by it (long tests also by the name of their file), and never by
    accident. The longest files go first.
    """
    items.sort(key=lambda item: rank(item.nodeid))
    unasked = [mark for mark in ("faults", "browser", "long") if mark not in (config.option.markexpr or "")]
    if "long" in unasked and all(arg.partition("::")[0].endswith(".py") for arg in config.args):
        unasked.remove("long")
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in unasked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Modules and tests, collected and imported, live as long as this process: no later collection looks at them."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Lines are counted while their module is imported, and during the tests near to it."""
    counting = item.config.stash.get(COUNTING, None)
    measured = item.nodeid.startswith(MEASURED_TESTS) and not item.nodeid.startswith(LONG_SEARCHES)
    if counting is None or not measured:
        return (yield)
    counting.start()
    try:
        return (yield)
    finally:
        counting.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `fault_seed` runs once a seed."""
    if "fault_seed" in metafunc.fixturenames:
        one = metafunc.config.getoption("--fault-seed")
        several = range(1, metafunc.config.getoption("--fault-seeds") + 1)
        metafunc.parametrize("fault_seed", several if one is None else [one])


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """'gw0', 'gw1', ... under xdist; 'main' without."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A fresh, empty database of this test's own (postgresql://...)."""
    with fresh_database() as url:
        yield url


@pytest.fixture
def roster_database_url() -> Iterator[str]:
    """A fresh database as `roster-api migrate` makes it."""
    with fresh_database("roster") as url:
        yield url


@pytest.fixture
def notifier_database_url() -> Iterator[str]:
    """A fresh database as `notifier migrate` makes it."""
    with fresh_database("notifier") as url:
        yield url


@pytest.fixture(scope="module")
def module_roster_database_url() -> Iterator[str]:
    """As roster_database_url, but shared by the tests of a module that only read or keep apart what they write."""
    with fresh_database("roster") as url:
        yield url


@pytest.fixture
def redis_url(worker_name: str) -> str:
    """A logical database of this worker's own, emptied."""
    url = redis_url_of_worker(worker_name)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
async def smtp_sink(tmp_path: Path) -> AsyncIterator[MailSink]:
    """An SMTP server on 127.0.0.1:`port` that keeps what arrives (`messages`) and fails as told (`script`)."""
    async with MailSink(tmp_path / "inbox").listening() as sink:
        yield sink


@pytest.fixture
async def sms_gateway(tmp_path: Path) -> AsyncIterator[SmsGateway]:
    """An SMS provider at `url`, key `key`; `texts` it took, `script` to make it fail, receipts to `callback_url`."""
    gateway = SmsGateway(tmp_path / "sms.jsonl")
    async with served(gateway_app(gateway)) as gateway.port:
        yield gateway
    await gateway.close()


@pytest.fixture
def free_port() -> int:
    """A TCP port of 127.0.0.1 nobody listens on."""
    return find_free_port()


@pytest.fixture
def still_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notifier's counters go by a clock that stands: no minute and no day ends in the middle of a test."""
    monkeypatch.setattr("notifier.limits.CLOCK", "timestamptz '2025-12-01 08:00:30+07'")
