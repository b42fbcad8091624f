"""Headcount, use of everyone, prices: in the policies of campaigns, which so far had none of them, and on needs.

Campaigns of before go on as they did. What a run would be asked about first stands on it, with the reason.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OF_0012 = (
    '{"supervisors": ["lecturer"], "supervised": ["teacher", "student", "official"], "supervision": "commune",'
    ' "students_per_lecturer": 5, "max_communes_per_lecturer": 1.0, "lecturer_bound": "hard"'
)
ADDED = '"min_people": 0, "use": "need", "theta_pct": 115, "prices": null, "contiguity": false}'
FIRST_PAGE = (("matching_runs", "remarks"), ("plans", "left_out"), ("plans", "remarks"))


def upgrade() -> None:
    op.execute(f"update roster.campaigns set policy = '{{{ADDED}'::jsonb || policy")  # noqa: S608 - a constant above
    op.alter_column("campaigns", "policy", server_default=sa.text(f"'{OF_0012}, {ADDED}'"), schema="roster")
    op.add_column("need_declarations", sa.Column("min_people", sa.SmallInteger(), nullable=True), schema="roster")
    op.create_check_constraint(
        op.f("ck_need_declarations_min_people_in_range"),
        "need_declarations",
        "min_people between 0 and 1000",
        schema="roster",
    )
    kind = postgresql.JSONB(astext_type=sa.Text())
    for table, name in FIRST_PAGE:
        column = sa.Column(name, kind, server_default=sa.text("'[]'"), nullable=False)
        op.add_column(table, column, schema="roster")


def downgrade() -> None:
    for table, name in FIRST_PAGE:
        op.drop_column(table, name, schema="roster")
    op.drop_column("need_declarations", "min_people", schema="roster")
    op.alter_column("campaigns", "policy", server_default=sa.text(f"'{OF_0012}}}'"), schema="roster")
    op.execute(
        "update roster.campaigns set policy = policy - array['min_people', 'use', 'theta_pct', 'prices', 'contiguity']"
    )
