"""absences of volunteers, exceptions of a campaign's calendar, and what became of the dates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LISTS = (
    ("volunteers", "absences"),
    ("campaigns", "calendar_exceptions"),
    ("placements", "lost"),
    ("matching_runs", "set_aside"),
)


def upgrade() -> None:
    for table, column in LISTS:
        op.add_column(
            table,
            sa.Column(column, postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
            schema="roster",
        )
    # Problems frozen before have the list under its old name, always empty. As text: the order of keys is kept.
    op.execute(
        """
        update roster.matching_runs
        set problem = replace(problem::text, '"teaching": []', '"absences": []')::json
        where problem::text like '%"teaching": []%'
        """
    )
