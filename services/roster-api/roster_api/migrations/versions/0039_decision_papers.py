"""What the decision of a published plan says: its facts, and the plan's rows as it lists them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_papers",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("listed", postgresql.JSONB(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_decision_papers_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_decision_papers")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("decision_papers", schema="roster")
