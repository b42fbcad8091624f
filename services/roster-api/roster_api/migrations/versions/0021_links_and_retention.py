"""Links that are revoked make room for others; what was kept long enough goes, and how much is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("uq_personal_links_person", "personal_links", schema="roster")
    op.create_index(
        "uq_personal_links_live",
        "personal_links",
        ["campaign_id", "volunteer_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("revoked_at is null"),
    )
    op.add_column("roster_uploads", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True), schema="roster")
    op.create_table(
        "purges",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("rows_last", sa.Integer(), nullable=False),
        sa.Column("rows_ever", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_purges")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("purges", schema="roster")
    op.drop_column("roster_uploads", "purged_at", schema="roster")
    op.drop_index("uq_personal_links_live", "personal_links", schema="roster")
    op.create_unique_constraint(
        "uq_personal_links_person", "personal_links", ["campaign_id", "volunteer_id"], schema="roster"
    )
