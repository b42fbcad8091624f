"""Secondments: runs, decisions, and what happened to each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secondment_occasions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_secondment_occasions_outbox_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_secondment_occasions_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secondment_occasions")),
        schema="roster",
    )
    op.create_table(
        "secondment_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("considered", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("vacancies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("solution", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("explanations", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("failure_vi", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.Column("result_sha256", sa.Text(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status in ('queued', 'running')) = (finished_at is null)",
            name=op.f("ck_secondment_runs_finished_has_time"),
        ),
        sa.CheckConstraint(
            "status in ('queued', 'running', 'succeeded', 'infeasible', 'failed', 'cancelled')",
            name=op.f("ck_secondment_runs_status_known"),
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_secondment_runs_outbox_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_secondment_runs_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secondment_runs")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_secondment_runs_outbox_id")),
        schema="roster",
    )
    op.create_index(
        "ix_secondment_runs_live",
        "secondment_runs",
        ["deadline_at"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.create_index(
        op.f("ix_secondment_runs_province_code_requested_at"),
        "secondment_runs",
        ["province_code", "requested_at"],
        unique=False,
        schema="roster",
    )
    op.create_table(
        "secondments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("reason_vi", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reminded_of", sa.Date(), nullable=True),
        sa.Column("last_event", sa.Integer(), server_default="0", nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('internal', 'province')", name=op.f("ck_secondments_kind_known")),
        sa.CheckConstraint(
            "status in ('draft', 'approved', 'published', 'started', 'returned', 'ended_early', 'discarded')",
            name=op.f("ck_secondments_status_known"),
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_secondments_from_before_until")),
        sa.ForeignKeyConstraint(["from_unit_id"], ["roster.units.id"], name=op.f("fk_secondments_from_unit_id")),
        sa.ForeignKeyConstraint(["post_id"], ["roster.posts.id"], name=op.f("fk_secondments_post_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_secondments_province_code")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["roster.secondment_runs.id"], name=op.f("fk_secondments_run_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["roster.staff.id"], name=op.f("fk_secondments_staff_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["roster.units.id"], name=op.f("fk_secondments_to_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secondments")),
        schema="roster",
    )
    op.create_index(op.f("ix_secondments_post_id"), "secondments", ["post_id"], unique=False, schema="roster")
    op.create_index(
        op.f("ix_secondments_province_code"), "secondments", ["province_code"], unique=False, schema="roster"
    )
    op.create_index(op.f("ix_secondments_staff_id"), "secondments", ["staff_id"], unique=False, schema="roster")
    op.create_index(
        "uq_secondments_run_id_staff_id",
        "secondments",
        ["run_id", "staff_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("status <> 'discarded'"),
    )
    op.create_table(
        "secondment_events",
        sa.Column("secondment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["roster.secondment_occasions.id"], name=op.f("fk_secondment_events_occasion_id")
        ),
        sa.ForeignKeyConstraint(
            ["secondment_id"], ["roster.secondments.id"], name=op.f("fk_secondment_events_secondment_id")
        ),
        sa.PrimaryKeyConstraint("secondment_id", "number", name=op.f("pk_secondment_events")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_secondment_events_occasion_id"), "secondment_events", ["occasion_id"], unique=False, schema="roster"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_secondment_events_occasion_id"), table_name="secondment_events", schema="roster")
    op.drop_table("secondment_events", schema="roster")
    op.drop_index(
        "uq_secondments_run_id_staff_id",
        table_name="secondments",
        schema="roster",
        postgresql_where=sa.text("status <> 'discarded'"),
    )
    op.drop_index(op.f("ix_secondments_staff_id"), table_name="secondments", schema="roster")
    op.drop_index(op.f("ix_secondments_province_code"), table_name="secondments", schema="roster")
    op.drop_index(op.f("ix_secondments_post_id"), table_name="secondments", schema="roster")
    op.drop_table("secondments", schema="roster")
    op.drop_index(op.f("ix_secondment_runs_province_code_requested_at"), table_name="secondment_runs", schema="roster")
    op.drop_index(
        "ix_secondment_runs_live",
        table_name="secondment_runs",
        schema="roster",
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.drop_table("secondment_runs", schema="roster")
    op.drop_table("secondment_occasions", schema="roster")
