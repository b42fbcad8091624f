"""Messages are found by their recipient: before publishing it is asked whose contacts were refused for good."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_recipient_id", "messages", ["recipient_id"], schema="notifier")


def downgrade() -> None:
    op.drop_index("ix_messages_recipient_id", "messages", schema="notifier")
