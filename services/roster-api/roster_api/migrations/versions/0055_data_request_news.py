"""What is written to whom about requests about one's own data."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_request_news",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "kind in ('received', 'due', 'late', 'answered')", name=op.f("ck_data_request_news_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["roster.data_requests.id"], name=op.f("fk_data_request_news_request_id_data_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request_news")),
        sa.UniqueConstraint("request_id", "kind", name="uq_data_request_news_once"),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("data_request_news", schema="roster")
