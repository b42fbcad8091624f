"""What a service's settings say of traces; the names are OpenTelemetry's own."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class TraceSettings(BaseSettings):
    otel_exporter_otlp_endpoint: str = ""
    """A collector that takes OTLP over HTTP, 'http://collector:4318'. Empty: no traces; nothing of them is loaded."""
    trace_share: float = Field(1.0, ge=0, le=1)
    """Of messages. One of a large plan shows as much as all."""

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _is_an_address(cls, endpoint: str) -> str:
        if endpoint and not endpoint.startswith(("http://", "https://")):
            raise ValueError("OTEL_EXPORTER_OTLP_ENDPOINT is no http:// or https:// address")
        return endpoint
