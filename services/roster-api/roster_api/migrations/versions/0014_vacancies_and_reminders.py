"""vacancies that a "cannot go" opens, and who was reminded of what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _references(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"roster.{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "vacancies",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advice_id", sa.Uuid(), nullable=True),
        sa.Column("stand_ins", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        _references("vacancies", "answer_id", "placement_answers"),
        _references("vacancies", "plan_id", "plans"),
        _references("vacancies", "volunteer_id", "volunteers"),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_vacancies")),
        schema="roster",
    )
    op.create_index(
        "ix_vacancies_not_asked",
        "vacancies",
        ["opened_at"],
        schema="roster",
        postgresql_where=sa.text("asked_at is null"),
    )
    op.create_index("ix_vacancies_advice", "vacancies", ["advice_id"], schema="roster")
    op.create_table(
        "reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_by", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        _references("reminders", "plan_id", "plans"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        schema="roster",
    )
    op.create_table(
        "reminded_people",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("told_sha256", sa.Text(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        _references("reminded_people", "campaign_id", "campaigns"),
        _references("reminded_people", "volunteer_id", "volunteers"),
        _references("reminded_people", "reminder_id", "reminders"),
        sa.PrimaryKeyConstraint("campaign_id", "volunteer_id", "told_sha256", name=op.f("pk_reminded_people")),
        schema="roster",
    )
    op.create_index("ix_reminded_people_reminder_id", "reminded_people", ["reminder_id"], schema="roster")


def downgrade() -> None:
    for table in ("reminded_people", "reminders", "vacancies"):
        op.drop_table(table, schema="roster")
