"""Counters of what was handed over, by minute and by day."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "period", "starts_at", name=op.f("pk_counters")),
        schema="notifier",
    )
    op.create_index("ix_counters_starts_at", "counters", ["starts_at"], schema="notifier")


def downgrade() -> None:
    op.drop_table("counters", schema="notifier")
