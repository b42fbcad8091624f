"""Webhooks: subscriptions, events written by the transaction that makes them so, and what became of each delivery."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WRITE_EVENT = """
create function notifier.write_event(what text, about text, facts jsonb) returns void language plpgsql as $$
declare
    written uuid;
begin
    if not exists (select 1 from notifier.webhook_subscriptions) then
        return;
    end if;
    insert into notifier.webhook_events (type, subject, data) values (what, about, facts) returning id into written;
    insert into notifier.webhook_deliveries (subscription_id, event_id)
    select id, written from notifier.webhook_subscriptions where what = any(event_types);
end $$
"""
NOTE_MESSAGE = """
create function notifier.note_event_of_message() returns trigger language plpgsql as $$
begin
    perform notifier.write_event(
        'commune-roster.message.' || new.status,
        new.id::text,
        jsonb_build_object(
            'message_id', new.id, 'source_kind', new.source_kind, 'source_id', new.source_id,
            'source_version', new.source_version, 'recipient_kind', new.recipient_kind, 'channel', new.channel,
            'kind', new.kind, 'commune_code', new.commune_code, 'status', new.status, 'reason_code', new.reason_code,
            'provider', new.provider, 'attempts', new.attempts, 'is_sandbox', new.is_sandbox
        )
    );
    return null;
end $$
"""
TRIGGER = """
create trigger tell_webhooks after update of status on notifier.messages for each row
when (new.status is distinct from old.status and new.status in ('sent', 'delivered', 'failed', 'unknown', 'cancelled'))
execute function notifier.note_event_of_message()
"""


def upgrade() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
        schema="notifier",
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        schema="notifier",
    )
    op.create_index("ix_webhook_events_happened_at", "webhook_events", ["happened_at"], schema="notifier")
    _create_deliveries()
    for statement in (WRITE_EVENT, NOTE_MESSAGE, TRIGGER):
        op.execute(statement)


def _create_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('pending', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["notifier.webhook_subscriptions.id"],
            name=op.f("fk_webhook_deliveries_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["notifier.webhook_events.id"],
            name=op.f("fk_webhook_deliveries_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "event_id", name=op.f("pk_webhook_deliveries")),
        schema="notifier",
    )
    is_pending = sa.text("status = 'pending'")
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["next_attempt_at"],
        schema="notifier",
        postgresql_where=is_pending,
    )
    op.create_index("ix_webhook_deliveries_event_id", "webhook_deliveries", ["event_id"], schema="notifier")


def downgrade() -> None:
    op.execute("drop trigger tell_webhooks on notifier.messages")
    op.execute("drop function notifier.note_event_of_message()")
    op.execute("drop function notifier.write_event(text, text, jsonb)")
    for table in ("webhook_deliveries", "webhook_events", "webhook_subscriptions"):
        op.drop_table(table, schema="notifier")
