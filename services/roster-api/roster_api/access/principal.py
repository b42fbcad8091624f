"""The principal: who is asking, in which role, and within which bounds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Request

from roster_api.errors import UnauthenticatedError


class Role(StrEnum):
    ADMIN = "admin"  # Home Affairs; bound to no province: of the nation
    DIRECTOR = "director"  # of Science & Technology
    OVERSEER = "overseer"  # a deputy director of Science & Technology
    SECRETARY_OFFICE = "secretary_office"  # the Provincial Party Secretary's
    EDUCATION_DEPARTMENT = "education_department"
    SCHOOL_COORDINATOR = "school_coordinator"
    SCHOOL_VIEWER = "school_viewer"
    UNIT_OFFICER = "unit_officer"  # of an agency that lends people
    COMMUNE_OFFICER = "commune_officer"
    FINANCE = "finance"
    LEADER = "leader"  # of the province: totals
    AUDITOR = "auditor"
    VOLUNTEER = "volunteer"  # through a personal link, never through a key
    SOLVER = "solver"  # matching-worker
    NOTIFIER = "notifier"  # notifier

    @property
    def is_service(self) -> bool:
        """Whether it is a program's: such keys are made by the command or the environment, and bound to nothing."""
        return self in {Role.SOLVER, Role.NOTIFIER}

    @property
    def is_of_school(self) -> bool:
        return self in {Role.SCHOOL_COORDINATOR, Role.SCHOOL_VIEWER}

    @property
    def may_be_national(self) -> bool:
        """Whether it may be bound to no province; a key of any role may (keys are older than roles of the nation)."""
        return self in {Role.ADMIN, Role.AUDITOR}


class ScopeKind(StrEnum):
    """What a role is bound to."""

    NATION = "nation"
    PROVINCE = "province"
    SCHOOL = "school"
    UNIT = "unit"
    COMMUNE = "commune"
    OVERSIGHT_GROUP = "oversight_group"  # of the overseer's account, in each campaign of the province


NOBODY = UUID(int=0)
"""Holder of what the service asks of itself."""


class Grant(NamedTuple):
    """`id`: of the key, or of the account's role; `token_sha256`: of the sign-in, None of a key."""

    id: UUID
    token_sha256: bytes | None = None


@dataclass(frozen=True)
class Principal:
    """A role and its bounds; a bound of None means 'any'."""

    role: Role
    label: str
    """Whose key it is, or the account's name: kept where they decided something."""
    key_id: UUID | None = None
    account_id: UUID | None = None
    assignment_id: UUID | None = None
    """Of the account's roles the one that this request acts in."""
    token_sha256: bytes | None = None
    """Of the sign-in; None of a key."""
    province_code: str | None = None
    school_id: UUID | None = None
    commune_code: str | None = None
    unit_code: str | None = None
    """Of a unit's officer, in the own province; keys are bound to none."""
    is_of_group: bool = False
    """An overseer who sees the own group's communes alone, where groups are published: groups/scope.py."""
    valid_until: datetime | None = None
    """When the key, or the role, ends."""
    is_read_only: bool = False

    @property
    def holder_id(self) -> UUID:
        """Who asks, whatever the role: the key, or the account."""
        return self.key_id or self.account_id or NOBODY

    @property
    def actor_id(self) -> UUID | None:
        """As kept beside what was done: None for the service itself, and for a command on the server."""
        return self.key_id or self.account_id

    @property
    def grant_id(self) -> UUID:
        """What gives the right: the key, or the account's role."""
        return self.key_id or self.assignment_id or NOBODY

    @property
    def grant(self) -> Grant:
        """What gives the right and may be taken away, the sign-in among it."""
        return Grant(self.grant_id, self.token_sha256)

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def may_see_contacts_of_school(self, school_id: UUID) -> bool:
        """Phone and e-mail: to Home Affairs, and the school's own coordinator."""
        return self.role is Role.ADMIN or (self.role is Role.SCHOOL_COORDINATOR and self.school_id == school_id)

    def may_see_contacts_of_commune(self, commune_code: str) -> bool:
        return self.role is Role.ADMIN or (self.role is Role.COMMUNE_OFFICER and self.commune_code == commune_code)


async def get_principal(request: Request) -> Principal:
    """The principal that `authorize` found; 401 where a route is open to the public and nobody is known."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise UnauthenticatedError(
            "access.key_missing",
            vi="Hãy đăng nhập, hoặc gửi khóa truy cập (X-Api-Key).",
            en="Sign in, or send an API key (X-Api-Key).",
        )
    return principal


PrincipalDep = Annotated[Principal, Depends(get_principal)]
