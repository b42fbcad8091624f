"""Beside the words of who imported boundaries, recorded a consent or changed a duty, the key or account."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = {"province_boundaries": "imported_by_id", "consents": "recorded_by_id", "duty_versions": "changed_by_id"}


def upgrade() -> None:
    for table, name in COLUMNS.items():
        op.add_column(table, sa.Column(name, sa.Uuid(), nullable=True), schema="roster")


def downgrade() -> None:
    for table, name in COLUMNS.items():
        op.drop_column(table, name, schema="roster")
