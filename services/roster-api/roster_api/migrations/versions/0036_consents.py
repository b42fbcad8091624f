"""What people agreed to: rows that are only added."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("purpose in ('messages')", name=op.f("ck_consents_purpose_known")),
        sa.CheckConstraint("channel in ('page', 'paper', 'spoken')", name=op.f("ck_consents_channel_known")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_consents_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        schema="roster",
    )
    op.create_index("ix_consents_person", "consents", ["volunteer_id", "purpose", "said_at"], schema="roster")


def downgrade() -> None:
    op.drop_table("consents", schema="roster")
