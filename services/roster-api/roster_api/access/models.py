"""Table api_keys: only the SHA-256 of a key is kept; 32 random bytes need no slow hash."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.access.principal import Role
from roster_api.database import Base

ROLES_WITH_KEYS = [role.value for role in Role if role is not Role.VOLUNTEER]


FINGERPRINT_LENGTH = 12


class ApiKey(Base):
    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("role in ({})".format(", ".join(f"'{role}'" for role in ROLES_WITH_KEYS)), name="role_known"),
        CheckConstraint("role <> 'school_coordinator' or school_id is not null", name="coordinator_has_school"),
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
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]

    @property
    def fingerprint(self) -> str:
        """Tells keys apart, and says nothing about them: `printf %s KEY | sha256sum`."""
        return self.key_sha256[:FINGERPRINT_LENGTH]
