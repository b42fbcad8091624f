"""Messages of a sandbox campaign are marked: no real provider is given them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "messages",
        sa.Column("is_sandbox", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="notifier",
    )
    is_simulated = sa.text("provider like 'simulator-%'")
    op.create_index("ix_messages_simulated", "messages", ["status"], schema="notifier", postgresql_where=is_simulated)


def downgrade() -> None:
    op.drop_index("ix_messages_simulated", table_name="messages", schema="notifier")
    op.drop_column("messages", "is_sandbox", schema="notifier")
