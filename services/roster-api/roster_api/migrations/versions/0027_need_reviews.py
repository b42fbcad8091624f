"""Needs are drafted, submitted, reviewed; what they were is kept; runs name the versions they used; reminders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
COLUMNS = ("reviewed_by", "reviewed_at", "review_reason")


def _references(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"roster.{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.add_column(
        "need_declarations", sa.Column("state", sa.Text(), server_default="accepted", nullable=False), schema="roster"
    )
    for name in COLUMNS:
        kind = sa.DateTime(timezone=True) if name == "reviewed_at" else sa.Text()
        op.add_column("need_declarations", sa.Column(name, kind), schema="roster")
    op.create_check_constraint(
        op.f("ck_need_declarations_state_known"),
        "need_declarations",
        "state in ('draft', 'submitted', 'accepted')",
        schema="roster",
    )
    op.add_column(
        "matching_runs", sa.Column("need_versions", JSONB, server_default="{}", nullable=False), schema="roster"
    )
    op.create_table(
        "need_versions",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        _references("need_versions", "campaign_id", "campaigns"),
        _references("need_versions", "commune_code", "communes", "code"),
        sa.PrimaryKeyConstraint("campaign_id", "commune_code", "version", name=op.f("pk_need_versions")),
        schema="roster",
    )
    op.execute(
        "insert into roster.need_versions (campaign_id, commune_code, version, state, content, changed_by, changed_at)"
        " select d.campaign_id, d.commune_code, d.row_version, d.state, jsonb_build_object('lacks_it_staff',"
        " d.lacks_it_staff, 'presence', to_jsonb(d.presence), 'min_people', d.min_people, 'note', d.note,"
        " 'items', coalesce((select jsonb_agg("
        " jsonb_build_object('duty_code', i.duty_code, 'people', i.people, 'days_per_week', i.days_per_week)"
        " order by i.duty_code) from roster.need_items i where i.declaration_id = d.id), '[]')),"
        " d.declared_by, d.updated_at from roster.need_declarations d"
    )
    op.execute(
        "create trigger keep_as_written before update or delete or truncate on roster.need_versions "
        "for each statement execute function roster.refuse_change_of_audit()"
    )
    op.create_table(
        "need_reminders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_by", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        _references("need_reminders", "campaign_id", "campaigns"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_reminders")),
        schema="roster",
    )
    op.create_index(op.f("ix_need_reminders_campaign_id"), "need_reminders", ["campaign_id"], schema="roster")
    op.create_table(
        "need_reminded_communes",
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        _references("need_reminded_communes", "reminder_id", "need_reminders"),
        _references("need_reminded_communes", "commune_code", "communes", "code"),
        sa.PrimaryKeyConstraint("reminder_id", "commune_code", name=op.f("pk_need_reminded_communes")),
        schema="roster",
    )


def downgrade() -> None:
    for table in ("need_reminded_communes", "need_reminders", "need_versions"):
        op.drop_table(table, schema="roster")
    op.drop_column("matching_runs", "need_versions", schema="roster")
    op.drop_constraint(op.f("ck_need_declarations_state_known"), "need_declarations", schema="roster")
    for name in ("state", *COLUMNS):
        op.drop_column("need_declarations", name, schema="roster")
