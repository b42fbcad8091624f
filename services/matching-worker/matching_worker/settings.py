"""What the environment tells the matching worker. Read once, in the composition root (cli.py), never at import."""

import os
import socket
from typing import Annotated, Literal, Self

from commune_service.secrets import find_weakness
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_name() -> str:
    """The name a worker claims runs under: host and process, enough to find it in a log."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(hide_input_in_errors=True, extra="ignore", case_sensitive=False)

    matching_environment: Literal["development", "production"] = "production"
    """Whoever says nothing means production; `make dev`, the demo and the tests say development."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    roster_api_url: str = "http://127.0.0.1:8002"
    """roster-api's internal port."""
    roster_solver_key: SecretStr = SecretStr("")
    """What roster-api knows this service by."""
    roster_service_key: SecretStr | None = None
    """Gone: one key for both services. Refused, so that nobody believes it is still in use."""
    matching_name: Annotated[str, Field(min_length=1, max_length=200)] = Field(default_factory=default_name)
    matching_memory_mb: Annotated[int, Field(ge=128)] = 2048
    """Resident memory one solver child may use before it is ended."""
    matching_heartbeat_seconds: Annotated[float, Field(gt=0, le=5)] = 2.0
    """How often a run's lease is renewed; well under the lease roster-api gives (10 s)."""
    matching_patience_seconds: Annotated[float, Field(gt=0)] = 60.0
    """How long an unreachable roster-api is waited for in the middle of a run before the run is left to others."""
    matching_silence_seconds: Annotated[float, Field(gt=0)] = 20.0
    """A solver child that shows no sign of life for so long is ended."""
    matching_log_json: bool = True

    @field_validator("roster_service_key")
    @classmethod
    def _is_gone(cls, key: SecretStr | None) -> None:
        if key is not None and key.get_secret_value():
            raise ValueError("ROSTER_SERVICE_KEY is gone: set ROSTER_SOLVER_KEY, to the same value as in roster-api")

    @model_validator(mode="after")
    def _has_a_real_secret_in_production(self) -> Self:
        if self.matching_environment == "production":
            weakness = find_weakness("ROSTER_SOLVER_KEY", self.roster_solver_key.get_secret_value())
            if weakness:
                raise ValueError(weakness)
        return self
