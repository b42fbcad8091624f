"""what the columns of a school's list were taken for, and what was chosen about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = postgresql.JSONB(astext_type=sa.Text())
    mapping = sa.Column("mapping", kind, server_default=sa.text("'[]'"), nullable=False)
    op.add_column("roster_uploads", mapping, schema="roster")
    op.add_column("roster_uploads", sa.Column("choices", kind, nullable=True), schema="roster")
    hidden: sa.Column[bool] = sa.Column("include_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("roster_uploads", hidden, schema="roster")


def downgrade() -> None:
    op.drop_column("roster_uploads", "include_hidden", schema="roster")
    op.drop_column("roster_uploads", "choices", schema="roster")
    op.drop_column("roster_uploads", "mapping", schema="roster")
