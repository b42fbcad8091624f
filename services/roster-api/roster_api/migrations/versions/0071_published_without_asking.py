"""A published plan keeps whether the notifier had said whose contacts were refused for good."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("is_notifier_asked", sa.Boolean(), nullable=True), schema="roster")


def downgrade() -> None:
    op.drop_column("plans", "is_notifier_asked", schema="roster")
