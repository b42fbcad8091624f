"""More roles; keys end at a time, know when they were last used, by whom they were made and whose place they take."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OLD = ("admin", "overseer", "school_coordinator", "commune_officer", "finance")
NEW = (
    "admin",
    "director",
    "overseer",
    "secretary_office",
    "education_department",
    "school_coordinator",
    "school_viewer",
    "unit_officer",
    "commune_officer",
    "finance",
    "leader",
    "auditor",
)
SERVICES = ("solver", "notifier")


def _know_roles(people: tuple[str, ...]) -> None:
    for table, roles in (("api_keys", (*people, *SERVICES)), ("role_assignments", people)):
        listed = ", ".join(f"'{role}'" for role in roles)
        op.drop_constraint(op.f(f"ck_{table}_role_known"), table, schema="roster")
        op.create_check_constraint(op.f(f"ck_{table}_role_known"), table, f"role in ({listed})", schema="roster")


def upgrade() -> None:
    _know_roles(NEW)
    name = op.f("ck_api_keys_coordinator_has_school")
    op.drop_constraint(name, "api_keys", schema="roster")
    op.create_check_constraint(name, "api_keys", "role not like 'school_%' or school_id is not null", schema="roster")
    op.add_column(
        "api_keys", sa.Column("is_read_only", sa.Boolean(), server_default=sa.false(), nullable=False), schema="roster"
    )
    op.add_column("api_keys", sa.Column("created_by", sa.Text(), nullable=True), schema="roster")
    op.add_column("api_keys", sa.Column("created_by_id", sa.Uuid(), nullable=True), schema="roster")
    op.add_column("api_keys", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True), schema="roster")
    op.add_column("api_keys", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True), schema="roster")
    op.add_column("api_keys", sa.Column("rotated_from_id", sa.Uuid(), nullable=True), schema="roster")
    op.create_foreign_key(
        op.f("fk_api_keys_rotated_from_id"),
        "api_keys",
        "api_keys",
        ["rotated_from_id"],
        ["id"],
        source_schema="roster",
        referent_schema="roster",
    )
    op.add_column("role_assignments", sa.Column("unit_code", sa.Text(), nullable=True), schema="roster")
    op.create_check_constraint(
        op.f("ck_role_assignments_unit_fits_role"),
        "role_assignments",
        "(role = 'unit_officer') = (unit_code is not null)",
        schema="roster",
    )


def downgrade() -> None:
    op.execute(f"delete from roster.role_assignments where role not in {OLD}")  # noqa: S608
    op.execute(f"delete from roster.api_keys where role not in {(*OLD, *SERVICES)}")  # noqa: S608
    op.drop_constraint(op.f("ck_role_assignments_unit_fits_role"), "role_assignments", schema="roster")
    op.drop_column("role_assignments", "unit_code", schema="roster")
    op.drop_constraint(op.f("fk_api_keys_rotated_from_id"), "api_keys", schema="roster")
    for column in ("rotated_from_id", "last_used_at", "expires_at", "created_by_id", "created_by", "is_read_only"):
        op.drop_column("api_keys", column, schema="roster")
    name = op.f("ck_api_keys_coordinator_has_school")
    op.drop_constraint(name, "api_keys", schema="roster")
    op.create_check_constraint(
        name, "api_keys", "role <> 'school_coordinator' or school_id is not null", schema="roster"
    )
    _know_roles(OLD)
