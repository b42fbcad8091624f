"""Oversight groups: runs, groupings with their groups, communes and edits; an overseer's role bound to a group."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "role_assignments",
        sa.Column("is_of_group", sa.Boolean(), server_default=sa.false(), nullable=False),
        schema="roster",
    )
    op.create_check_constraint(
        op.f("ck_role_assignments_group_fits_role"),
        "role_assignments",
        "role = 'overseer' or not is_of_group",
        schema="roster",
    )
    _create_runs()
    _create_groupings()


def _create_runs() -> None:
    op.create_table(
        "group_runs",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("joined", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("solution", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("explanations", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("certificate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("failure_vi", sa.Text(), nullable=True),
        sa.Column("failure_en", sa.Text(), nullable=True),
        sa.Column("result_sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status in ('queued', 'running')) = (finished_at is null)", name=op.f("ck_group_runs_finished_has_time")
        ),
        sa.CheckConstraint(
            "status in ('queued', 'running', 'succeeded', 'infeasible', 'failed', 'cancelled')",
            name=op.f("ck_group_runs_status_known"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_group_runs_campaign_id")),
        sa.ForeignKeyConstraint(["outbox_id"], ["roster.outbox.id"], name=op.f("fk_group_runs_outbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_runs")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_group_runs_outbox_id")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_group_runs_campaign_id_requested_at"), "group_runs", ["campaign_id", "requested_at"], schema="roster"
    )
    op.create_index(
        "ix_group_runs_live",
        "group_runs",
        ["deadline_at"],
        schema="roster",
        postgresql_where=sa.text("status in ('queued', 'running')"),
    )
    op.create_table(
        "overseers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(account_id is null) <> (email_sealed is null)", name=op.f("ck_overseers_account_or_email")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["roster.accounts.id"], name=op.f("fk_overseers_account_id")),
        sa.ForeignKeyConstraint(["run_id"], ["roster.group_runs.id"], name=op.f("fk_overseers_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overseers")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_overseers_run_id_position")),
        schema="roster",
    )
    op.create_index(op.f("ix_overseers_account_id"), "overseers", ["account_id"], schema="roster")


def _create_groupings() -> None:
    op.create_table(
        "groupings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("last_edit", sa.Integer(), server_default="0", nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status in ('draft', 'published', 'superseded', 'discarded')", name=op.f("ck_groupings_status_known")
        ),
        sa.CheckConstraint(
            "(status in ('published', 'superseded')) = (version is not null)",
            name=op.f("ck_groupings_published_has_version"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_groupings_campaign_id")),
        sa.ForeignKeyConstraint(["from_id"], ["roster.groupings.id"], name=op.f("fk_groupings_from_id")),
        sa.ForeignKeyConstraint(["run_id"], ["roster.group_runs.id"], name=op.f("fk_groupings_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groupings")),
        sa.UniqueConstraint("campaign_id", "version", name=op.f("uq_groupings_campaign_id_version")),
        schema="roster",
    )
    op.create_index(op.f("ix_groupings_run_id"), "groupings", ["run_id"], schema="roster")
    op.create_index(
        "uq_groupings_in_force",
        "groupings",
        ["campaign_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_table(
        "group_seats",
        sa.Column("grouping_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("overseer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["grouping_id"], ["roster.groupings.id"], name=op.f("fk_group_seats_grouping_id")),
        sa.ForeignKeyConstraint(["overseer_id"], ["roster.overseers.id"], name=op.f("fk_group_seats_overseer_id")),
        sa.PrimaryKeyConstraint("grouping_id", "number", name=op.f("pk_group_seats")),
        schema="roster",
    )
    op.create_index(op.f("ix_group_seats_overseer_id"), "group_seats", ["overseer_id"], schema="roster")
    op.create_table(
        "group_communes",
        sa.Column("grouping_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_group_communes_commune_code")
        ),
        sa.ForeignKeyConstraint(["grouping_id"], ["roster.groupings.id"], name=op.f("fk_group_communes_grouping_id")),
        sa.PrimaryKeyConstraint("grouping_id", "commune_code", name=op.f("pk_group_communes")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_group_communes_commune_code_grouping_id"),
        "group_communes",
        ["commune_code", "grouping_id"],
        schema="roster",
    )
    op.create_table(
        "group_edits",
        sa.Column("grouping_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("moves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("exchanges", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effect", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("edited_by", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["grouping_id"], ["roster.groupings.id"], name=op.f("fk_group_edits_grouping_id")),
        sa.PrimaryKeyConstraint("grouping_id", "number", name=op.f("pk_group_edits")),
        schema="roster",
    )


def downgrade() -> None:
    for table in ("group_edits", "group_communes", "group_seats", "groupings", "overseers", "group_runs"):
        op.drop_table(table, schema="roster")
    op.drop_constraint(op.f("ck_role_assignments_group_fits_role"), "role_assignments", schema="roster")
    op.drop_column("role_assignments", "is_of_group", schema="roster")
