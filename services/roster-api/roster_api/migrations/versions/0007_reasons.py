"""why a school leads a commune, beside the lead."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = ("reason_vi", "reason_en")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("responsibilities", sa.Column(column, sa.Text(), nullable=True), schema="roster")


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("responsibilities", column, schema="roster")
