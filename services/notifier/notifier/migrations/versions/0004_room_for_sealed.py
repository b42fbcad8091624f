"""Room for sealed notices, beside the clear ones: the next revision takes those away once all are sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("notice_sealed", sa.LargeBinary(), nullable=True), schema="notifier")


def downgrade() -> None:
    op.drop_column("messages", "notice_sealed", schema="notifier")
