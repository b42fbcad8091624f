"""How a person wishes to be written to: by which channel, in which language."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KNOWN = {"preferred_channel": "('email', 'sms')", "preferred_language": "('vi', 'en')"}


def upgrade() -> None:
    for name, values in KNOWN.items():
        op.add_column("volunteers", sa.Column(name, sa.Text(), nullable=True), schema="roster")
        op.create_check_constraint(f"{name}_known", "volunteers", f"{name} in {values}", schema="roster")


def downgrade() -> None:
    for name in KNOWN:
        op.drop_column("volunteers", name, schema="roster")
