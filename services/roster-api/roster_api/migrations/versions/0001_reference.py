"""Reference data, campaigns, needs, decisions, volunteers, keys; the provinces, the fields and their duties."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from roster_api.migrations.seeds import FIELDS, GUIDANCE_VI, PROVINCES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    _seed()


def _seed() -> None:
    provinces = sa.table(
        "provinces",
        *(sa.column(name) for name in ("code", "name", "full_name", "latitude", "longitude", "search_key", "sort_key")),
        schema="roster",
    )
    columns = [column.name for column in provinces.columns]
    op.bulk_insert(provinces, [dict(zip(columns, row, strict=True)) for row in PROVINCES])
    names = ("code", "name_vi", "name_en", "search_key", "position")
    fields = sa.table("fields", *(sa.column(name) for name in names), schema="roster")
    duties = sa.table("duties", *(sa.column(name) for name in (*names, "field_code", "guidance_vi")), schema="roster")
    rows: list[dict[str, Any]] = [
        dict(zip(names, (*row, place), strict=True)) for place, row in enumerate(FIELDS, start=1)
    ]
    op.bulk_insert(fields, rows)
    op.bulk_insert(
        duties, [{**row, "field_code": row["code"], "guidance_vi": GUIDANCE_VI[row["code"]]} for row in rows]
    )


def _create_tables() -> None:
    op.create_table(
        "fields",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_fields")),
        schema="roster",
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_idempotency_keys")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False, schema="roster"
    )
    op.create_table(
        "provinces",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_provinces")),
        schema="roster",
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status in ('draft', 'open', 'closed')", name=op.f("ck_campaigns_status_known")),
        sa.CheckConstraint("end_time > start_time", name=op.f("ck_campaigns_day_ends_after_start")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_ends_after_start")),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_campaigns_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        schema="roster",
    )
    op.create_index(op.f("ix_campaigns_province_code"), "campaigns", ["province_code"], unique=False, schema="roster")
    op.create_table(
        "communes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("area_km2", sa.Double(), nullable=True),
        sa.Column("is_remote", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("office_address", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('commune', 'ward', 'special_zone')", name=op.f("ck_communes_kind_known")),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_communes_province_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_communes")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_communes_province_code_sort_key_code"),
        "communes",
        ["province_code", "sort_key", "code"],
        unique=False,
        schema="roster",
    )
    op.create_table(
        "duties",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("field_code", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("guidance_vi", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["field_code"], ["roster.fields.code"], name=op.f("fk_duties_field_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_duties")),
        schema="roster",
    )
    op.create_index(op.f("ix_duties_field_code"), "duties", ["field_code"], unique=False, schema="roster")
    op.create_table(
        "schools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("is_location_approximate", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_remote_capable", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('university', 'college', 'academy', 'high_school', 'agency', 'other')",
            name=op.f("ck_schools_kind_known"),
        ),
        sa.CheckConstraint(
            "latitude between -90 and 90 and longitude between -180 and 180", name=op.f("ck_schools_on_earth")
        ),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_schools_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("code", name=op.f("uq_schools_code")),
        schema="roster",
    )
    op.create_index(op.f("ix_schools_province_code"), "schools", ["province_code"], unique=False, schema="roster")
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("key_sha256", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("commune_code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role <> 'commune_officer' or commune_code is not null", name=op.f("ck_api_keys_officer_has_commune")
        ),
        sa.CheckConstraint(
            "role <> 'school_coordinator' or school_id is not null", name=op.f("ck_api_keys_coordinator_has_school")
        ),
        sa.CheckConstraint(
            "role in ('admin', 'overseer', 'school_coordinator', 'commune_officer', 'finance', 'service')",
            name=op.f("ck_api_keys_role_known"),
        ),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_api_keys_commune_code")),
        sa.ForeignKeyConstraint(["province_code"], ["roster.provinces.code"], name=op.f("fk_api_keys_province_code")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_api_keys_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_api_keys_key_sha256")),
        schema="roster",
    )
    op.create_table(
        "existing_relations",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_existing_relations_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_existing_relations_commune_code")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_existing_relations_school_id")),
        sa.PrimaryKeyConstraint("campaign_id", "commune_code", "school_id", name=op.f("pk_existing_relations")),
        schema="roster",
    )
    op.create_table(
        "need_declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("lacks_it_staff", sa.Boolean(), nullable=False),
        sa.Column(
            "presence", postgresql.ARRAY(sa.SmallInteger()), server_default=sa.text("'{0,0,0,0,0}'"), nullable=False
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("cardinality(presence) = 5", name=op.f("ck_need_declarations_presence_of_five_days")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_need_declarations_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_need_declarations_commune_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_declarations")),
        sa.UniqueConstraint("campaign_id", "commune_code", name=op.f("uq_need_declarations_campaign_id_commune_code")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_need_declarations_commune_code"), "need_declarations", ["commune_code"], unique=False, schema="roster"
    )
    op.create_table(
        "volunteers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=True),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.String(collation="C"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("skills", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("free_weekdays", postgresql.ARRAY(sa.SmallInteger()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("max_days", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("max_distance_m", sa.Integer(), server_default="100000000", nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "role in ('lecturer', 'teacher', 'student', 'official')", name=op.f("ck_volunteers_role_known")
        ),
        sa.CheckConstraint("status in ('active', 'withdrawn', 'archived')", name=op.f("ck_volunteers_status_known")),
        sa.CheckConstraint("max_days between 0 and 5", name=op.f("ck_volunteers_max_days_in_range")),
        sa.CheckConstraint("max_distance_m >= 0", name=op.f("ck_volunteers_max_distance_positive")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_volunteers_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        schema="roster",
    )
    op.create_index(
        op.f("ix_volunteers_school_id_sort_key_id"),
        "volunteers",
        ["school_id", "sort_key", "id"],
        unique=False,
        schema="roster",
    )
    op.create_index(
        "uq_volunteers_school_id_external_ref",
        "volunteers",
        ["school_id", "external_ref"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("external_ref is not null"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "case when kind like 'responsibility%' then school_id is not null and volunteer_id is null "
            "else volunteer_id is not null and school_id is null end",
            name=op.f("ck_decisions_names_school_or_volunteer"),
        ),
        sa.CheckConstraint(
            "kind in ('responsibility_pin', 'responsibility_forbid', 'placement_pin', 'placement_forbid')",
            name=op.f("ck_decisions_kind_known"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["roster.campaigns.id"], name=op.f("fk_decisions_campaign_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["roster.communes.code"], name=op.f("fk_decisions_commune_code")),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_decisions_school_id")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["roster.volunteers.id"], name=op.f("fk_decisions_volunteer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        schema="roster",
    )
    op.create_index(op.f("ix_decisions_campaign_id"), "decisions", ["campaign_id"], unique=False, schema="roster")
    op.create_index(
        "uq_decisions_placement",
        "decisions",
        ["campaign_id", "commune_code", "volunteer_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("volunteer_id is not null and withdrawn_at is null"),
    )
    op.create_index(
        "uq_decisions_placement_pin",
        "decisions",
        ["campaign_id", "volunteer_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("kind = 'placement_pin' and withdrawn_at is null"),
    )
    op.create_index(
        "uq_decisions_responsibility",
        "decisions",
        ["campaign_id", "commune_code", "school_id"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("school_id is not null and withdrawn_at is null"),
    )
    op.create_index(
        "uq_decisions_responsibility_pin",
        "decisions",
        ["campaign_id", "commune_code"],
        unique=True,
        schema="roster",
        postgresql_where=sa.text("kind = 'responsibility_pin' and withdrawn_at is null"),
    )
    op.create_table(
        "need_items",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("duty_code", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("days_per_week", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("days_per_week between 1 and 5", name=op.f("ck_need_items_days_in_range")),
        sa.CheckConstraint("people between 1 and 1000", name=op.f("ck_need_items_people_in_range")),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["roster.need_declarations.id"],
            name=op.f("fk_need_items_declaration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["duty_code"], ["roster.duties.code"], name=op.f("fk_need_items_duty_code")),
        sa.PrimaryKeyConstraint("declaration_id", "duty_code", name=op.f("pk_need_items")),
        schema="roster",
    )


def downgrade() -> None:
    op.drop_table("need_items", schema="roster")
    op.drop_index(
        "uq_decisions_responsibility_pin",
        table_name="decisions",
        schema="roster",
        postgresql_where=sa.text("kind = 'responsibility_pin' and withdrawn_at is null"),
    )
    op.drop_index(
        "uq_decisions_responsibility",
        table_name="decisions",
        schema="roster",
        postgresql_where=sa.text("school_id is not null and withdrawn_at is null"),
    )
    op.drop_index(
        "uq_decisions_placement_pin",
        table_name="decisions",
        schema="roster",
        postgresql_where=sa.text("kind = 'placement_pin' and withdrawn_at is null"),
    )
    op.drop_index(
        "uq_decisions_placement",
        table_name="decisions",
        schema="roster",
        postgresql_where=sa.text("volunteer_id is not null and withdrawn_at is null"),
    )
    op.drop_index(op.f("ix_decisions_campaign_id"), table_name="decisions", schema="roster")
    op.drop_table("decisions", schema="roster")
    op.drop_index(
        "uq_volunteers_school_id_external_ref",
        table_name="volunteers",
        schema="roster",
        postgresql_where=sa.text("external_ref is not null"),
    )
    op.drop_index(op.f("ix_volunteers_school_id_sort_key_id"), table_name="volunteers", schema="roster")
    op.drop_table("volunteers", schema="roster")
    op.drop_index(op.f("ix_need_declarations_commune_code"), table_name="need_declarations", schema="roster")
    op.drop_table("need_declarations", schema="roster")
    op.drop_table("existing_relations", schema="roster")
    op.drop_table("api_keys", schema="roster")
    op.drop_index(op.f("ix_schools_province_code"), table_name="schools", schema="roster")
    op.drop_table("schools", schema="roster")
    op.drop_index(op.f("ix_duties_field_code"), table_name="duties", schema="roster")
    op.drop_table("duties", schema="roster")
    op.drop_index(op.f("ix_communes_province_code_sort_key_code"), table_name="communes", schema="roster")
    op.drop_table("communes", schema="roster")
    op.drop_index(op.f("ix_campaigns_province_code"), table_name="campaigns", schema="roster")
    op.drop_table("campaigns", schema="roster")
    op.drop_table("provinces", schema="roster")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys", schema="roster")
    op.drop_table("idempotency_keys", schema="roster")
    op.drop_table("fields", schema="roster")
