"""Blockers, their steps, and support given outside working hours."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blockers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("field_code", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("level_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_reopened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("due_at IS NULL OR state = 'open'", name=op.f("ck_blockers_due_while_open")),
        sa.CheckConstraint(
            "level IN ('overseer', 'director', 'secretary_office')", name=op.f("ck_blockers_level_known")
        ),
        sa.CheckConstraint("state IN ('open', 'solved', 'closed')", name=op.f("ck_blockers_state_known")),
        sa.CheckConstraint("urgency IN ('normal', 'urgent')", name=op.f("ck_blockers_urgency_known")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_blockers_campaign_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_blockers_commune_code")),
        sa.ForeignKeyConstraint(["field_code"], ["roster.fields.code"], name=op.f("fk_blockers_field_code")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_blockers_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blockers")),
        schema="roster",
    )
    op.create_index("ix_blockers_campaign", "blockers", ["campaign_id", "commune_code"], unique=False, schema="roster")
    op.create_index(
        "ix_blockers_due",
        "blockers",
        ["due_at"],
        unique=False,
        schema="roster",
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "blocker_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('raised', 'escalated', 'noted', 'solved', 'confirmed', 'reopened')",
            name=op.f("ck_blocker_steps_kind_known"),
        ),
        sa.CheckConstraint(
            "level IN ('overseer', 'director', 'secretary_office')", name=op.f("ck_blocker_steps_level_known")
        ),
        sa.ForeignKeyConstraint(["blocker_id"], ["roster.blockers.id"], name=op.f("fk_blocker_steps_blocker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker_steps")),
        sa.UniqueConstraint("blocker_id", "number", name="uq_blocker_steps_number"),
        schema="roster",
    )
    op.create_table(
        "support_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("blocker_id", sa.Uuid(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_outside", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("logged_by", sa.Text(), nullable=False),
        sa.Column("logged_by_id", sa.Uuid(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_support_entries_ends_after_it_began")),
        sa.ForeignKeyConstraint(["blocker_id"], ["roster.blockers.id"], name=op.f("fk_support_entries_blocker_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_support_entries_campaign_id")),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_support_entries_commune_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_entries")),
        schema="roster",
    )
    op.create_index(
        "ix_support_entries_campaign", "support_entries", ["campaign_id", "began_at"], unique=False, schema="roster"
    )
    op.execute(
        "create trigger keep_as_written before update or delete or truncate on roster.blocker_steps "
        "for each statement execute function roster.refuse_change_of_audit()"
    )


def downgrade() -> None:
    for table in ("support_entries", "blocker_steps", "blockers"):
        op.drop_table(table, schema="roster")
