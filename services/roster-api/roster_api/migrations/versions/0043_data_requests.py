"""What people ask about their own data; and since when somebody's is erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("volunteers", sa.Column("erased_at", moment, nullable=True), schema="roster")
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("wanted_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=True),
        sa.Column("filed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("late_at", moment, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("outbox_id", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind in ('access', 'correction', 'erasure')", name=op.f("ck_data_requests_kind_known")),
        sa.CheckConstraint(
            "state in ('open', 'erasing', 'done', 'refused', 'withdrawn')", name=op.f("ck_data_requests_state_known")
        ),
        sa.CheckConstraint(
            "channel in ('page', 'paper', 'spoken', 'email')", name=op.f("ck_data_requests_channel_known")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_data_requests_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        schema="roster",
    )
    op.create_index(
        "uq_data_requests_open", "data_requests", ["volunteer_id", "kind"], unique=True, schema="roster",
        postgresql_where=sa.text("state in ('open', 'erasing')"),
    )  # fmt: skip
    op.create_index(
        "ix_data_requests_due", "data_requests", ["due_at"], schema="roster",
        postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip
    op.create_index("ix_data_requests_person", "data_requests", ["volunteer_id", "filed_at"], schema="roster")


def downgrade() -> None:
    op.drop_table("data_requests", schema="roster")
    op.drop_column("volunteers", "erased_at", schema="roster")
