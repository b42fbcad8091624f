"""Registers as they were sent, with their previews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("register_name", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("header_rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "register_name in ('units', 'staff', 'posts')", name=op.f("ck_register_uploads_register_known")
        ),
        sa.CheckConstraint(
            "status in ('in_review', 'committed', 'cancelled')", name=op.f("ck_register_uploads_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_register_uploads_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_uploads")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_register_uploads_province_code_created_at"),
        "register_uploads",
        ["province_code", "created_at"],
        unique=False,
        schema="roster",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_register_uploads_province_code_created_at"), table_name="register_uploads", schema="roster")
    op.drop_table("register_uploads", schema="roster")
