"""Tokens that were signed out of before their time."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_sign_ins",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 32", name=op.f("ck_ended_sign_ins_whole_digest")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_ended_sign_ins")),
        schema="roster",
    )
    op.create_index(op.f("ix_ended_sign_ins_forgotten_at"), "ended_sign_ins", ["forgotten_at"], schema="roster")


def downgrade() -> None:
    op.drop_table("ended_sign_ins", schema="roster")
