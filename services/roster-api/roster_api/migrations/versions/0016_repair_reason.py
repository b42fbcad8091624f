"""why a vacancy of a plan was filled by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("repair_reason", sa.Text(), nullable=True), schema="roster")


def downgrade() -> None:
    op.drop_column("plans", "repair_reason", schema="roster")
