"""A plan has a number as a draft, and a version only once it is published; its approval names the plan in force.

Every plan's number so far becomes its draft number; what was published keeps it as its version too, so that what people
were told and what their calendars know stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PUBLISHED = "status IN ('published', 'superseded')"


def upgrade() -> None:
    op.add_column("plans", sa.Column("draft_number", sa.Integer(), nullable=True), schema="roster")
    op.add_column("plans", sa.Column("base_plan_id", sa.Uuid(), nullable=True), schema="roster")
    op.alter_column("plans", "version", nullable=True, schema="roster")
    # The trigger refuses every change of a published plan; this one changes nothing that was told to anybody.
    op.execute("alter table roster.plans disable trigger keep_published")
    op.execute(
        "update roster.plans set draft_number = version,"
        " version = case when status in ('published', 'superseded') then version end"
    )
    op.execute("alter table roster.plans enable trigger keep_published")
    op.alter_column("plans", "draft_number", nullable=False, schema="roster")
    op.create_foreign_key(
        op.f("fk_plans_base_plan_id"),
        "plans",
        "plans",
        ["base_plan_id"],
        ["id"],
        source_schema="roster",
        referent_schema="roster",
    )
    op.create_unique_constraint(
        "uq_plans_campaign_draft_number", "plans", ["campaign_id", "draft_number"], schema="roster"
    )
    op.create_check_constraint(op.f("ck_plans_draft_number_positive"), "plans", "draft_number >= 1", schema="roster")
    op.create_check_constraint(
        op.f("ck_plans_version_once_published"), "plans", f"(version IS NOT NULL) = ({PUBLISHED})", schema="roster"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_plans_version_once_published"), "plans", schema="roster")
    op.drop_constraint(op.f("ck_plans_draft_number_positive"), "plans", schema="roster")
    op.drop_constraint("uq_plans_campaign_draft_number", "plans", schema="roster")
    op.drop_constraint(op.f("fk_plans_base_plan_id"), "plans", schema="roster")
    op.execute("alter table roster.plans disable trigger keep_published")
    # Numbers above the versions': the old way knows one number only, and a version that was told must not change.
    op.execute(
        "update roster.plans p set version = draft_number + (select coalesce(max(version), 0) from roster.plans v"
        " where v.campaign_id = p.campaign_id) where version is null"
    )
    op.execute("alter table roster.plans enable trigger keep_published")
    op.alter_column("plans", "version", nullable=False, schema="roster")
    op.drop_column("plans", "base_plan_id", schema="roster")
    op.drop_column("plans", "draft_number", schema="roster")
