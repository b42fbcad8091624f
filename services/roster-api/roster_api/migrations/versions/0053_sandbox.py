"""A campaign may be a sandbox: its messages are simulated and reach nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "campaigns",
        sa.Column("is_sandbox", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_column("campaigns", "is_sandbox", schema="roster")
