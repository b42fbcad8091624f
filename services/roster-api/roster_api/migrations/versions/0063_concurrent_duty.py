"""Concurrent duty: a decision may take some weekdays alone, is reviewed, and a unit may ask for a change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None
DAYS = postgresql.ARRAY(sa.SmallInteger())


def upgrade() -> None:
    op.add_column("secondments", sa.Column("weekdays", DAYS, nullable=True), schema="roster")
    op.add_column("secondments", sa.Column("review_on", sa.Date(), nullable=True), schema="roster")
    op.add_column(
        "secondments", sa.Column("change_asked_at", sa.DateTime(timezone=True), nullable=True), schema="roster"
    )
    op.create_check_constraint(
        op.f("ck_secondments_weekdays_some"),
        "secondments",
        "weekdays is null or cardinality(weekdays) between 1 and 5",
        schema="roster",
    )
    op.create_check_constraint(
        op.f("ck_secondments_review_fits"),
        "secondments",
        "review_on is null or (weekdays is not null and until_on is null)",
        schema="roster",
    )
    op.add_column("secondment_events", sa.Column("weekdays", DAYS, nullable=True), schema="roster")
    op.add_column("secondment_events", sa.Column("review_on", sa.Date(), nullable=True), schema="roster")


def downgrade() -> None:
    op.drop_column("secondment_events", "review_on", schema="roster")
    op.drop_column("secondment_events", "weekdays", schema="roster")
    op.drop_column("secondments", "change_asked_at", schema="roster")
    op.drop_column("secondments", "review_on", schema="roster")
    op.drop_column("secondments", "weekdays", schema="roster")
