"""Scenarios: what was asked for at once, and its runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario_sets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("from_scratch", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_scenario_sets_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario_sets")),
        schema="roster",
    )
    op.create_index("ix_scenario_sets_campaign", "scenario_sets", ["campaign_id", "requested_at"], schema="roster")
    op.create_table(
        "scenario_runs",
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("named", postgresql.JSONB(), nullable=False),
        sa.Column("no_effect", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["roster.scenario_sets.id"], name=op.f("fk_scenario_runs_set_id_scenario_sets")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["roster.matching_runs.id"], name=op.f("fk_scenario_runs_run_id_matching_runs")
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_scenario_runs")),
        sa.UniqueConstraint("run_id", name=op.f("uq_scenario_runs_run_id")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("scenario_runs", schema="roster")
    op.drop_table("scenario_sets", schema="roster")
