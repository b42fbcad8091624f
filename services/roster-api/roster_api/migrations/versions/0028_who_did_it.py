"""Beside the words of who did something, the key or account; four eyes and the price of a segment by province."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

DONE = {
    "plans": "approved published discarded",
    "reminders": "reminded",
    "plan_edits": "made undone",
    "plan_optimum_runs": "asked",
    "national_runs": "requested cancelled",
    "matching_runs": "requested cancelled",
    "advice": "requested",
    "need_declarations": "declared reviewed",
    "need_versions": "changed",
    "need_reminders": "reminded",
    "decisions": "decided withdrawn",
    "existing_relations": "recorded",
}
"""By table, what is done to its rows."""


def upgrade() -> None:
    for table, names in DONE.items():
        for name in names.split():
            op.add_column(table, sa.Column(f"{name}_by_id", sa.Uuid(), nullable=True), schema="roster")
    op.add_column(
        "provinces", sa.Column("four_eyes", sa.Boolean(), server_default=sa.false(), nullable=False), schema="roster"
    )
    op.add_column("provinces", sa.Column("sms_price_vnd", sa.Integer(), nullable=True), schema="roster")


def downgrade() -> None:
    op.drop_column("provinces", "sms_price_vnd", schema="roster")
    op.drop_column("provinces", "four_eyes", schema="roster")
    for table, names in DONE.items():
        for name in names.split():
            op.drop_column(table, f"{name}_by_id", schema="roster")
