"""Who may do what in Valkey: each service what it uses, nobody without a name, and no service what another does."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from commune_stack.valkey import KEEPER, PASSWORDS, as_user
from redis.exceptions import AuthenticationError, NoPermissionError

Deed = Callable[["redis.Redis"], Any]
DEEDS: dict[str, tuple[set[str], Deed]] = {
    "puts a run into the solvers' queue": ({"roster-relay"}, lambda c: c.zadd("matching", {"x": 1})),
    "puts a notice into the queue": ({"roster-relay"}, lambda c: c.zadd("notices", {"x": 1})),
    "takes a run": ({"matching-worker"}, lambda c: c.zrem("matching", "x")),
    "takes a notice": ({"notifier"}, lambda c: c.zrem("notices", "x")),
    "reads a job": ({"matching-worker", "notifier"}, lambda c: c.get("arq:job:x")),
    "reads a caller's count": ({"roster-api"}, lambda c: c.get("roster-rates:x")),
    "takes a caller's count back": (set(), lambda c: c.delete("roster-rates:x")),
    "asks whether the queue takes": ({"roster-relay", "notifier"}, lambda c: c.set("commune-roster:probe", 1, px=9)),
    "passes for a solver that lives": ({"matching-worker"}, lambda c: c.set("matching:health-check:x", 1)),
    "writes where nobody looks": (set(), lambda c: c.set("anything", 1)),
    "empties the database": (set(), lambda c: c.flushdb()),
    "empties the server": (set(), lambda c: c.flushall()),
    "changes the settings": (set(), lambda c: c.config_set("maxmemory", 1)),
    "reads the settings": (set(), lambda c: c.config_get("*")),
    "makes a user": (set(), lambda c: c.acl_setuser("evil", enabled=True, nopass=True)),
    "sees what others ask": (set(), lambda c: c.client_list()),
    "makes it another's copy": (set(), lambda c: c.replicaof("127.0.0.1", 1)),
    "stops it": (set(), lambda c: c.shutdown()),
    "writes its memory into a file": (set(), lambda c: c.save()),
    "runs a program in it": (set(), lambda c: c.eval("return 1", 0)),
    "speaks on channels": (set(), lambda c: c.publish("x", "y")),
}


@pytest.fixture
def keepers_url(redis_url: str) -> str:
    if f"//{KEEPER}:" not in redis_url:
        pytest.skip("the users of a server that was given are its operator's")
    return redis_url


@pytest.mark.parametrize("deed", DEEDS)
def test_each_service_does_what_it_needs_and_nothing_else(keepers_url: str, deed: str) -> None:
    allowed, act = DEEDS[deed]
    done = set()
    for user in PASSWORDS:
        with redis.Redis.from_url(as_user(keepers_url, user)) as client:
            try:
                act(client)
            except NoPermissionError:
                continue
            done.add(user)
    assert done == allowed


def test_nobody_gets_in_without_a_name_or_with_anothers_password(keepers_url: str) -> None:
    at = keepers_url.rpartition("@")[2]
    password = urlsplit(as_user(keepers_url, "notifier")).password
    for login in ("", f":{password}@", f"default:{password}@", f"roster-relay:{password}@", "notifier:@"):
        with redis.Redis.from_url(f"redis://{login}{at}") as client, pytest.raises(AuthenticationError):
            client.ping()


def test_the_users_are_those_of_the_script_and_the_keeper(keepers_url: str) -> None:
    with redis.Redis.from_url(keepers_url) as client:
        users = {name: client.acl_getuser(name) for name in client.acl_users()}
    assert set(users) == {"default", KEEPER, *PASSWORDS}
    assert not users["default"]["enabled"]
    for name in PASSWORDS:
        assert "-@all" in users[name]["categories"], name
        assert "nopass" not in users[name]["flags"], name
