"""national runs, their provinces, their border rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "national_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("border_distance_m", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.Column("cancel_requested_at", TIME, nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("gathered_at", TIME, nullable=True),
        sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'succeeded', 'partial', 'failed', 'cancelled')",
            name=op.f("ck_national_runs_status_known"),
        ),
        sa.CheckConstraint(
            "(status = 'running') = (gathered_at IS NULL)", name=op.f("ck_national_runs_gathered_has_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_national_runs")),
        schema="roster",
    )
    op.create_index(
        "ix_national_runs_live",
        "national_runs",
        ["id"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "national_run_provinces",
        sa.Column("national_run_id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["national_run_id"],
            ["roster.national_runs.id"],
            name=op.f("fk_national_run_provinces_national_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_national_run_provinces_province_code")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["roster.matching_runs.id"], name=op.f("fk_national_run_provinces_run_id")),
        sa.PrimaryKeyConstraint("national_run_id", "province_code", name=op.f("pk_national_run_provinces")),
        sa.UniqueConstraint("run_id", name=op.f("uq_national_run_provinces_run_id")),
        schema="roster",
    )
    _create_border_rounds()


def _create_border_rounds() -> None:
    op.create_table(
        "border_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("national_run_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("deadline_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("held_until", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("supports", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("solution", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("failure_vi", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'ready', 'failed')", name=op.f("ck_border_rounds_status_known")
        ),
        sa.CheckConstraint(
            "(status IN ('queued', 'running')) = (finished_at IS NULL)", name=op.f("ck_border_rounds_finished_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["national_run_id"],
            ["roster.national_runs.id"],
            name=op.f("fk_border_rounds_national_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_border_rounds_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_border_rounds")),
        sa.UniqueConstraint("national_run_id", name=op.f("uq_border_rounds_national_run_id")),
        schema="roster",
    )
    op.create_index(
        "ix_border_rounds_live",
        "border_rounds",
        ["deadline_at"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
