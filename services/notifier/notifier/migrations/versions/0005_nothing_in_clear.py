"""No notice stands in clear any more; the table is written anew, without what was dropped.

Refuses while anything is not sealed yet: then `notifier migrate` is run again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("lock table notifier.messages in access exclusive mode")
    if op.get_bind().scalar(sa.text("select 1 from notifier.messages where notice_sealed is null limit 1")):
        raise RuntimeError("messages were written in clear meanwhile; run `notifier migrate` again")
    op.drop_column("messages", "notice", schema="notifier")
    op.execute("alter table notifier.messages alter column notice_sealed type bytea using notice_sealed || ''")


def downgrade() -> None:
    """The column comes back; what was sealed stays sealed."""
    op.add_column(
        "messages",
        sa.Column("notice", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        schema="notifier",
    )
