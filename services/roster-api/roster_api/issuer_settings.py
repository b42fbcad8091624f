"""What the settings say of an OpenID Connect issuer: whose tokens are believed, for whom, and how they are signed."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key that the issuer alone has; none that are checked with a shared secret."""


class IssuerSettings(BaseModel):
    """One of ROSTER_ISSUERS. `strong_acr`, `strong_amr`: what proves a second factor; then admins must show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(min_length=1, max_length=500)
    """Exactly as the tokens' `iss` has it."""
    audience: str = Field(min_length=1, max_length=500)
    jwks_url: str | None = None
    """Without it, what the issuer's /.well-known/openid-configuration names."""
    algorithms: tuple[Algorithm, ...] = Field(("RS256",), min_length=1)
    strong_acr: frozenset[str] = frozenset()
    strong_amr: frozenset[str] = frozenset()

    @property
    def demands_strength(self) -> bool:
        return bool(self.strong_acr or self.strong_amr)
