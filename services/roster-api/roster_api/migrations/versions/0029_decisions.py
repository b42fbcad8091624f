"""Rows of a list that may be somebody else: shown side by side, decided by the school."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ROWS = "roster_upload_rows"
STATUSES = "status in ('new', 'changed', 'same', 'missing', 'error', 'left_out', 'conflict')"
OLD_STATUSES = "status in ('new', 'changed', 'same', 'missing', 'error', 'conflict')"


def upgrade() -> None:
    for name in ("doubts", "decisions"):
        column = sa.Column(name, postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
        op.add_column("roster_uploads", column, schema="roster")
    op.drop_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, schema="roster")
    op.create_check_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, STATUSES, schema="roster")


def downgrade() -> None:
    op.execute("delete from roster.roster_upload_rows where status = 'left_out'")
    op.drop_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, schema="roster")
    op.create_check_constraint(op.f(f"ck_{ROWS}_status_known"), ROWS, OLD_STATUSES, schema="roster")
    for name in ("decisions", "doubts"):
        op.drop_column("roster_uploads", name, schema="roster")
