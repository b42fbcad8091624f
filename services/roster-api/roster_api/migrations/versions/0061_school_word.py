"""Days that only the school confirmed: whether a province pays upon them, and which they are in a statement."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "provinces",
        sa.Column("pays_on_school_word", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="roster",
    )
    op.add_column(
        "allowance_statements",
        sa.Column(
            "school_word", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_column("allowance_statements", "school_word", schema="roster")
    op.drop_column("provinces", "pays_on_school_word", schema="roster")
