"""A province may show its plan in force to everybody: schools and numbers by commune, nobody's name."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "provinces",
        sa.Column("is_plan_public", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_column("provinces", "is_plan_public", schema="roster")
