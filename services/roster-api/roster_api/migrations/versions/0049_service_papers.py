"""Activity reports and certificates of service, each with a code."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_papers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('activity_report', 'certificate')", name=op.f("ck_service_papers_kind_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_service_papers_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_service_papers_school_id_schools")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_service_papers_volunteer_id_volunteers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_papers")),
        sa.UniqueConstraint("code", name=op.f("uq_service_papers_code")),
        schema="roster",
    )
    op.create_index(
        "uq_service_papers_in_force",
        "service_papers",
        ["campaign_id", "volunteer_id", "kind"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("service_papers", schema="roster")
