"""Boundaries of communes, roads and reach, and travel measured by pair."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.add_column(
        "communes", sa.Column("reach_band", sa.SmallInteger(), server_default="0", nullable=False), schema="roster"
    )
    op.add_column("communes", sa.Column("road_factor", sa.Float(), server_default="1", nullable=False), schema="roster")
    op.create_check_constraint(
        op.f("ck_communes_reach_band_in_range"), "communes", "reach_band between 0 and 3", schema="roster"
    )
    op.create_check_constraint(
        op.f("ck_communes_road_factor_in_range"), "communes", "road_factor between 1 and 5", schema="roster"
    )
    op.create_table(
        "province_boundaries",
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("neighbours", JSONB, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_province_boundaries_province_code_provinces")
        ),
        sa.PrimaryKeyConstraint("province_code", name=op.f("pk_province_boundaries")),
        schema="roster",
    )
    op.create_table(
        "measured_travel",
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.CheckConstraint("metres between 0 and 5000000", name=op.f("ck_measured_travel_metres_in_range")),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_measured_travel_commune_code_communes")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["roster.schools.id"], name=op.f("fk_measured_travel_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("commune_code", "school_id", name=op.f("pk_measured_travel")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("measured_travel", schema="roster")
    op.drop_table("province_boundaries", schema="roster")
    for column in ("road_factor", "reach_band"):
        op.drop_constraint(op.f(f"ck_communes_{column}_in_range"), "communes", schema="roster")
        op.drop_column("communes", column, schema="roster")
