"""People are found by any part of their name, and by a staff code over schools, through indexes.

pg_trgm comes with Postgres and is trusted: whoever owns the database may create it. Where it is there already, in
whichever schema, it is used from there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create extension if not exists pg_trgm with schema roster")
    schema = op.get_bind().scalar(
        sa.text(
            "select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace"
            " where e.extname = 'pg_trgm'"
        )
    )
    by_part = f'using gin (search_key "{schema}".gin_trgm_ops)'
    op.execute(f"create index ix_volunteers_search_key_part on roster.volunteers {by_part}")
    op.create_index("ix_volunteers_external_ref", "volunteers", ["external_ref"], schema="roster")


def downgrade() -> None:
    op.drop_index("ix_volunteers_external_ref", "volunteers", schema="roster")
    op.drop_index("ix_volunteers_search_key_part", "volunteers", schema="roster")
