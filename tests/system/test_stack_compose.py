"""docker-compose.yml says what it should, by Compose's own reading of it; no engine is needed for that."""

import json
import os
import re
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMPOSE = Path(sysconfig.get_path("scripts")) / "docker-compose"
OURS = {
    "roster-api", "roster-relay", "roster-reader", "matching-worker", "notifier", "notifier-api", "mail-sink",
    "sms-gateway", "portal",
}  # fmt: skip
SERVERS = {"postgres", "redis"}
MIGRATIONS = {"roster-migrate": "roster-api", "notifier-migrate": "notifier-api"}


SECRETS = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())
FILLED = {name: f"given-{name}" for name in SECRETS}


def ask_compose(*files: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Compose's own reading, with the example's settings; what this shell has set stays out."""
    chosen = [part for file in files for part in ("-f", file)]
    return subprocess.run(
        [COMPOSE, *chosen, "--env-file", ".env.example", "config", "--format", "json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def read_document(*files: str, **environment: str) -> dict[str, Any]:
    """The whole file after Compose resolved everything, with every secret filled in."""
    told = ask_compose(*files, environment={**FILLED, "COMPOSE_PROFILES": "sinks,portal", **environment})
    assert told.returncode == 0, told.stderr
    document: dict[str, Any] = json.loads(told.stdout)
    return document


def read_compose(*files: str, **environment: str) -> dict[str, Any]:
    """Its services."""
    services: dict[str, Any] = read_document(*files, **environment)["services"]
    return services


@pytest.mark.parametrize("name", sorted(set(SECRETS)))
def test_a_secret_left_empty_is_refused_by_compose_itself(name: str) -> None:
    told = ask_compose("docker-compose.yml", environment=FILLED | {name: ""})
    assert told.returncode != 0
    assert name in told.stderr


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return read_compose("docker-compose.yml")


def test_every_part_is_there(services: dict[str, Any]) -> None:
    assert set(services) == OURS | set(MIGRATIONS) | SERVERS


def test_the_sinks_run_only_where_they_are_asked_for(services: dict[str, Any]) -> None:
    sinks = {"mail-sink", "sms-gateway"}
    assert set(services) - set(read_compose("docker-compose.yml", COMPOSE_PROFILES="portal")) == sinks


@pytest.mark.parametrize("name", sorted(OURS | set(MIGRATIONS) | SERVERS))
def test_a_container_may_do_nothing_it_needs_not(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["pids_limit"]) > 0
    assert not {"privileged", "cap_add", "devices", "pid", "ipc", "userns_mode"} & set(service)
    if name in SERVERS:
        assert service["user"] not in {"", "root", "0"}
    else:
        assert service["build"]["dockerfile"] == "deploy/Dockerfile"
        assert "user" not in service, "the image's own: 10001"


def test_no_container_gets_the_engines_socket_or_writes_a_folder_of_the_machine(services: dict[str, Any]) -> None:
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    assert [each for each in mounts if each["type"] == "bind" and not each.get("read_only")] == []
    assert [each for each in mounts if "docker.sock" in str(each.get("source"))] == []


def test_images_of_others_are_named_by_their_digest(services: dict[str, Any]) -> None:
    for name in SERVERS:
        assert re.fullmatch(r"[\w/]+:[\w.-]+@sha256:[0-9a-f]{64}", services[name]["image"]), name
    base = re.search(r"^ARG BASE=(\S+)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert base is not None
    assert re.fullmatch(r"python:[\w.-]+@sha256:[0-9a-f]{64}", base[1])
    chosen = read_compose("docker-compose.yml", POSTGRES_IMAGE="here/postgres:18@sha256:" + "0" * 64)
    assert chosen["postgres"]["image"].startswith("here/")


REACHES = {
    "postgres": {"roster-api", "roster-relay", "roster-reader", "notifier", "notifier-api", *MIGRATIONS},
    "redis": {"roster-api", "roster-relay", "matching-worker", "notifier"},
    "roster-internal": {"matching-worker", "notifier"},
}


def networks_of(service: dict[str, Any]) -> set[str]:
    return set(service.get("networks") or {})


def test_postgres_valkey_and_the_internal_port_are_reached_by_those_who_need_them(services: dict[str, Any]) -> None:
    def reached_from(server: set[str]) -> set[str]:
        return {name for name, service in services.items() if networks_of(service) & server}

    assert reached_from(networks_of(services["postgres"])) - {"postgres"} == REACHES["postgres"]
    assert reached_from(networks_of(services["redis"])) - {"redis"} == REACHES["redis"]
    inner = {name for name, given in services["roster-api"]["networks"].items() if given and given.get("aliases")}
    assert inner == {"inner"}
    assert services["roster-api"]["networks"]["inner"]["aliases"] == ["roster-internal"]
    assert services["roster-api"]["environment"]["ROSTER_INTERNAL_HOST"] == "roster-internal"
    assert reached_from(inner) - {"roster-api"} == REACHES["roster-internal"]


def test_servers_solvers_readers_and_migrations_have_no_way_out() -> None:
    whole = read_document("docker-compose.yml")
    internal = {name for name, network in whole["networks"].items() if (network or {}).get("internal")}
    assert internal == {"postgres", "queue", "inner", "messages", "pages"}
    closed = {name for name, service in whole["services"].items() if networks_of(service) <= internal}
    assert closed == {"postgres", "redis", "matching-worker", "roster-reader", *MIGRATIONS}
    assert all(networks_of(service) for service in whole["services"].values()), "no default network"


def test_each_service_logs_in_to_valkey_as_itself_and_knows_no_others_password(services: dict[str, Any]) -> None:
    logins = {
        name: str(service["environment"]["REDIS_URL"]).split("@")[0]
        for name, service in services.items()
        if "REDIS_URL" in service.get("environment", {})
    }
    assert logins == {
        "roster-api": "redis://roster-api:given-REDIS_API_PASSWORD",
        "roster-relay": "redis://roster-relay:given-REDIS_RELAY_PASSWORD",
        "matching-worker": "redis://matching-worker:given-REDIS_SOLVER_PASSWORD",
        "notifier": "redis://notifier:given-REDIS_NOTIFIER_PASSWORD",
    }
    for name, service in services.items():
        known = set(re.findall(r"given-REDIS_\w+", str(service.get("environment"))))
        assert name == "redis" or known == set(re.findall(r"given-REDIS_\w+", logins.get(name, ""))), name


def test_valkey_does_not_start_without_its_users(services: dict[str, Any]) -> None:
    """The users come before the `&&`: what fails there starts no server that lets anybody in."""
    command = services["redis"]["command"][-1]
    assert re.match(r"users=\$+\(sh /run/valkey-users.sh\) && ", command)
    assert "requirepass" not in command
    script = ROOT / "deploy/commune_stack/valkey-users.sh"
    passwords = dict.fromkeys(re.findall(r"REDIS_\w+_PASSWORD", script.read_text()), "x")
    assert subprocess.run(["/bin/sh", script], env=passwords, capture_output=True, check=False).returncode == 0
    for name in passwords:
        without = passwords | {name: ""}
        assert subprocess.run(["/bin/sh", script], env=without, capture_output=True, check=False).returncode != 0, name


def test_the_first_administrators_key_is_known_to_the_api_alone(services: dict[str, Any]) -> None:
    holders = {name for name, service in services.items() if "ROSTER_BOOTSTRAP_KEY" in service.get("environment", {})}
    assert holders == {"roster-api"}


def test_postgres_logs_no_rows(services: dict[str, Any]) -> None:
    assert "log_error_verbosity=terse" in services["postgres"]["command"]


def test_no_container_may_take_the_machines_memory(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if not int(service.get("mem_limit", 0))] == []


@pytest.mark.parametrize(("migration", "api"), MIGRATIONS.items())
def test_migrations_are_a_step_of_their_own(services: dict[str, Any], migration: str, api: str) -> None:
    assert services[migration]["command"][1] == "migrate"
    assert services[migration]["restart"] == "no"
    assert services[api]["depends_on"][migration]["condition"] == "service_completed_successfully"


def test_everything_published_stays_on_this_machine_unless_told(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    assert {int(port["published"]) for port in ports} == {8000, 8001, 8003, 8025, 8026}
    assert services["roster-api"]["environment"]["ROSTER_INTERNAL_PORT"] == "8002"
    for asker in ("matching-worker", "notifier"):
        assert services[asker]["environment"]["ROSTER_API_URL"] == "http://roster-internal:8002"
    opened = read_compose("docker-compose.yml", PUBLISH="0.0.0.0")  # noqa: S104
    assert opened["roster-api"]["ports"][0]["host_ip"] == "0.0.0.0"  # noqa: S104
    assert opened["mail-sink"]["ports"][0]["host_ip"] == "127.0.0.1", "what people are sent is never shown around"


def test_secrets_come_from_the_environment_alone(services: dict[str, Any]) -> None:
    """A secret is what the environment gave or nothing; what is set arrives where it is needed."""
    secret_names = ("SECRET", "PASSWORD", "_KEY")
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            assert not (name.endswith(secret_names) and value not in ("", FILLED.get(name))), name
    given = read_compose(
        "docker-compose.yml", ROSTER_DATABASE_PASSWORD="pw1", ROSTER_SOLVER_KEY="key1", ROSTER_NOTIFIER_KEY="key2"
    )
    assert "roster:pw1@postgres" in given["roster-relay"]["environment"]["ROSTER_DATABASE_URL"]
    assert given["matching-worker"]["environment"]["ROSTER_SOLVER_KEY"] == "key1"
    assert "ROSTER_NOTIFIER_KEY" not in given["matching-worker"]["environment"]
    assert given["notifier"]["environment"]["ROSTER_NOTIFIER_KEY"] == "key2"
    assert "ROSTER_SOLVER_KEY" not in given["notifier"]["environment"]


def test_only_the_migrations_log_in_as_owners(services: dict[str, Any]) -> None:
    holders = {
        name
        for name, service in services.items()
        if any("_owner:" in str(v) for v in service.get("environment", {}).values())
    }
    assert holders == set(MIGRATIONS)


def test_the_file_for_an_engine_without_a_bridge_needs_none(services: dict[str, Any]) -> None:
    here = read_compose("docker-compose.yml", "deploy/compose.host-network.yml")
    assert set(here) == set(services)
    for service in here.values():
        assert service["network_mode"] == "host"
        assert not service.get("networks")
        assert not service.get("ports")
        assert service["image"].startswith("commune-roster/")
