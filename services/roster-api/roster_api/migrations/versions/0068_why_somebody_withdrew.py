"""Who said that somebody serves no more, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None
TABLE = "volunteers"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True), schema="roster")
    op.add_column(TABLE, sa.Column("withdrawn_by", sa.Text(), nullable=True), schema="roster")
    op.add_column(TABLE, sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True), schema="roster")
    op.add_column(TABLE, sa.Column("withdrawal_reason_sealed", sa.LargeBinary(), nullable=True), schema="roster")


def downgrade() -> None:
    for column in ("withdrawal_reason_sealed", "withdrawn_by_id", "withdrawn_by", "withdrawn_at"):
        op.drop_column(TABLE, column, schema="roster")
