"""pins that a run does not keep: at the run, at its plan, and at the decision itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("matching_runs", "plans")


def upgrade() -> None:
    kind = postgresql.JSONB(astext_type=sa.Text())
    for table in TABLES:
        column = sa.Column("unkept_pins", kind, server_default=sa.text("'[]'"), nullable=False)
        op.add_column(table, column, schema="roster")
    op.add_column("decisions", sa.Column("unkept", kind, nullable=True), schema="roster")


def downgrade() -> None:
    op.drop_column("decisions", "unkept", schema="roster")
    for table in reversed(TABLES):
        op.drop_column(table, "unkept_pins", schema="roster")
