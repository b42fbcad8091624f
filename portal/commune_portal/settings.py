"""Every environment variable of the portal, read once in the composition root."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from commune_service.clock import refuse_in_production
from commune_service.secrets import find_weaknesses
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEVELOPMENT_SECRET = "development-session-secret-not-for-production"  # noqa: S105 - refused in production below


class Settings(BaseSettings):
    """`Settings()` reads the environment; tests pass values by keyword. ValidationError when something is off."""

    model_config = SettingsConfigDict(hide_input_in_errors=True, extra="ignore", populate_by_name=True)

    environment: Literal["development", "production"] = Field("production", validation_alias="PORTAL_ENVIRONMENT")
    """Whoever says nothing means production; only in development is there a sign-in without typing."""
    public_url: str = Field("http://127.0.0.1:8003", validation_alias="PORTAL_PUBLIC_URL")
    """As browsers see it: the one origin forms are taken from, and where the issuer sends people back to."""
    roster_url: str = Field(validation_alias="PORTAL_ROSTER_URL")
    """The public API of roster-api."""
    issuer_url: str = Field(validation_alias="PORTAL_ISSUER_URL")
    """OpenID Connect; its configuration is read from <issuer>/.well-known/openid-configuration."""
    client_id: str = Field("commune-portal", validation_alias="PORTAL_CLIENT_ID")
    client_secret: SecretStr | None = Field(None, validation_alias="PORTAL_CLIENT_SECRET")
    """None: a public client, by PKCE alone."""
    scope: str = Field("openid email profile", validation_alias="PORTAL_SCOPE")
    token: Literal["id_token", "access_token"] = Field("id_token", validation_alias="PORTAL_TOKEN")
    """Which of the issuer's tokens roster-api is shown; an access token must be a JWT for its audience."""
    session_secret: SecretStr = Field(SecretStr(DEVELOPMENT_SECRET), validation_alias="PORTAL_SESSION_SECRET")
    session_hours: float = Field(8, validation_alias="PORTAL_SESSION_HOURS", gt=0, le=24)
    """At most; a session also ends with its token."""
    metrics_token: SecretStr | None = Field(None, validation_alias="PORTAL_METRICS_TOKEN")
    """Prometheus shows it at /metrics; None: there is no such page."""
    clock_file: Path | None = Field(None, validation_alias="CLOCK_FILE")
    """In development: holds the seconds by which the clock of "today" is ahead. Production refuses it."""
    host: str = Field("127.0.0.1", validation_alias="PORTAL_HOST")
    port: int = Field(8003, validation_alias="PORTAL_PORT", ge=0, le=65535)
    trusted_proxies: Annotated[list[str], NoDecode] = Field(default=[], validation_alias="PORTAL_TRUSTED_PROXIES")

    @field_validator("public_url", "roster_url", "issuer_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("client_secret", "metrics_token", "clock_file", mode="before")
    @classmethod
    def _empty_is_absent(cls, given: object) -> object:
        return None if given == "" else given

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, proxies: list[str]) -> list[str]:
        for proxy in proxies:
            try:
                ip_network(proxy)  # "*" is none: it would believe everybody
            except ValueError as error:
                raise ValueError(f"PORTAL_TRUSTED_PROXIES holds no address or network: {error}") from None
        return proxies

    @model_validator(mode="after")
    def _keep_the_time_in_production(self) -> Self:
        refuse_in_production(self.clock_file, is_production=not self.is_development)
        return self

    @model_validator(mode="after")
    def _be_safe_in_production(self) -> Self:
        if self.is_development:
            return self
        weaknesses = find_weaknesses({"PORTAL_SESSION_SECRET": self.session_secret.get_secret_value()})
        if weaknesses:
            raise ValueError("; ".join(weaknesses))
        for name, url in (("PORTAL_PUBLIC_URL", self.public_url), ("PORTAL_ISSUER_URL", self.issuer_url)):
            if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
                raise ValueError(f"{name} must be https in production")
        return self

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")
