"""Messages, attempts, receipts, breakers, workers; and a trigger that lets a message take allowed steps only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STEPS = {
    "pending": "claimed cancelled failed delivered",
    "claimed": "pending sending cancelled failed delivered",
    "sending": "sent pending failed unknown cancelled delivered",
    "sent": "delivered failed",
    "delivered": "",
    "failed": "pending delivered",
    "unknown": "sent pending failed cancelled delivered",
    "cancelled": "delivered",
}
"""notifier.states.STEPS as of this revision."""


def _create_step_trigger() -> None:
    allowed = ", ".join(f"'{old}>{new}'" for old, news in STEPS.items() for new in news.split())
    op.execute(
        f"""
        create function notifier.check_message_step() returns trigger language plpgsql as $$
        begin
            if (old.status || '>' || new.status) not in ({allowed}) then
                raise exception 'a message may not go from % to %', old.status, new.status
                    using errcode = 'check_violation';
            end if;
            if new.superseded_at is not null and new.status in ('pending', 'claimed', 'sending') then
                raise exception 'a message that a newer plan made untrue may not become %', new.status
                    using errcode = 'check_violation';
            end if;
            return new;
        end $$
        """
    )
    op.execute(
        """
        create trigger check_message_step before update on notifier.messages
        for each row when (old.status is distinct from new.status) execute function notifier.check_message_step()
        """
    )


def upgrade() -> None:
    op.create_table(
        "breakers",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_breakers")),
        schema="notifier",
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("calendar_uid", sa.Text(), nullable=False),
        sa.Column("school_name", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=True),
        sa.Column("notice", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("claim_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_kind", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("provider_message_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason_vi", sa.Text(), nullable=True),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.CheckConstraint("channel in ('email', 'sms')", name=op.f("ck_messages_channel")),
        sa.CheckConstraint(
            "status in ('pending', 'claimed', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'cancelled')",
            name=op.f("ck_messages_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "plan_id", "volunteer_id", "channel", "kind", name=op.f("uq_messages_plan_id_volunteer_id_channel_kind")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_messages_reference")),
        schema="notifier",
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at", "id"], unique=False, schema="notifier")
    op.create_index(
        "ix_messages_due",
        "messages",
        ["channel", "priority", "next_attempt_at"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "ix_messages_in_hand",
        "messages",
        ["status", "claimed_at"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("status in ('claimed', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_messages_thread",
        "messages",
        ["volunteer_id", "calendar_uid", "plan_version"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
        schema="notifier",
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claim_version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("provider_code", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["notifier.messages.id"], name=op.f("fk_attempts_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_attempts_message_id_number")),
        schema="notifier",
    )
    op.create_table(
        "receipts",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["notifier.messages.id"], name=op.f("fk_receipts_message_id")),
        sa.PrimaryKeyConstraint("provider", "webhook_id", name=op.f("pk_receipts")),
        schema="notifier",
    )
    op.create_index(op.f("ix_receipts_message_id"), "receipts", ["message_id"], unique=False, schema="notifier")
    op.create_table(
        "resends",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status_before", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["notifier.messages.id"], name=op.f("fk_resends_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resends")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_resends_idempotency_key")),
        schema="notifier",
    )
    op.create_index(op.f("ix_resends_message_id"), "resends", ["message_id"], unique=False, schema="notifier")

    _create_step_trigger()


def downgrade() -> None:
    op.execute("drop trigger check_message_step on notifier.messages")
    op.execute("drop function notifier.check_message_step()")
    op.drop_index(op.f("ix_resends_message_id"), table_name="resends", schema="notifier")
    op.drop_table("resends", schema="notifier")
    op.drop_index(op.f("ix_receipts_message_id"), table_name="receipts", schema="notifier")
    op.drop_table("receipts", schema="notifier")
    op.drop_table("attempts", schema="notifier")
    op.drop_table("workers", schema="notifier")
    op.drop_index("ix_messages_thread", table_name="messages", schema="notifier")
    op.drop_index(
        "ix_messages_in_hand",
        table_name="messages",
        schema="notifier",
        postgresql_where=sa.text("status in ('claimed', 'sending', 'unknown')"),
    )
    op.drop_index(
        "ix_messages_due", table_name="messages", schema="notifier", postgresql_where=sa.text("status = 'pending'")
    )
    op.drop_index("ix_messages_created_at", table_name="messages", schema="notifier")
    op.drop_table("messages", schema="notifier")
    op.drop_table("breakers", schema="notifier")
