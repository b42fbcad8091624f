"""Every environment variable of roster-api and its relay, read once in the composition root."""

from datetime import time, timedelta
from pathlib import Path
from typing import Literal, Self

from commune_service.addresses import for_sqlalchemy
from commune_service.cleartext import find_cleartext
from commune_service.clock import refuse_in_production
from commune_service.data_keys import (
    DEVELOPMENT_DATA_KEYS,
    DEVELOPMENT_LOOKUP_KEY,
    find_data_key_weaknesses,
    read_data_keys,
    read_keyset,
)
from commune_service.outbound import OutboundRule, RefusedAddressError, check_url
from commune_service.sealing import Sealer
from commune_service.secrets import find_weaknesses
from commune_service.trace_settings import TraceSettings
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from roster_api.issuer_settings import IssuerSettings
from roster_api.setting_kinds import Networks, Origins, WorkingHours

DEVELOPMENT_SECRET = "development-link-secret-not-for-production"  # noqa: S105 - refused in production below


class Settings(TraceSettings):
    """`Settings()` reads the environment; tests pass values by keyword. ValidationError when something is off."""

    model_config = SettingsConfigDict(hide_input_in_errors=True, extra="ignore", populate_by_name=True)

    environment: Literal["development", "production"] = Field("production", validation_alias="ROSTER_ENVIRONMENT")
    """Whoever says nothing means production; `make dev`, the demo and the tests say development."""
    database_url: str = Field(validation_alias="ROSTER_DATABASE_URL")
    migration_database_url: str | None = Field(None, validation_alias="ROSTER_MIGRATION_DATABASE_URL")
    """The same database as its owner, for `migrate` alone. Without it the role above migrates, and owns its tables."""
    redis_url: str = Field("redis://127.0.0.1:6379/0", validation_alias="REDIS_URL")
    public_url: str = Field("http://127.0.0.1:8000", validation_alias="ROSTER_PUBLIC_URL")
    link_secret: SecretStr = Field(SecretStr(DEVELOPMENT_SECRET), validation_alias="ROSTER_LINK_SECRET")
    data_keys: SecretStr = Field(SecretStr(DEVELOPMENT_DATA_KEYS), validation_alias="ROSTER_DATA_KEYS")
    """The keyset that seals contacts, lists and frozen words: `roster-api data-keys new` makes one."""
    data_keys_file: Path | None = Field(None, validation_alias="ROSTER_DATA_KEYS_FILE")
    """Where the keyset stands instead."""
    lookup_key: SecretStr = Field(SecretStr(DEVELOPMENT_LOOKUP_KEY), validation_alias="ROSTER_LOOKUP_KEY")
    """By whose digests a phone or an e-mail is looked up. Changed, all are to be made anew: `lookup-key rotate`."""
    bootstrap_key: SecretStr | None = Field(None, validation_alias="ROSTER_BOOTSTRAP_KEY")
    solver_key: SecretStr | None = Field(None, validation_alias="ROSTER_SOLVER_KEY")
    """matching-worker's, with the same name there. Without it no worker may ask."""
    notifier_key: SecretStr | None = Field(None, validation_alias="ROSTER_NOTIFIER_KEY")
    """notifier's, with the same name there. Without it no notice is prepared."""
    notifier_url: str | None = Field(None, validation_alias="ROSTER_NOTIFIER_URL")
    """The notifier's API, asked for the state of a plan's messages. Without it that answer is 503."""
    notifier_api_key: SecretStr | None = Field(None, validation_alias="NOTIFIER_API_KEY")
    """With the same name there: it may read messages' states, and nothing else."""
    notifier_office_key: SecretStr | None = Field(None, validation_alias="NOTIFIER_OFFICE_KEY")
    """With the same name there: words, suppressions and webhooks, for the officer who asks. Without it they are 503."""
    service_key: SecretStr | None = Field(None, validation_alias="ROSTER_SERVICE_KEY")
    """Gone: one key for both services. Refused, so that nobody believes it is still in use."""
    host: str = Field("127.0.0.1", validation_alias="ROSTER_HOST")
    port: int = Field(8000, validation_alias="ROSTER_PORT", ge=0, le=65535)
    internal_host: str = Field("127.0.0.1", validation_alias="ROSTER_INTERNAL_HOST")
    internal_port: int = Field(8002, validation_alias="ROSTER_INTERNAL_PORT", ge=0, le=65535)
    """Where the other services ask, and nobody else: the public port answers 404 for /v1/internal."""
    trusted_proxies: Networks = Field(default=[], validation_alias="ROSTER_TRUSTED_PROXIES")
    """Addresses or networks, with commas between, whose X-Forwarded-For is believed; nobody else's is."""
    portal_origins: Origins = Field(default=[], validation_alias="ROSTER_PORTAL_ORIGINS")
    """Origins (https://host), with commas between, whose pages may ask from a browser; none unless named."""
    allow_cleartext: bool = Field(default=False, validation_alias="ALLOW_CLEARTEXT")
    """Production starts although personal links travel in clear: for trying the system on one machine."""
    issuers: list[IssuerSettings] = Field(default=[], validation_alias="ROSTER_ISSUERS")
    """OpenID Connect issuers whose tokens let people in, as a JSON list; see docs/access.md. Without: keys alone."""
    portal_url: str | None = Field(None, validation_alias="ROSTER_PORTAL_URL")
    """Where people sign in: what an inviter passes on."""
    issuers_may_be_inside: bool = Field(False, validation_alias="ROSTER_ISSUERS_MAY_BE_INSIDE")
    """Their addresses may be private ones. In development they may be anyway."""
    issuers_asked_every_seconds: float = Field(30, validation_alias="ROSTER_ISSUERS_ASKED_EVERY_SECONDS", ge=1, le=3600)
    """No sooner is an issuer asked again for its keys, however many tokens name unknown ones."""
    database_pool: int = Field(10, validation_alias="ROSTER_DATABASE_POOL", ge=1, le=100)
    database_timeout_seconds: float = Field(10, validation_alias="ROSTER_DATABASE_TIMEOUT_SECONDS", gt=0, le=600)
    """A statement, or the wait for a connection, that takes longer counts as a database that is away."""
    list_timeout_seconds: float = Field(60, validation_alias="ROSTER_LIST_TIMEOUT_SECONDS", gt=0, le=600)
    """The same for a statement that commits a school's list, or takes it back."""
    uploads_at_once: int = Field(2, validation_alias="ROSTER_UPLOADS_AT_ONCE", ge=1, le=1000)
    """Of one key, and of one school."""
    streams_at_once: int = Field(5, validation_alias="ROSTER_STREAMS_AT_ONCE", ge=1, le=1000)
    """Event streams of one account or key; of one address four times as many."""
    requests_at_once: int = Field(200, validation_alias="ROSTER_REQUESTS_AT_ONCE", ge=1, le=10_000)
    """Of people, being answered at one moment by one process."""
    requests_a_minute: int = Field(3000, validation_alias="ROSTER_REQUESTS_A_MINUTE", ge=1)
    """Of one account or key, in each process; of one address four times as many."""
    heavy_requests_an_hour: int = Field(240, validation_alias="ROSTER_HEAVY_REQUESTS_AN_HOUR", ge=1)
    """Lists read, runs, exports: of each kind, of one account or key; of one address four times as many."""
    wrong_links_a_minute: int = Field(10, validation_alias="ROSTER_WRONG_LINKS_A_MINUTE", ge=1)
    wrong_keys_a_minute: int = Field(30, validation_alias="ROSTER_WRONG_KEYS_A_MINUTE", ge=1)
    """Of one address."""
    live_runs: int = Field(1, validation_alias="ROSTER_LIVE_RUNS", ge=1, le=1000)
    """Matching runs of one campaign, waiting or running; more when a request says `force`."""

    working_hours: WorkingHours = Field(
        default=[(time(7, 30), time(11, 30)), (time(13, 30), time(17))], validation_alias="ROSTER_WORKING_HOURS"
    )
    """Of the province's offices, on working days: 'HH:MM-HH:MM', with commas between."""
    working_day_hours: float = Field(8, validation_alias="ROSTER_WORKING_DAY_HOURS", gt=0, le=24)
    """How many hours of them 'one working day' is where a time limit is said in days."""
    link_days: int = Field(31, validation_alias="ROSTER_LINK_DAYS", ge=0, le=3660)
    """A personal link opens for so long after its campaign's last day."""
    invitation_days: int = Field(30, validation_alias="ROSTER_INVITATION_DAYS", ge=1, le=366)
    """An invitation's link opens for so long after it was sent, or reminded of."""
    upload_days: int = Field(30, validation_alias="ROSTER_UPLOAD_DAYS", ge=1, le=3660)
    """A school's list is kept as it was sent, with its rows, for so long; counts and dates stay."""
    reason_days: int = Field(180, validation_alias="ROSTER_REASON_DAYS", ge=1, le=3660)
    """Why people cannot go is kept for so long after the campaign's last day; that they could not stays."""
    data_request_days: int = Field(2, validation_alias="ROSTER_DATA_REQUEST_DAYS", ge=1, le=60)
    """Working days within which a person is answered who asks about their own data."""
    clock_file: Path | None = Field(None, validation_alias="CLOCK_FILE")
    """In development: holds the seconds by which every rule's clock is ahead. Production refuses it."""
    replay_hours: int = Field(24, validation_alias="ROSTER_REPLAY_HOURS", ge=1, le=720)
    """An answer is repeated to the same Idempotency-Key for so long."""

    @property
    def working_day(self) -> timedelta:
        return timedelta(hours=self.working_day_hours)

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _use_asyncpg(cls, url: str | None) -> str | None:
        return None if url is None else for_sqlalchemy(url)

    @property
    def outbound_rule(self) -> OutboundRule:
        """What an issuer's addresses may be."""
        is_development = self.environment == "development"
        return OutboundRule(allows_http=is_development, allows_private=is_development or self.issuers_may_be_inside)

    @model_validator(mode="after")
    def _have_issuers_that_may_be_asked(self) -> Self:
        names = [each.issuer for each in self.issuers]
        if len(set(names)) < len(names):
            raise ValueError("ROSTER_ISSUERS names an issuer twice")
        for each in self.issuers:
            for url in filter(None, (each.issuer, each.jwks_url)):
                try:
                    check_url(url, self.outbound_rule)
                except RefusedAddressError as error:
                    raise ValueError(f"ROSTER_ISSUERS: {error}") from None
        return self

    @field_validator("service_key")
    @classmethod
    def _is_gone(cls, key: SecretStr | None) -> None:
        if key is not None:
            raise ValueError(
                "ROSTER_SERVICE_KEY is gone: set ROSTER_SOLVER_KEY (matching-worker) and ROSTER_NOTIFIER_KEY (notifier)"
            )

    @model_validator(mode="after")
    def _have_two_ports(self) -> Self:
        if self.port and self.port == self.internal_port:
            raise ValueError("ROSTER_INTERNAL_PORT must be another port than ROSTER_PORT")
        return self

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator(
        "bootstrap_key",
        "solver_key",
        "notifier_key",
        "notifier_office_key",
        "service_key",
        "migration_database_url",
        "portal_url",
        "data_keys_file",
        "clock_file",
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, key: object) -> object:
        return None if key == "" else key

    @model_validator(mode="after")
    def _read_data_keys(self) -> Self:
        keys = read_data_keys(self.data_keys.get_secret_value(), file=self.data_keys_file)
        if keys or not self.is_production:  # production says below what is missing
            read_keyset(keys)
        self.data_keys = SecretStr(keys)
        return self

    def make_sealer(self) -> Sealer:
        """What opens and seals in this process."""
        return Sealer(self.data_keys.get_secret_value(), lookup_key=self.lookup_key.get_secret_value())

    @model_validator(mode="after")
    def _keep_the_time_in_production(self) -> Self:
        refuse_in_production(self.clock_file, is_production=self.is_production)
        return self

    @model_validator(mode="after")
    def _have_real_secrets_in_production(self) -> Self:
        if not self.is_production:
            return self
        secrets = {
            "ROSTER_LINK_SECRET": self.link_secret,
            "ROSTER_LOOKUP_KEY": self.lookup_key,
            "ROSTER_SOLVER_KEY": self.solver_key,
            "ROSTER_NOTIFIER_KEY": self.notifier_key,
        }
        if self.bootstrap_key is not None:  # taken out again once another administrator's key was made
            secrets["ROSTER_BOOTSTRAP_KEY"] = self.bootstrap_key
        if self.notifier_office_key is not None:
            secrets["NOTIFIER_OFFICE_KEY"] = self.notifier_office_key
        weaknesses = find_weaknesses(
            {name: secret.get_secret_value() if secret else "" for name, secret in secrets.items()}
        )
        weaknesses += find_data_key_weaknesses("ROSTER_DATA_KEYS", self.data_keys.get_secret_value())
        if not self.allow_cleartext:
            origins = {f"ROSTER_PORTAL_ORIGINS ({origin})": origin for origin in self.portal_origins}
            weaknesses += find_cleartext({"ROSTER_PUBLIC_URL": self.public_url, **origins})
        if weaknesses:
            raise ValueError("; ".join(weaknesses))
        return self
