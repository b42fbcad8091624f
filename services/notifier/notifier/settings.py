"""Every environment variable of the notifier's processes, read once in the composition root."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self

from commune_schemas.notices import NoticeKind
from commune_service.addresses import for_sqlalchemy
from commune_service.cleartext import REMEDY, find_cleartext
from commune_service.clock import refuse_in_production
from commune_service.data_keys import (
    DEVELOPMENT_DATA_KEYS,
    find_data_key_weaknesses,
    read_data_keys,
    read_keyset,
)
from commune_service.sealing import Sealer
from commune_service.secrets import RECEIPT_MINIMUM_BYTES, decode_receipt_secret, find_weaknesses
from commune_service.trace_settings import TraceSettings
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from notifier.providers import MailRelay, Providers, SmsGateway, read_providers
from notifier.test_mode_settings import TestModeSettings

GATEWAY_KEY_MINIMUM_LENGTH = 16
"""The SMS provider chooses it."""
DEVELOPMENT_RECEIPT_SECRET = "whsec_ZGV2ZWxvcG1lbnQtcmVjZWlwdC1zZWNyZXQ="  # noqa: S105 - refused in production below

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Limit = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Settings(TestModeSettings, TraceSettings):
    """`Settings()` reads the environment (names in capitals); tests pass values by keyword."""

    model_config = SettingsConfigDict(hide_input_in_errors=True, extra="ignore")

    notifier_environment: Literal["development", "production"] = "production"
    """Whoever says nothing means production; `make dev`, the demo and the tests say development."""
    notifier_database_url: str
    notifier_migration_database_url: str | None = None
    """The same database as its owner, for `migrate` alone. Without it the role above migrates, and owns its tables."""
    notifier_database_pool: int = Field(10, ge=2, le=100)
    notifier_database_timeout_seconds: Seconds = 10
    """A statement, or the wait for a connection, that takes longer counts as a database that is away."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    roster_api_url: str = "http://127.0.0.1:8002"
    """roster-api's internal port."""
    roster_notifier_key: SecretStr = SecretStr("")
    """What roster-api knows this service by."""
    roster_service_key: SecretStr | None = None
    """Gone: one key for both services. Refused, so that nobody believes it is still in use."""

    clock_file: Path | None = None
    """In development: holds the seconds by which every rule's clock is ahead. Production refuses it."""
    notifier_host: str = "127.0.0.1"
    notifier_port: int = Field(8001, ge=0, le=65535)
    notifier_public_url: str = "http://127.0.0.1:8001"
    notifier_api_key: SecretStr | None = None
    """Reads messages. Without it nobody may."""
    notifier_admin_key: SecretStr | None = None
    """May also ask for a message to be sent again. Without it nobody may."""
    notifier_office_key: SecretStr | None = None
    """roster-api's: templates, suppressions and webhooks, for an officer whom each request names."""

    notifier_providers_file: Path | None = None
    """Several mail relays or SMS gateways, or a gateway with an API of its own (JSON, deploy/providers). Without it
    there is one of each, from what follows."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "required", "implicit"] = "none"
    """`required`: STARTTLS, or nothing is sent; `implicit`: TLS from the first byte (port 465)."""
    smtp_starttls: str | None = None
    """Gone: it was never demanded of a server that did not offer it."""
    allow_cleartext: bool = False
    """Production starts although mail, SMS or links travel in clear: for sinks and relays on the same machine."""
    smtp_connections: int = Field(2, ge=1, le=32)
    notifier_webhooks_private: bool = False
    """Webhooks may lead into private networks (and, outside production, by plain HTTP): whoever holds the admin's key
    can then make this service call whatever it reaches."""
    mail_bounce_address: str = ""
    """The envelope's sender, where mail that cannot be delivered comes back to; empty: the address of `mail_from`."""
    mail_bounce_folder: Path | None = None
    """The Maildir that address is delivered into, for `notifier bounces`."""
    mail_from: str = "Điều phối hỗ trợ xã <khong-tra-loi@localhost.localdomain>"

    sms_gateway_url: str = "http://127.0.0.1:8026"
    sms_gateway_key: SecretStr = SecretStr("")
    sms_sender: str = "SNV"
    sms_connections: int = Field(2, ge=1, le=32)
    sms_receipt_secret: SecretStr = SecretStr(DEVELOPMENT_RECEIPT_SECRET)
    """Signs the gateway's delivery receipts (Standard Webhooks, 'whsec_' + base64)."""

    notifier_data_keys: SecretStr = SecretStr(DEVELOPMENT_DATA_KEYS)
    """The keyset that seals what messages say: `notifier data-keys new` makes one."""
    notifier_data_keys_file: Path | None = None
    """Where the keyset stands instead."""
    notifier_notice_days: int = Field(365, ge=1, le=3660)
    """What a message said is kept for so long; that it was sent, and when, stays."""

    email_per_minute: Limit = 0
    """The most that may be handed over; 0: as many as there are. What is beyond waits for the next minute or day."""
    email_per_day: Limit = 0
    sms_per_minute: Limit = 0
    sms_per_day: Limit = 0
    sms_segment_price: Limit = 0
    sms_cost_per_day: Limit = 0
    """Đồng for one segment of a text message, and for a day's."""
    notifier_kind_per_day: dict[str, Limit] = {}
    """By kind of notice, each channel by itself: {"placement_reminder": 5000}."""
    notifier_recipient_per_day: Limit = 20
    """By each channel: a loop somewhere must not reach a person a hundred times."""
    sms_quiet_from: time | None = None
    """With `sms_quiet_until`: between them, Vietnam's time, a text message goes out only where it is urgent (a
    placement changed or taken back). Mail is not held."""
    sms_quiet_until: time | None = None

    notifier_batch: int = Field(60, ge=1, le=500)
    """Messages claimed at once by one sender, at most: by a slow provider fewer are."""
    notifier_claim_seconds: Seconds = 30
    """A claimed message whose sender said nothing for so long is taken back."""
    notifier_dead_seconds: Seconds = 10
    """A sender that said nothing for so long counts as dead; it says that it lives five times as often."""
    notifier_send_seconds: Seconds = 20
    """Longest time one hand-over to a provider may take; twice that in 'sending' makes a message unknown."""
    notifier_poll_seconds: Seconds = 0.5
    notifier_sweep_seconds: Seconds = 5
    notifier_slow_seconds: Seconds = 5
    """A hand-over that takes longer counts as a failure of its provider, where the channel has another."""
    notifier_retry_seconds: Seconds = 10
    """First wait after a transient refusal; doubled each time, with jitter."""
    notifier_breaker_failures: int = Field(5, ge=1, le=1000)
    notifier_breaker_seconds: Seconds = 10
    """First time a failing provider is left alone; doubled each time it fails its probe."""

    @field_validator("notifier_database_url", "notifier_migration_database_url")
    @classmethod
    def _use_asyncpg(cls, url: str | None) -> str | None:
        return None if url is None else for_sqlalchemy(url)

    @field_validator("roster_service_key")
    @classmethod
    def _is_gone(cls, key: SecretStr | None) -> None:
        if key is not None and key.get_secret_value():
            raise ValueError("ROSTER_SERVICE_KEY is gone: set ROSTER_NOTIFIER_KEY, to the same value as in roster-api")

    @field_validator("smtp_starttls")
    @classmethod
    def _is_gone_too(cls, given: str | None) -> None:
        if given:
            raise ValueError("SMTP_STARTTLS is gone: set SMTP_TLS to required (STARTTLS), implicit (port 465) or none")

    @property
    def is_production(self) -> bool:
        return self.notifier_environment == "production"

    @field_validator("roster_api_url", "sms_gateway_url", "notifier_public_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator(
        "notifier_api_key",
        "notifier_admin_key",
        "notifier_migration_database_url",
        "smtp_username",
        "smtp_password",
        "notifier_data_keys_file",
        "notifier_providers_file",
        "mail_bounce_folder",
        "sms_quiet_from",
        "sms_quiet_until",
        "clock_file",
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("sms_receipt_secret")
    @classmethod
    def _is_readable(cls, secret: SecretStr) -> SecretStr:
        decode_receipt_secret(secret.get_secret_value())
        return secret

    @model_validator(mode="after")
    def _read_data_keys(self) -> Self:
        keys = read_data_keys(self.notifier_data_keys.get_secret_value(), file=self.notifier_data_keys_file)
        if keys or self.notifier_environment != "production":  # production says below what is missing
            read_keyset(keys)
        self.notifier_data_keys = SecretStr(keys)
        return self

    def make_sealer(self) -> Sealer:
        """What opens and seals in this process."""
        return Sealer(self.notifier_data_keys.get_secret_value())

    def list_providers(self) -> Providers:
        """Who carries messages. ValueError where the file cannot be read or understood."""
        if self.notifier_providers_file is not None:
            return read_providers(self.notifier_providers_file)
        relay = MailRelay(
            name="smtp",
            host=self.smtp_host,
            port=self.smtp_port,
            username=self.smtp_username,
            password=self.smtp_password,
            tls=self.smtp_tls,
            connections=self.smtp_connections,
        )
        gateway = SmsGateway(
            name="sms",
            url=self.sms_gateway_url,
            key=self.sms_gateway_key,
            sender=self.sms_sender,
            receipt_secret=self.sms_receipt_secret,
            connections=self.sms_connections,
        )
        return Providers(mail_relays=(relay,), sms_gateways=(gateway,))

    @model_validator(mode="after")
    def _have_both_ends(self) -> Self:
        if (self.sms_quiet_from is None) != (self.sms_quiet_until is None):
            raise ValueError("SMS_QUIET_FROM and SMS_QUIET_UNTIL go together")
        if self.sms_cost_per_day and not self.sms_segment_price:
            raise ValueError("SMS_COST_PER_DAY needs SMS_SEGMENT_PRICE, or nothing would be counted")
        unknown = sorted(set(self.notifier_kind_per_day) - {kind.value for kind in NoticeKind})
        if unknown:
            raise ValueError(f"NOTIFIER_KIND_PER_DAY names no kind of notice: {', '.join(unknown)}")
        return self

    @property
    def sms_segments_per_day(self) -> int | None:
        """What the cost of a day buys; None where no cost is set."""
        return self.sms_cost_per_day // self.sms_segment_price if self.sms_cost_per_day else None

    @model_validator(mode="after")
    def _keep_the_time_in_production(self) -> Self:
        refuse_in_production(self.clock_file, is_production=self.is_production)
        return self

    @model_validator(mode="after")
    def _understand_providers(self) -> Self:
        self.list_providers()
        return self

    @model_validator(mode="after")
    def _have_real_secrets_in_production(self) -> Self:
        if not self.is_production:
            return self
        secrets = {
            "ROSTER_NOTIFIER_KEY": self.roster_notifier_key,
            "NOTIFIER_API_KEY": self.notifier_api_key,
            "NOTIFIER_ADMIN_KEY": self.notifier_admin_key,
        }
        if self.notifier_office_key is not None and self.notifier_office_key.get_secret_value():
            secrets["NOTIFIER_OFFICE_KEY"] = self.notifier_office_key
        gateways = self.list_providers().sms_gateways
        gateway_keys = {_name_key(gateway): gateway.key for gateway in gateways}
        weaknesses = find_weaknesses(
            {name: secret.get_secret_value() if secret else "" for name, secret in (secrets | gateway_keys).items()},
            minimum_lengths=dict.fromkeys(gateway_keys, GATEWAY_KEY_MINIMUM_LENGTH),
        )
        weaknesses += find_data_key_weaknesses("NOTIFIER_DATA_KEYS", self.notifier_data_keys.get_secret_value())
        weaknesses += [weakness for gateway in gateways for weakness in _find_receipt_weaknesses(gateway)]
        if not self.allow_cleartext:
            weaknesses += self._list_cleartext()
        if weaknesses:
            raise ValueError("; ".join(weaknesses))
        return self

    def _list_cleartext(self) -> list[str]:
        providers = self.list_providers()
        is_single = self.notifier_providers_file is None
        mail = [
            f"{'SMTP_TLS' if is_single else f'tls of {relay.name}'} is none: mail would travel in clear"
            f" (required or implicit, {REMEDY})"
            for relay in providers.mail_relays
            if relay.tls == "none"
        ]
        urls = {"SMS_GATEWAY_URL" if is_single else f"url of {g.name}": g.url for g in providers.sms_gateways}
        return [*mail, *find_cleartext(urls)]


def _name_key(gateway: SmsGateway) -> str:
    return "SMS_GATEWAY_KEY" if gateway.name == "sms" else f"key of {gateway.name}"


def _find_receipt_weaknesses(gateway: SmsGateway) -> list[str]:
    if gateway.receipt_secret is None:
        return []
    secret = decode_receipt_secret(gateway.receipt_secret.get_secret_value())
    if not secret.startswith(b"development") and len(secret) >= RECEIPT_MINIMUM_BYTES and len(set(secret)) >= 10:
        return []
    name = "SMS_RECEIPT_SECRET" if gateway.name == "sms" else f"receipt_secret of {gateway.name}"
    weak = f"{name} is a development value or holds fewer than {RECEIPT_MINIMUM_BYTES} random bytes"
    return [f"{weak} (echo whsec_$(openssl rand -base64 32))"]
