"""Who did, was refused or read what at this service: rows that nobody changes, and the blocks that prove it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("audit_entries", "audit_blocks")


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.CheckConstraint("action in ('change', 'refusal', 'read')", name=op.f("ck_audit_entries_action_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        schema="notifier",
    )
    op.create_index("ix_audit_entries_created_at", "audit_entries", ["created_at"], schema="notifier")
    op.create_index(
        "ix_audit_entries_subjects", "audit_entries", ["subjects"], schema="notifier", postgresql_using="gin"
    )
    op.create_table(
        "audit_blocks",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("entry_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("previous_sha256", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_blocks")),
        schema="notifier",
    )
    op.create_index("ix_audit_blocks_sealed_at", "audit_blocks", ["sealed_at"], schema="notifier")
    op.execute(
        """
        create function notifier.refuse_change_of_audit() returns trigger language plpgsql as $$
        begin
            raise exception 'the audit is added to, and never changed'
            using errcode = 'integrity_constraint_violation', constraint = 'audit_append_only';
        end $$
        """
    )
    for table in TABLES:
        op.execute(
            f"create trigger keep_as_written before update or delete or truncate on notifier.{table} "
            "for each statement execute function notifier.refuse_change_of_audit()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema="notifier")
    op.execute("drop function notifier.refuse_change_of_audit()")
