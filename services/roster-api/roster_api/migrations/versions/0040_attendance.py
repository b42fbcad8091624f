"""Attendance: days of service of published plans, what is said of them, duties counted; days of plans of before."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


FILL = (
    # Days of versions that another took the place of, up to the day it did; then those of the versions in force.
    """
    insert into roster.service_days (campaign_id, volunteer_id, serves_on, plan_id, school_id, commune_code)
    select distinct on (p.campaign_id, l.volunteer_id, d.day)
        p.campaign_id, l.volunteer_id, d.day, p.id, l.school_id, l.commune_code
    from roster.plans p join roster.placements l on l.plan_id = p.id cross join unnest(l.dates) d(day)
    where p.status = 'superseded' and d.day <= (p.superseded_at at time zone 'Asia/Ho_Chi_Minh')::date
    order by p.campaign_id, l.volunteer_id, d.day, p.version desc
    """,
    """
    insert into roster.service_days (campaign_id, volunteer_id, serves_on, plan_id, school_id, commune_code)
    select p.campaign_id, l.volunteer_id, d.day, p.id, l.school_id, l.commune_code
    from roster.plans p join roster.placements l on l.plan_id = p.id cross join unnest(l.dates) d(day)
    where p.status = 'published' and (p.previous_plan_id is null
        or d.day >= (p.published_at at time zone 'Asia/Ho_Chi_Minh')::date)
    on conflict do nothing
    """,
)


def upgrade() -> None:
    op.create_table(
        "attendance_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_attendance_questions_campaign_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_attendance_questions_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_questions")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_attendance_questions_campaign_id"),
        "attendance_questions",
        ["campaign_id"],
        unique=False,
        schema="roster",
    )
    op.create_table(
        "duty_counts",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("duty_code", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("counted_by_id", sa.Uuid(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_duty_counts_number_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_duty_counts_campaign_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_duty_counts_commune_code")),
        sa.ForeignKeyConstraint(["duty_code"], ["roster.duties.code"], name=op.f("fk_duty_counts_duty_code")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_duty_counts_volunteer_id")),
        sa.PrimaryKeyConstraint(
            "campaign_id", "volunteer_id", "week_on", "duty_code", "commune_code", name=op.f("pk_duty_counts")
        ),
        schema="roster",
    )
    op.create_index(
        "ix_duty_counts_commune",
        "duty_counts",
        ["campaign_id", "commune_code", "week_on"],
        unique=False,
        schema="roster",
    )
    op.create_table(
        "service_days",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("serves_on", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_outcome", sa.Text(), nullable=True),
        sa.Column("commune_outcome", sa.Text(), nullable=True),
        sa.Column("province_outcome", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("served_by_volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("is_disputed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(served_by_volunteer_id IS NOT NULL) = (coalesce(outcome, 'absent') <> 'absent')",
            name=op.f("ck_service_days_served_by_somebody"),
        ),
        sa.CheckConstraint("outcome IN ('present', 'absent', 'replaced')", name=op.f("ck_service_days_outcome_known")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_service_days_campaign_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_service_days_commune_code")),
        sa.ForeignKeyConstraint(["plan_id"], ["roster.plans.id"], name=op.f("fk_service_days_plan_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["roster.attendance_questions.id"], name=op.f("fk_service_days_question_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_service_days_school_id")),
        sa.ForeignKeyConstraint(
            ["served_by_volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_service_days_served_by_volunteer_id")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_service_days_volunteer_id")),
        sa.PrimaryKeyConstraint("campaign_id", "volunteer_id", "serves_on", name=op.f("pk_service_days")),
        schema="roster",
    )
    op.create_index(
        "ix_service_days_commune",
        "service_days",
        ["campaign_id", "commune_code", "serves_on"],
        unique=False,
        schema="roster",
    )
    op.create_index(
        "ix_service_days_school",
        "service_days",
        ["campaign_id", "school_id", "serves_on"],
        unique=False,
        schema="roster",
    )
    op.create_index(
        "ix_service_days_silent",
        "service_days",
        ["campaign_id", "serves_on"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("outcome IS NULL AND question_id IS NULL"),
    )
    op.create_table(
        "attendance_ticks",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("serves_on", sa.Date(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("replaced_by_volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("tick_key", sa.Text(), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ticked_by", sa.Text(), nullable=False),
        sa.Column("ticked_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(replaced_by_volunteer_id IS NOT NULL) = (outcome = 'replaced')",
            name=op.f("ck_attendance_ticks_replaced_by"),
        ),
        sa.CheckConstraint(
            "outcome IN ('present', 'absent', 'replaced')", name=op.f("ck_attendance_ticks_outcome_known")
        ),
        sa.CheckConstraint("side IN ('school', 'commune', 'province')", name=op.f("ck_attendance_ticks_side_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id", "volunteer_id", "serves_on"],
            ["roster.service_days.campaign_id", "roster.service_days.volunteer_id", "roster.service_days.serves_on"],
            name="fk_attendance_ticks_day",
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_volunteer_id"],
            ["roster.volunteers.id"],
            name=op.f("fk_attendance_ticks_replaced_by_volunteer_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_attendance_ticks")),
        sa.UniqueConstraint("sender", "tick_key", name="uq_attendance_ticks_key"),
        schema="roster",
    )
    op.create_index(
        "ix_attendance_ticks_day",
        "attendance_ticks",
        ["campaign_id", "volunteer_id", "serves_on"],
        unique=False,
        schema="roster",
    )
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    for table in ("attendance_ticks", "service_days", "duty_counts", "attendance_questions"):
        op.drop_table(table, schema="roster")
