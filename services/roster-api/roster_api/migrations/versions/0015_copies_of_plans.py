"""A plan may be a copy of one that was published or given up before; a run has one plan of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("copied_from_id", sa.Uuid(), nullable=True), schema="roster")
    op.create_foreign_key(
        op.f("fk_plans_copied_from_id"),
        "plans",
        "plans",
        ["copied_from_id"],
        ["id"],
        source_schema="roster",
        referent_schema="roster",
    )
    op.drop_constraint("uq_plans_run_id", "plans", schema="roster")
    op.create_index(
        "uq_plans_run_id",
        "plans",
        ["run_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("copied_from_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_plans_run_id", "plans", schema="roster")
    op.create_unique_constraint("uq_plans_run_id", "plans", ["run_id"], schema="roster")
    op.drop_constraint(op.f("fk_plans_copied_from_id"), "plans", schema="roster")
    op.drop_column("plans", "copied_from_id", schema="roster")
