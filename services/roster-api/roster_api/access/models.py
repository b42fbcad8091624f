"""Tables of who may come in: api_keys (of a key only the SHA-256: 32 random bytes need no slow hash), accounts of
people, role_assignments, which say what an account may do, and ended_sign_ins.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from commune_service.sealed_columns import SealedText
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    false,
    func,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.access.principal import Role, ScopeKind
from roster_api.contacts import digest_email
from roster_api.database import Base

ROLES_WITH_KEYS = [role.value for role in Role if role is not Role.VOLUNTEER]
ROLES_OF_ACCOUNTS = [role.value for role in Role if role is not Role.VOLUNTEER and not role.is_service]


def one_of(column: str, values: Sequence[str]) -> str:
    return "{} in ({})".format(column, ", ".join(f"'{value}'" for value in values))


FINGERPRINT_LENGTH = 12


class ApiKey(Base):
    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES_WITH_KEYS), name="role_known"),
        CheckConstraint("role not like 'school_%' or school_id is not null", name="coordinator_has_school"),
        CheckConstraint("role <> 'commune_officer' or commune_code is not null", name="officer_has_commune"),
        CheckConstraint(
            "role not in ('solver', 'notifier') or coalesce(province_code, school_id::text, commune_code) is null",
            name="service_is_unbound",
        ),
        Index(
            "uq_api_keys_configured",
            "role",
            unique=True,
            postgresql_where=text("is_configured and revoked_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    role: Mapped[str]
    label: Mapped[str]
    key_sha256: Mapped[str] = mapped_column(unique=True)
    is_configured: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Named by the settings; of a role's, one lives at most."""
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    is_read_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str | None]
    created_by_id: Mapped[UUID | None]
    """The key or account that made it; None: the command, or the settings."""
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """Late by a few minutes: written now and then, never in the way of a request."""
    rotated_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_keys.id"))
    """The key whose place it takes."""
    revoked_at: Mapped[datetime | None]

    @classmethod
    def holds_now(cls) -> ColumnElement[bool]:
        """Neither revoked nor over: by the database's clock."""
        return and_(cls.revoked_at.is_(None), or_(cls.expires_at.is_(None), cls.expires_at > func.now()))

    @property
    def fingerprint(self) -> str:
        """Tells keys apart, and says nothing about them: `printf %s KEY | sha256sum`."""
        return self.key_sha256[:FINGERPRINT_LENGTH]


class Account(Base):
    """A person, as an issuer knows them. Invited by e-mail; from the first sign-in on it is the subject that counts."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("issuer", "email_digest", name="uq_accounts_issuer_email"),
        UniqueConstraint("issuer", "subject", name="uq_accounts_issuer_subject"),
        CheckConstraint("(subject is null) = (bound_at is null)", name="bound_with_subject"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    issuer: Mapped[str]
    email_sealed: Mapped[bytes]
    email_digest: Mapped[bytes]
    email = SealedText(digest=digest_email)
    """As invited. A later one at the issuer changes nothing here."""
    subject: Mapped[str | None]
    """None until the first sign-in with that e-mail, verified by that issuer."""
    display_name: Mapped[str]
    """Shown where the person decided something."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    bound_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    """Late by a few minutes: written now and then, never in the way of a request."""
    erased_at: Mapped[datetime | None]
    """Since when nothing says who it was: nobody signs in with it again."""


class RoleAssignment(Base):
    """What an account may do: a role and its bounds, between two moments, until it is revoked."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES_OF_ACCOUNTS), name="role_known"),
        CheckConstraint("(role like 'school_%') = (school_id is not null)", name="school_fits_role"),
        CheckConstraint("(role = 'commune_officer') = (commune_code is not null)", name="commune_fits_role"),
        CheckConstraint("(role = 'unit_officer') = (unit_code is not null)", name="unit_fits_role"),
        CheckConstraint("role = 'overseer' or not is_of_group", name="group_fits_role"),
        CheckConstraint("role in ('admin', 'auditor') or province_code is not null", name="nation_fits_role"),
        CheckConstraint("valid_until is null or valid_until > valid_from", name="from_before_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str]
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    """None: the whole nation."""
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    unit_code: Mapped[str | None]
    """Of an agency that lends people, as the province writes it (units.code)."""
    is_of_group: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An overseer's: of the communes of the account's own oversight group, campaign by campaign."""
    valid_from: Mapped[datetime] = mapped_column(server_default=func.now())
    valid_until: Mapped[datetime | None]
    granted_by: Mapped[str]
    granted_by_id: Mapped[UUID | None]
    """The key or account, whatever becomes of it; None: the command line."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    revoked_by_id: Mapped[UUID | None]

    @classmethod
    def holds_now(cls) -> ColumnElement[bool]:
        """Begun, not over, not revoked: by the database's clock."""
        goes_on = or_(cls.valid_until.is_(None), cls.valid_until > func.now())
        return and_(cls.revoked_at.is_(None), cls.valid_from <= func.now(), goes_on)

    @property
    def scope_kind(self) -> ScopeKind:
        if self.school_id is not None:
            return ScopeKind.SCHOOL
        if self.commune_code is not None:
            return ScopeKind.COMMUNE
        if self.unit_code is not None:
            return ScopeKind.UNIT
        if self.is_of_group:
            return ScopeKind.OVERSIGHT_GROUP
        return ScopeKind.NATION if self.province_code is None else ScopeKind.PROVINCE

    @property
    def scope_id(self) -> str | None:
        """Of the school, commune, unit or province (of an oversight group: its province); None of the nation."""
        school_id = str(self.school_id) if self.school_id is not None else None
        return school_id or self.commune_code or self.unit_code or self.province_code


class EndedSignIn(Base):
    """A token that was signed out of before its time: it opens nothing any more. Kept until its time is over."""

    __tablename__ = "ended_sign_ins"
    __table_args__ = (CheckConstraint("length(token_sha256) = 32", name="whole_digest"),)

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    """Of what the issuer signed: the signature can be spelt in several ways, that cannot."""
    ended_at: Mapped[datetime] = mapped_column(server_default=func.now())
    forgotten_at: Mapped[datetime] = mapped_column(index=True)
    """After the token's own end."""
