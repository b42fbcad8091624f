"""Each sender says what it sees of the queue, for health to tell."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workers", sa.Column("queue_state", sa.Text(), nullable=True), schema="notifier")


def downgrade() -> None:
    op.drop_column("workers", "queue_state", schema="notifier")
