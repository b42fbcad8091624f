"""That somebody of the call list was telephoned: reached, or not. Rows are only added."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("outcome IN ('reached', 'not_reached')", name=op.f("ck_phone_calls_outcome_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_calls")),
        schema="roster",
    )
    for column in ("source_id", "recipient_id"):
        op.create_index(op.f(f"ix_phone_calls_{column}"), "phone_calls", [column], schema="roster")


def downgrade() -> None:
    op.drop_table("phone_calls", schema="roster")
