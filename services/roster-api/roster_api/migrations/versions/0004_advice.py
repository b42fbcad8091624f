"""advice on runs; what a worker hands in keeps its order of keys: json instead of jsonb."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ORDERED = (
    ("matching_runs", "problem", False),
    ("matching_runs", "progress", True),
    ("matching_runs", "certificate", True),
    ("matching_runs", "conflict", False),
    ("matching_run_events", "data", False),
    ("matching_run_explanations", "explanation", False),
)
"""(table, column, may be null)"""


def upgrade() -> None:
    for table, column, nullable in ORDERED:
        op.alter_column(
            table,
            column,
            schema="roster",
            existing_type=postgresql.JSONB(),
            existing_nullable=nullable,
            type_=sa.JSON(),
            postgresql_using=f"nullif({column}, 'null')::json" if nullable else f"{column}::json",
        )
    _create_advice()


def _create_advice() -> None:
    op.create_table(
        "advice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("question_sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("failure_vi", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('queued', 'running')) = (finished_at IS NULL)", name=op.f("ck_advice_finished_has_time")
        ),
        sa.CheckConstraint("status IN ('queued', 'running', 'ready', 'failed')", name=op.f("ck_advice_status_known")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["roster.matching_runs.id"], name=op.f("fk_advice_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_advice_outbox_id")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_advice_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
        sa.UniqueConstraint("run_id", "question_sha256", name="uq_advice_question"),
        schema="roster",
    )
    op.create_index(
        "ix_advice_live",
        "advice",
        ["deadline_at"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
