"""Changes of a draft by hand, the decisions that keep them, and runs for the optimum under the same pins."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def _references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"roster.{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    for column in ("edit_version", "hand_changes"):
        default = "1" if column == "edit_version" else "0"
        op.add_column("plans", sa.Column(column, sa.Integer(), server_default=default, nullable=False), schema="roster")
    op.add_column("decisions", sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger())), schema="roster")
    op.add_column("decisions", sa.Column("edit_id", sa.Uuid()), schema="roster")
    op.create_index(op.f("ix_decisions_edit_id"), "decisions", ["edit_id"], schema="roster")
    op.create_table(
        "plan_edits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edits", JSONB, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("levels", JSONB, nullable=False),
        sa.Column("row_changes", JSONB, nullable=False),
        sa.Column("decision_changes", JSONB, nullable=False),
        sa.CheckConstraint("state in ('done', 'undone', 'dropped')", name=op.f("ck_plan_edits_state_known")),
        _references("plan_edits", "plan_id", "plans"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_edits")),
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_edits_number"),
        schema="roster",
    )
    op.create_table(
        "plan_optimum_runs",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("edit_version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        _references("plan_optimum_runs", "plan_id", "plans"),
        _references("plan_optimum_runs", "run_id", "matching_runs"),
        sa.PrimaryKeyConstraint("plan_id", "run_id", name=op.f("pk_plan_optimum_runs")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("plan_optimum_runs", schema="roster")
    op.drop_table("plan_edits", schema="roster")
    op.drop_index(op.f("ix_decisions_edit_id"), "decisions", schema="roster")
    for table, column in (
        ("decisions", "edit_id"),
        ("decisions", "weekdays"),
        ("plans", "hand_changes"),
        ("plans", "edit_version"),
    ):
        op.drop_column(table, column, schema="roster")
