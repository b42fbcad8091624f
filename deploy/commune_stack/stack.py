"""The whole system as processes on this machine: servers, services, sinks, in order, each restarted when it dies.

Used by `make dev`, the demo and the tests that kill things. The services are known here only as commands and
environment variables, exactly as an operator knows them.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commune_stack.issuer import issuer_settings
from commune_stack.keys import Keys
from commune_stack.portal import portal_program
from commune_stack.ports import free_port, give_back_port
from commune_stack.postgres import Postgres
from commune_stack.programs import Probe, Program, all_of, answers
from commune_stack.supervisor import Supervisor
from commune_stack.valkey import Valkey

RECEIPT_SECRET = "whsec_ZGV2ZWxvcG1lbnQtcmVjZWlwdC1zZWNyZXQ="  # noqa: S105 - of the development gateway only
WISHED_PORTS = {
    "roster": 8000, "notifier": 8001, "internal": 8002, "smtp": 1025, "mail": 8025, "sms": 8026,
    "issuer": 8027, "portal": 8003,
}  # fmt: skip
"""Of a lasting stack, where they are free; a throwaway one takes any."""
QUEUE_USERS = {
    ("roster-api", "serve"): "roster-api", ("roster-api", "relay"): "roster-relay",
    ("matching-worker", "serve"): "matching-worker", ("notifier", "worker"): "notifier",
}  # fmt: skip


@dataclass(frozen=True)
class Addresses:
    """Where everything answers."""

    roster_api: str
    roster_internal: str
    """Where the services ask roster-api; people cannot."""
    notifier: str
    mail_page: str
    sms_page: str
    issuer: str
    """The development issuer of tokens, whose people stand in `commune_stack.issuer`."""
    portal: str
    """The pages; answers only in a stack that has them."""


class Stack:
    """`start` brings everything up in order; `stop` takes it down. Processes by name in `supervisor`.

    Names: postgres, valkey, mail-sink, sms-gateway, issuer, roster-api, roster-relay, roster-reader,
    matching-worker-1.., notifier, notifier-worker-1.., and portal where it is asked for. With ROSTER_DATABASE_URL,
    NOTIFIER_DATABASE_URL or REDIS_URL in `environment`, those servers are used and ours are not started.
    """

    def __init__(
        self,
        directory: Path,
        *,
        environment: Mapping[str, str],
        durable: bool = False,
        matching_workers: int = 1,
        notifier_workers: int = 1,
        inbox: Path | None = None,
        sms_log: Path | None = None,
        with_portal: bool = False,
    ) -> None:
        self.directory = directory
        self.environment = environment
        self.matching_workers = matching_workers
        self.notifier_workers = notifier_workers
        self.inbox = inbox or directory / "inbox"
        self.with_portal = with_portal
        self.sms_log = sms_log or directory / "sms.jsonl"
        self.clock_file = (directory / "clock").absolute()
        """Seconds in it move the clock of every rule, in all services at once; without it the clock is right."""
        self.keys = Keys.of(directory)
        self.postgres = Postgres(directory / "postgres", durable=durable)
        self.valkey = Valkey(directory / "valkey")
        self.supervisor = Supervisor(directory)
        self._ports = {name: free_port(wished if durable else 0) for name, wished in WISHED_PORTS.items()}

    @property
    def addresses(self) -> Addresses:
        at = "http://127.0.0.1:"
        return Addresses(
            roster_api=f"{at}{self._ports['roster']}",
            roster_internal=f"{at}{self._ports['internal']}",
            notifier=f"{at}{self._ports['notifier']}",
            mail_page=f"{at}{self._ports['mail']}",
            sms_page=f"{at}{self._ports['sms']}",
            issuer=f"{at}{self._ports['issuer']}",
            portal=f"{at}{self._ports['portal']}",
        )

    async def start(self) -> None:
        """Returns when every process answers. Raises NotReadyError, naming the log, when one does not."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.inbox.parent.mkdir(parents=True, exist_ok=True)
        await self._start_servers()
        settings = self._settings()
        await self.supervisor.start(self._migrations(settings), together=True)
        await self.supervisor.start(self._programs(settings), together=True)

    async def stop(self) -> None:
        await self.supervisor.stop()
        for port in (*self._ports.values(), self.postgres.port, self.valkey.port):
            give_back_port(port)

    async def wait_ready(self) -> None:
        """Until everything answers again."""
        await self.supervisor.wait_ready()

    def kill(self, name: str) -> None:
        """SIGKILL one process; it is started again by itself, as after any crash."""
        self.supervisor[name].kill()

    def pause(self, name: str) -> None:
        """SIGSTOP one process, until `resume`."""
        self.supervisor[name].pause()

    def resume(self, name: str) -> None:
        self.supervisor[name].resume()

    async def kill_and_keep_down(self, name: str) -> None:
        """SIGKILL one process and leave it down, until `bring_back`."""
        self.supervisor[name].kill()
        await self.supervisor[name].stop()

    async def bring_back(self, name: str) -> None:
        """Start again what was kept down; returns when it answers."""
        await self.supervisor[name].start()
        await self.supervisor[name].wait_ready(self.supervisor.ready_timeout_seconds)

    async def wipe_valkey(self) -> None:
        """Valkey dies and loses everything; it comes back empty on the same port."""
        await self.kill_and_keep_down("valkey")
        self.valkey.wipe()
        await self.bring_back("valkey")

    async def _start_servers(self) -> None:
        if "ROSTER_DATABASE_URL" not in self.environment or "NOTIFIER_DATABASE_URL" not in self.environment:
            await self.postgres.prepare()
            await self.supervisor.start([self.postgres.program()])
            for name in ("roster", "notifier"):
                await self.postgres.create_service_database(name)
        if "REDIS_URL" not in self.environment:
            self.valkey.prepare()
            await self.supervisor.start([self.valkey.program()])

    def _settings(self) -> dict[str, str]:
        """The environment of every service: one dictionary, as an operator would write one .env file."""
        given, keys, where = self.environment, self.keys, self.addresses
        return {
            "ROSTER_ENVIRONMENT": "development",
            "MATCHING_ENVIRONMENT": "development",
            "NOTIFIER_ENVIRONMENT": "development",
            "ROSTER_DATABASE_URL": given.get("ROSTER_DATABASE_URL") or self.postgres.service_url("roster"),
            "NOTIFIER_DATABASE_URL": given.get("NOTIFIER_DATABASE_URL") or self.postgres.service_url("notifier"),
            "CLOCK_FILE": str(self.clock_file),
            "ROSTER_PORT": str(self._ports["roster"]),
            "ROSTER_INTERNAL_PORT": str(self._ports["internal"]),
            "ROSTER_PUBLIC_URL": where.roster_api,
            "ROSTER_API_URL": where.roster_internal,
            "ROSTER_ISSUERS": json.dumps([issuer_settings(where.issuer)]),
            "ROSTER_PORTAL_URL": where.portal,
            "ROSTER_NOTIFIER_URL": where.notifier,
            "ROSTER_LINK_SECRET": keys.link_secret,
            "ROSTER_BOOTSTRAP_KEY": keys.admin,
            "ROSTER_DATA_KEYS": keys.data_keys,
            "ROSTER_LOOKUP_KEY": keys.lookup,
            "ROSTER_SOLVER_KEY": keys.solver,
            "ROSTER_NOTIFIER_KEY": keys.roster_notifier,
            "NOTIFIER_PORT": str(self._ports["notifier"]),
            "NOTIFIER_PUBLIC_URL": where.notifier,
            "NOTIFIER_API_KEY": keys.notifier,
            "NOTIFIER_OFFICE_KEY": keys.office,
            "NOTIFIER_DATA_KEYS": keys.data_keys,
            "NOTIFIER_ADMIN_KEY": keys.admin,
            # Whoever plays with real lists on this machine reaches the sinks below, and nobody else.
            "NOTIFIER_TEST_RELAYS": f"127.0.0.1:{self._ports['smtp']},127.0.0.1:{self._ports['sms']}",
            "NOTIFIER_TEST_RECIPIENTS": "*",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self._ports["smtp"]),
            "SMS_GATEWAY_URL": where.sms_page,
            "SMS_GATEWAY_KEY": keys.sms,
            "SMS_RECEIPT_SECRET": RECEIPT_SECRET,
        }

    def _migrations(self, settings: Mapping[str, str]) -> list[Program]:
        """They alone are told how to log in as the owner of a schema."""
        return [
            Program(
                name=f"{service}-migrate",
                argv=(command(service), "migrate"),
                environment={**settings, **self._owner_setting(database)},
                is_step=True,
            )
            for service, database in (("roster-api", "roster"), ("notifier", "notifier"))
        ]

    def _owner_setting(self, database: str) -> dict[str, str]:
        """Of a server that was given, the owner is given too, or the service itself migrates."""
        name = f"{database.upper()}_MIGRATION_DATABASE_URL"
        is_given = f"{database.upper()}_DATABASE_URL" in self.environment
        return {name: self.environment.get(name, "") if is_given else self.postgres.owner_url(database)}

    def _queue_setting(self, service: str, verb: str) -> dict[str, str]:
        """Each process is told its own user, if it has one; of a server that was given, what was given."""
        given, user = self.environment.get("REDIS_URL"), QUEUE_USERS.get((service, verb))
        return {"REDIS_URL": given or self.valkey.url(user)} if user else {}

    def _programs(self, settings: Mapping[str, str]) -> list[Program]:
        where = self.addresses

        def program(name: str, service: str, verb: str, probe: Probe | None = None, *ports: int) -> Program:
            environment = {**settings, **self._queue_setting(service, verb)}
            return Program(name=name, argv=(command(service), verb), environment=environment, probe=probe, ports=ports)

        return [
            *self._sinks(),
            program(
                "roster-api",
                "roster-api",
                "serve",
                all_of(answers(f"{where.roster_api}/health"), answers(f"{where.roster_internal}/health")),
                self._ports["roster"],
                self._ports["internal"],
            ),
            program("roster-relay", "roster-api", "relay"),
            program("roster-reader", "roster-api", "reader"),
            program("notifier", "notifier", "serve", answers(f"{where.notifier}/health"), self._ports["notifier"]),
            *(program(f"matching-worker-{n + 1}", "matching-worker", "serve") for n in range(self.matching_workers)),
            *(program(f"notifier-worker-{n + 1}", "notifier", "worker") for n in range(self.notifier_workers)),
            *([self._portal()] if self.with_portal else []),
        ]

    def _portal(self) -> Program:
        where = self.addresses
        return portal_program(
            command("commune-portal"), url=where.portal, roster_api=where.roster_api, issuer=where.issuer,
            session_secret=self.keys.portal_session, clock_file=self.clock_file,
        )  # fmt: skip

    def _sinks(self) -> list[Program]:
        where, ports = self.addresses, self._ports
        own = command("commune-stack")
        mail = ("--folder", str(self.inbox), "--smtp-port", str(ports["smtp"]), "--http-port", str(ports["mail"]))
        callback = f"{where.notifier}/v1/receipts/sms"
        sms = ("--log", str(self.sms_log), "--port", str(ports["sms"]), "--callback-url", callback)
        secrets_of_sms = {"SMS_GATEWAY_KEY": self.keys.sms, "SMS_RECEIPT_SECRET": RECEIPT_SECRET}
        return [
            Program(
                name="mail-sink",
                argv=(own, "mail-sink", *mail),
                probe=answers(f"{where.mail_page}/health"),
                ports=(ports["mail"], ports["smtp"]),
            ),
            Program(
                name="sms-gateway",
                argv=(own, "sms-gateway", *sms),
                environment=secrets_of_sms,
                probe=answers(f"{where.sms_page}/health"),
                ports=(ports["sms"],),
            ),
            Program(
                name="issuer",
                argv=(own, "issuer", "--port", str(ports["issuer"])),
                probe=answers(f"{where.issuer}/.well-known/openid-configuration"),
                ports=(ports["issuer"],),
            ),
        ]


def command(name: str) -> str:
    """A console script of this environment, by its full path."""
    return str(Path(sys.executable).with_name(name))
