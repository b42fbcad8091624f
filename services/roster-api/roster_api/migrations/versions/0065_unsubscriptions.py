"""Who wants no reminders and daily mails at an address of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsubscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsubscriptions")),
        schema="roster",
    )
    op.create_index(
        "ix_unsubscriptions_holding",
        "unsubscriptions",
        ["recipient_id", "recipient_kind"],
        schema="roster",
        postgresql_where=sa.text("resubscribed_at is null"),
    )


def downgrade() -> None:
    op.drop_table("unsubscriptions", schema="roster")
