"""Units, their staff and their posts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("quota_party", sa.Integer(), nullable=True),
        sa.Column("quota_government", sa.Integer(), nullable=True),
        sa.Column("contact_name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('provincial_agency', 'commune_office', 'service_centre', 'school')",
            name=op.f("ck_units_kind_known"),
        ),
        sa.CheckConstraint("(latitude is null) = (longitude is null)", name=op.f("ck_units_whole_place")),
        sa.CheckConstraint(
            "coalesce(quota_party, 0) >= 0 and coalesce(quota_government, 0) >= 0",
            name=op.f("ck_units_quotas_positive"),
        ),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_units_commune_code")),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_units_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("province_code", "code", name=op.f("uq_units_province_code_code")),
        schema="roster",
    )
    op.create_index(op.f("ix_units_commune_code"), "units", ["commune_code"], unique=False, schema="roster")
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quota", sa.Integer(), server_default="1", nullable=False),
        sa.Column("filled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="1", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("priority between 1 and 9", name=op.f("ck_posts_priority_in_range")),
        sa.CheckConstraint("quota >= 1 and filled between 0 and quota", name=op.f("ck_posts_filled_within_quota")),
        sa.ForeignKeyConstraint(["field_code"], ["roster.fields.code"], name=op.f("fk_posts_field_code")),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_posts_province_code")),
        sa.ForeignKeyConstraint(["unit_id"], ["roster.units.id"], name=op.f("fk_posts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("province_code", "code", name=op.f("uq_posts_province_code_code")),
        schema="roster",
    )
    op.create_index(op.f("ix_posts_field_code"), "posts", ["field_code"], unique=False, schema="roster")
    op.create_index(op.f("ix_posts_unit_id"), "posts", ["unit_id"], unique=False, schema="roster")
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column(
            "qualifications", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("serving_since", sa.Date(), nullable=True),
        sa.Column("conduct", sa.Text(), nullable=True),
        sa.Column("conduct_note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("home_commune_code", sa.Text(), nullable=True),
        sa.Column("availability", sa.Text(), server_default="none", nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_digest", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_digest", sa.LargeBinary(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "availability in ('none', 'surplus', 'nominated')", name=op.f("ck_staff_availability_known")
        ),
        sa.CheckConstraint(
            "conduct is null or conduct in ('excellent', 'good', 'completed', 'not_completed')",
            name=op.f("ck_staff_conduct_known"),
        ),
        sa.CheckConstraint("side in ('party', 'government')", name=op.f("ck_staff_side_known")),
        sa.ForeignKeyConstraint(
            ["home_commune_code"], ["roster.communes.code"], name=op.f("fk_staff_home_commune_code")
        ),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_staff_province_code")),
        sa.ForeignKeyConstraint(["unit_id"], ["roster.units.id"], name=op.f("fk_staff_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("province_code", "code", name=op.f("uq_staff_province_code_code")),
        schema="roster",
    )
    op.create_index(op.f("ix_staff_email_digest"), "staff", ["email_digest"], unique=False, schema="roster")
    op.create_index(op.f("ix_staff_phone_digest"), "staff", ["phone_digest"], unique=False, schema="roster")
    op.create_index(op.f("ix_staff_unit_id"), "staff", ["unit_id"], unique=False, schema="roster")


def downgrade() -> None:
    op.drop_index(op.f("ix_staff_unit_id"), table_name="staff", schema="roster")
    op.drop_index(op.f("ix_staff_phone_digest"), table_name="staff", schema="roster")
    op.drop_index(op.f("ix_staff_email_digest"), table_name="staff", schema="roster")
    op.drop_table("staff", schema="roster")
    op.drop_index(op.f("ix_posts_unit_id"), table_name="posts", schema="roster")
    op.drop_index(op.f("ix_posts_field_code"), table_name="posts", schema="roster")
    op.drop_table("posts", schema="roster")
    op.drop_index(op.f("ix_units_commune_code"), table_name="units", schema="roster")
    op.drop_table("units", schema="roster")
