"""Whom a published version told that they are held in reserve."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_reserves",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_plan_reserves_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_plan_reserves_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("plan_id", "volunteer_id", name=op.f("pk_plan_reserves")),
        schema="roster",
    )
    op.create_index("ix_plan_reserves_volunteer", "plan_reserves", ["volunteer_id"], schema="roster")
    op.execute(
        "create trigger keep_published before insert or update or delete on roster.plan_reserves "
        "for each row execute function roster.refuse_change_of_published_rows()"
    )
    op.execute(
        "create trigger keep_published_whole before truncate on roster.plan_reserves "
        "for each statement execute function roster.refuse_emptying_published_plans()"
    )


def downgrade() -> None:
    op.drop_table("plan_reserves", schema="roster")
