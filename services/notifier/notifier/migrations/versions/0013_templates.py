"""Words that people edit, version by version; each message names the one it was written by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "templates",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("blocks", postgresql.JSONB(astext_type=sa.Text(), none_as_null=True), nullable=True),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('email', 'sms')", name=op.f("ck_templates_channel")),
        sa.CheckConstraint("language in ('vi', 'en')", name=op.f("ck_templates_language")),
        sa.PrimaryKeyConstraint("kind", "channel", "language", "version", name=op.f("pk_templates")),
        schema="notifier",
    )
    op.add_column("messages", sa.Column("template", sa.Text(), nullable=True), schema="notifier")


def downgrade() -> None:
    op.drop_column("messages", "template", schema="notifier")
    op.drop_table("templates", schema="notifier")
