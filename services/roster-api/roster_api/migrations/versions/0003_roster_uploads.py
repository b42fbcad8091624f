"""roster uploads: the files as sent, and their previews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("header_rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("roster_seen", sa.Text(), nullable=False),
        sa.Column("roster_left", sa.Text(), nullable=True),
        sa.Column("undo", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('ready', 'has_errors', 'committed', 'undone')", name=op.f("ck_roster_uploads_status_known")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_roster_uploads_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_uploads")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_roster_uploads_school_id_created_at"),
        "roster_uploads",
        ["school_id", "created_at"],
        unique=False,
        schema="roster",
    )
    op.create_table(
        "roster_upload_rows",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("shown_name", sa.Text(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("person", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "status in ('new', 'changed', 'same', 'missing', 'error')", name=op.f("ck_roster_upload_rows_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["roster.roster_uploads.id"],
            name=op.f("fk_roster_upload_rows_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_roster_upload_rows")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("roster_upload_rows", schema="roster")
    op.drop_index(op.f("ix_roster_uploads_school_id_created_at"), table_name="roster_uploads", schema="roster")
    op.drop_table("roster_uploads", schema="roster")
