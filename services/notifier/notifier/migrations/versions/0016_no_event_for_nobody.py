"""A message's event is put together only where somebody subscribed to events: most have nobody who did."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNLESS_NOBODY = """
    if not exists (select 1 from notifier.webhook_subscriptions) then
        return null;
    end if;
"""


def _note_messages(first: str) -> str:
    return f"""
create or replace function notifier.note_event_of_message() returns trigger language plpgsql as $$
begin
{first}
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


def upgrade() -> None:
    op.execute(_note_messages(UNLESS_NOBODY))


def downgrade() -> None:
    op.execute(_note_messages(""))
