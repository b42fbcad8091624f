"""The provider that may have taken a message is remembered: no other is given it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("only_by", sa.Text(), nullable=True), schema="notifier")


def downgrade() -> None:
    op.drop_column("messages", "only_by", schema="notifier")
