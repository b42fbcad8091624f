"""why a published version leaves a person out, kept with the version."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_withdrawals",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.CheckConstraint("cause IN ('cannot_go', 'left', 'replanned')", name=op.f("ck_plan_withdrawals_cause_known")),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_plan_withdrawals_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_plan_withdrawals_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("plan_id", "volunteer_id", name=op.f("pk_plan_withdrawals")),
        schema="roster",
    )
    op.create_index("ix_plan_withdrawals_volunteer", "plan_withdrawals", ["volunteer_id"], schema="roster")
    op.execute(
        "create trigger keep_published before insert or update or delete on roster.plan_withdrawals "
        "for each row execute function roster.refuse_change_of_published_rows()"
    )


def downgrade() -> None:
    op.drop_table("plan_withdrawals", schema="roster")
