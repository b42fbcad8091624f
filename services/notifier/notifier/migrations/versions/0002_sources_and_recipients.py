"""A message is to a recipient, from a source; what it holds names no address and no personal link any more.

Every row of before is a volunteer's, from a plan. Ids and references stay as they are, so that a provider, a receipt or
an officer's request for one of them finds it as ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RENAMED = {
    "plan_id": "source_id",
    "plan_version": "source_version",
    "volunteer_id": "recipient_id",
    "calendar_uid": "thread",
}
KEY = ["source_kind", "source_id", "source_version", "recipient_kind", "recipient_id", "channel", "kind"]
OLD_KEY = "uq_messages_plan_id_volunteer_id_channel_kind"

SOURCE = """jsonb_build_object(
    'source', jsonb_build_object('kind', 'plan', 'id', m.source_id, 'version', m.source_version),
    'recipient', jsonb_build_object('kind', 'volunteer', 'id', m.recipient_id)
)"""
SHORTENED = (
    """m.notice - array['plan_id', 'plan_version', 'volunteer_id', 'email', 'phone', 'answer_url', 'calendar_uid']"""
)


def upgrade() -> None:
    op.drop_constraint(OLD_KEY, "messages", schema="notifier")
    op.drop_index("ix_messages_thread", table_name="messages", schema="notifier")
    for old, new in RENAMED.items():
        op.alter_column("messages", old, new_column_name=new, schema="notifier")
    op.alter_column(
        "messages",
        "recipient_id",
        type_=sa.Text(),
        existing_type=sa.Uuid(),
        postgresql_using="recipient_id::text",
        schema="notifier",
    )
    for column, value in (("source_kind", "plan"), ("recipient_kind", "volunteer")):
        op.add_column("messages", sa.Column(column, sa.Text(), nullable=False, server_default=value), schema="notifier")
        op.alter_column("messages", column, server_default=None, schema="notifier")
    op.execute(
        f"update notifier.messages m set notice = ({SHORTENED}) || {SOURCE} || jsonb_build_object("  # noqa: S608 - constants
        " 'thread', m.thread, 'commune_code', m.commune_code)"
    )
    op.execute(
        f"update notifier.resends r set answer = r.answer || {SOURCE} from notifier.messages m"  # noqa: S608 - constants
        " where m.id = r.message_id"
    )
    op.create_unique_constraint("uq_messages_once", "messages", KEY, schema="notifier")
    op.create_index("ix_messages_thread", "messages", ["thread", "recipient_id", "source_version"], schema="notifier")


def downgrade() -> None:
    # Refused on purpose: this step deletes addresses and links, and no step can bring them back.
    raise NotImplementedError("addresses and links are gone from the notices: the way back is a backup")
