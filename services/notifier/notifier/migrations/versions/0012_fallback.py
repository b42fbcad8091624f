"""A message may stand in for the other channel's: once a source, recipient and kind."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

THING = ["source_kind", "source_id", "source_version", "recipient_kind", "recipient_id"]
ONCE = [*THING, "channel", "kind"]
NOT_ARRIVED = sa.text("superseded_at is null and status in ('failed', 'unknown', 'cancelled')")


def upgrade() -> None:
    op.add_column(
        "messages", sa.Column("is_fallback", sa.Boolean(), server_default="false", nullable=False), schema="notifier"
    )
    op.drop_constraint("uq_messages_once", "messages", schema="notifier")
    op.create_unique_constraint("uq_messages_once", "messages", [*ONCE, "is_fallback"], schema="notifier")
    op.create_index(
        "uq_messages_one_fallback",
        "messages",
        [*THING, "kind"],
        unique=True,
        schema="notifier",
        postgresql_where=sa.text("is_fallback"),
    )
    op.create_index(
        "ix_messages_not_arrived", "messages", ["created_at", "id"], schema="notifier", postgresql_where=NOT_ARRIVED
    )


def downgrade() -> None:
    op.drop_index("ix_messages_not_arrived", table_name="messages", schema="notifier")
    op.drop_index("uq_messages_one_fallback", table_name="messages", schema="notifier")
    op.execute("delete from notifier.messages where is_fallback")
    op.drop_constraint("uq_messages_once", "messages", schema="notifier")
    op.create_unique_constraint("uq_messages_once", "messages", ONCE, schema="notifier")
    op.drop_column("messages", "is_fallback", schema="notifier")
