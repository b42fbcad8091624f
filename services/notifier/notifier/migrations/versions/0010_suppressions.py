"""Addresses that are written to no more: they do not exist, or their reader complained."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("shown_address", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("reason in ('dead_address', 'complaint')", name=op.f("ck_suppressions_reason_known")),
        sa.ForeignKeyConstraint(["message_id"], ["notifier.messages.id"], name=op.f("fk_suppressions_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("message_id", "reason", name=op.f("uq_suppressions_message_id_reason")),
        schema="notifier",
    )
    op.create_index(
        "ix_suppressions_recipient_id",
        "suppressions",
        ["recipient_id"],
        schema="notifier",
        postgresql_where=sa.text("released_at is null"),
    )


def downgrade() -> None:
    op.drop_table("suppressions", schema="notifier")
