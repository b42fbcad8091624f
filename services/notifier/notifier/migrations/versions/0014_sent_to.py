"""A message knows, without any address, to which one it went; what went to another than its recipient has now may be
sent again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STEPS_BEFORE = {
    "pending": "claimed cancelled failed delivered",
    "claimed": "pending sending cancelled failed delivered",
    "sending": "sent pending failed unknown cancelled delivered",
    "sent": "delivered failed",
    "delivered": "",
    "failed": "pending delivered",
    "unknown": "sent pending failed cancelled delivered",
    "cancelled": "delivered",
}
TO_ANOTHER_ADDRESS = ("sent>pending", "delivered>pending", "claimed>sent")
"""notifier.states.TO_ANOTHER_ADDRESS as of this revision."""


def _check_steps(*, to_another_address: bool) -> None:
    allowed = ", ".join(f"'{old}>{new}'" for old, news in STEPS_BEFORE.items() for new in news.split())
    corrected = ", ".join(f"'{step}'" for step in TO_ANOTHER_ADDRESS)
    is_corrected = (
        f"""
            and not ((old.status || '>' || new.status) in ({corrected}) and old.address_digest is not null
                     and new.address_digest is not null and new.address_digest <> old.address_digest
                     and new.reference <> old.reference)"""
        if to_another_address
        else ""
    )
    op.execute(
        f"""
        create or replace function notifier.check_message_step() returns trigger language plpgsql as $$
        begin
            if (old.status || '>' || new.status) not in ({allowed}){is_corrected} then
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


def upgrade() -> None:
    op.add_column("messages", sa.Column("address_key_sealed", sa.LargeBinary(), nullable=True), schema="notifier")
    op.add_column("messages", sa.Column("address_digest", sa.LargeBinary(), nullable=True), schema="notifier")
    op.add_column("attempts", sa.Column("address_digest", sa.LargeBinary(), nullable=True), schema="notifier")
    _check_steps(to_another_address=True)


def downgrade() -> None:
    _check_steps(to_another_address=False)
    op.drop_column("attempts", "address_digest", schema="notifier")
    op.drop_column("messages", "address_digest", schema="notifier")
    op.drop_column("messages", "address_key_sealed", schema="notifier")
