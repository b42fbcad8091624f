"""The policy of a campaign, and whom a run's plan leaves without anyone.

Campaigns of before go on as they did: lecturers alone supervise, and a school leads no more communes than
it has lecturers.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE = (
    '{"supervisors": ["lecturer"], "supervised": ["teacher", "student", "official"], "supervision": "commune",'
    ' "students_per_lecturer": 5, "max_communes_per_lecturer": 1.0, "lecturer_bound": "hard"}'
)


def upgrade() -> None:
    kind = postgresql.JSONB(astext_type=sa.Text())
    op.add_column(
        "campaigns", sa.Column("policy", kind, server_default=sa.text(f"'{BEFORE}'"), nullable=False), schema="roster"
    )
    left_out = sa.Column("left_out", kind, server_default=sa.text("'[]'"), nullable=False)
    op.add_column("matching_runs", left_out, schema="roster")


def downgrade() -> None:
    op.drop_column("matching_runs", "left_out", schema="roster")
    op.drop_column("campaigns", "policy", schema="roster")
