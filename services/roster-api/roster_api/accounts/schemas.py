"""Shapes of accounts and their roles."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from roster_api.access.bounds import UnitRoleBody
from roster_api.access.principal import Role, ScopeKind
from roster_api.contacts import Email
from roster_api.shapes import Answer, Moment
from roster_api.text import Line, Name


class AssignmentBody(UnitRoleBody):
    """A role for an account, bound to a place, from, until."""

    model_config = ConfigDict(populate_by_name=True)

    valid_from: Moment | None = Field(None, alias="from", description="null: from now on")
    valid_until: Moment | None = Field(None, alias="until", description="null: until it is revoked")

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.valid_from is not None and self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("until phải sau from. | until must be after from.")
        return self


class InvitationBody(AssignmentBody):
    """Somebody to let in, and their first role."""

    email: Email = Field(description="With this address, verified by the issuer, they sign in the first time")
    display_name: Name = Field(description="Shown where they decide something", examples=["Trần Nội Vụ"])
    issuer: Line | None = Field(
        None, max_length=500, description="Where they sign in; needed only where several are set"
    )


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
    scope_id: str | None = Field(
        description="Code of the province, commune or unit, id of the school; null: the nation"
    )
    scope_name: str
    valid_from: datetime = Field(alias="from")
    valid_until: datetime | None = Field(alias="until")


class Assignment(HeldRole):
    """With how it came about and ended."""

    granted_by: str
    granted_by_id: UUID | None = Field(description="The key or account; null: the command line")
    granted_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_by_id: UUID | None


class Me(Answer):
    """The person who is signed in, and the roles that hold at this moment."""

    account: AccountName
    assignments: list[HeldRole]
    acting_as: UUID | None = Field(
        description="The role this request acts in; null where several are held and none named"
    )
    strong_authentication: bool = Field(description="The token proves what the issuer's settings ask of administrators")


class AccountRead(AccountName):
    """Of the roles those that the asker may see."""

    issuer: str
    created_at: datetime
    bound_at: datetime | None = Field(description="The first sign-in; null: invited, and not here yet")
    last_seen_at: datetime | None = Field(description="To a few minutes")
    assignments: list[Assignment]


class Invitation(Answer):
    """What was granted, and what is left to do: telling the person."""

    account: AccountRead
    sign_in_url: str | None = Field(description="To be passed on; null where the settings name no portal")
    is_told: bool = Field(description="Whether this service tells them; false: pass it on yourself")
    say_vi: str
    say_en: str
