"""Shapes of accounts and their roles."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from roster_api.access.principal import Role, ScopeKind
from roster_api.shapes import Answer


class AccountName(Answer):
    id: UUID
    email: str
    display_name: str


class HeldRole(Answer):
    """A role that an account holds, and within which bounds."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: UUID = Field(description="What X-Acting-As names")
    role: Role
    scope_kind: ScopeKind
    scope_id: str | None = Field(description="Code of the province or commune, id of the school; null for the nation")
    scope_name: str
    valid_from: datetime = Field(alias="from")
    valid_until: datetime | None = Field(alias="until")


class Me(Answer):
    """The person who is signed in, and the roles that hold at this moment."""

    account: AccountName
    assignments: list[HeldRole]
    acting_as: UUID | None = Field(
        description="The role this request acts in; null where several are held and none named"
    )
    strong_authentication: bool = Field(description="The token proves what the issuer's settings ask of administrators")
