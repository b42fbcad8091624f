"""Options that a run names and that can change nothing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "matching_runs",
        sa.Column("no_effect", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_column("matching_runs", "no_effect", schema="roster")
