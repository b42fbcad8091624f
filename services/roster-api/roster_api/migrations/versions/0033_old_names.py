"""What communes were called before the merger; filled by the next import of a province's list."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = postgresql.ARRAY(sa.Text())
    op.add_column(
        "communes", sa.Column("old_names", kind, server_default=sa.text("'{}'"), nullable=False), schema="roster"
    )
    op.add_column(
        "communes", sa.Column("old_search_key", sa.Text(), server_default="", nullable=False), schema="roster"
    )


def downgrade() -> None:
    for column in ("old_search_key", "old_names"):
        op.drop_column("communes", column, schema="roster")
