"""humans on several lists, as a run took them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = postgresql.JSONB(astext_type=sa.Text())
    column = sa.Column("duplicates", kind, server_default=sa.text("'[]'"), nullable=False)
    op.add_column("matching_runs", column, schema="roster")


def downgrade() -> None:
    op.drop_column("matching_runs", "duplicates", schema="roster")
