"""Evaluations: what communes, schools and people say of each other."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("rater", sa.Text(), nullable=False),
        sa.Column("rater_id", sa.Text(), nullable=False),
        sa.Column("rated", sa.Text(), nullable=False),
        sa.Column("rated_id", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("marks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rated_by", sa.Text(), nullable=True),
        sa.Column("rated_by_id", sa.Uuid(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("rated IN ('person', 'school', 'commune')", name=op.f("ck_evaluations_rated_known")),
        sa.CheckConstraint("rater IN ('commune', 'school', 'person')", name=op.f("ck_evaluations_rater_known")),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_evaluations_campaign_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_evaluations_commune_code")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_evaluations_school_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_evaluations_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
        schema="roster",
    )
    op.create_index("ix_evaluations_volunteer", "evaluations", ["volunteer_id"], unique=False, schema="roster")
    op.create_index(
        "uq_evaluations_of_each",
        "evaluations",
        ["campaign_id", "rater", "rater_id", "rated", "rated_id"],
        unique=True,
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("evaluations", schema="roster")
