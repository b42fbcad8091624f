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


def read_compose(*files: str, **environment: str) -> dict[str, Any]:
    """The services after Compose resolved everything, with every secret filled in."""
    told = ask_compose(*files, environment={**FILLED, "COMPOSE_PROFILES": "sinks,portal", **environment})
    assert told.returncode == 0, told.stderr
    services: dict[str, Any] = json.loads(told.stdout)["services"]
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
    assert set(services) == OURS | set(MIGRATIONS) | {"postgres", "redis"}


def test_the_sinks_run_only_where_they_are_asked_for(services: dict[str, Any]) -> None:
    sinks = {"mail-sink", "sms-gateway"}
    assert set(services) - set(read_compose("docker-compose.yml", COMPOSE_PROFILES="portal")) == sinks


@pytest.mark.parametrize("name", sorted(OURS | set(MIGRATIONS)))
def test_our_containers_may_do_nothing_they_need_not(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["build"]["dockerfile"] == "deploy/Dockerfile"


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
        assert services[asker]["environment"]["ROSTER_API_URL"] == "http://roster-api:8002"
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
        assert not service.get("ports")
        assert service["image"].startswith("commune-roster/")
