"""What offices are told, at once or together once a day; reminders before the first day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

JSON = postgresql.JSONB(astext_type=sa.Text())


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "office_digests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _now("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_digests")),
        sa.UniqueConstraint("recipient_kind", "recipient_id", "day", name="uq_office_digests_day"),
        schema="roster",
    )
    op.create_table(
        "office_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("sentences", JSON, nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("digest_id", sa.Uuid(), nullable=True),
        _now("created_at"),
        sa.ForeignKeyConstraint(["digest_id"], ["roster.office_digests.id"], name=op.f("fk_office_notices_digest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_office_notices_key")),
        schema="roster",
    )
    op.create_index(
        "ix_office_notices_waiting",
        "office_notices",
        ["recipient_kind", "recipient_id", "created_at"],
        schema="roster",
        postgresql_where=sa.text("digest_id is null and not is_urgent"),
    )
    op.create_index("ix_office_notices_digest_id", "office_notices", ["digest_id"], schema="roster")
    op.add_column("reminders", sa.Column("kind", sa.Text(), server_default="answer", nullable=False), schema="roster")
    op.create_check_constraint("kind_known", "reminders", "kind in ('answer', 'first_day')", schema="roster")
    op.create_table(
        "first_days",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_first_days_campaign_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_first_days_volunteer_id")),
        sa.ForeignKeyConstraint(["reminder_id"], ["roster.reminders.id"], name=op.f("fk_first_days_reminder_id")),
        sa.PrimaryKeyConstraint("campaign_id", "volunteer_id", "begins_on", name=op.f("pk_first_days")),
        schema="roster",
    )
    op.create_index("ix_first_days_reminder_id", "first_days", ["reminder_id"], schema="roster")


def downgrade() -> None:
    op.drop_table("first_days", schema="roster")
    op.drop_column("reminders", "kind", schema="roster")
    op.drop_table("office_notices", schema="roster")
    op.drop_table("office_digests", schema="roster")
