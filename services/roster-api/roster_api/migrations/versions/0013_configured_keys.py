"""A key that the settings name is marked, one live a role; of a key's own characters nothing is kept.

What tells keys apart is the beginning of the hash that is there anyway. Of several configured keys of one role the
newest lives on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_keys",
        sa.Column("is_configured", sa.Boolean(), server_default=sa.false(), nullable=False),
        schema="roster",
    )
    op.execute("update roster.api_keys set is_configured = true where label = 'configured ' || role")
    op.execute(
        "update roster.api_keys old set revoked_at = now() where is_configured and revoked_at is null and exists"
        " (select 1 from roster.api_keys new where new.role = old.role and new.is_configured and new.revoked_at is null"
        " and (new.created_at, new.id) > (old.created_at, old.id))"
    )
    op.create_index(
        "uq_api_keys_configured",
        "api_keys",
        ["role"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("is_configured and revoked_at is null"),
    )
    op.drop_column("api_keys", "prefix", schema="roster")


def downgrade() -> None:
    op.add_column("api_keys", sa.Column("prefix", sa.Text(), server_default="", nullable=False), schema="roster")
    op.drop_index("uq_api_keys_configured", "api_keys", schema="roster")
    op.drop_column("api_keys", "is_configured", schema="roster")
