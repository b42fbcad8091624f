"""People's accounts and the roles they hold; the audit also names the account that asked."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROLES = "'admin', 'overseer', 'school_coordinator', 'commune_officer', 'finance'"


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_email_lower_case")),
        sa.CheckConstraint("(subject is null) = (bound_at is null)", name=op.f("ck_accounts_bound_with_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("issuer", "email", name="uq_accounts_issuer_email"),
        sa.UniqueConstraint("issuer", "subject", name="uq_accounts_issuer_subject"),
        schema="roster",
    )
    _create_assignments()
    op.add_column("audit_entries", sa.Column("actor_account_id", sa.Uuid(), nullable=True), schema="roster")
    op.create_index("ix_audit_entries_account", "audit_entries", ["actor_account_id", "id"], schema="roster")


def _create_assignments() -> None:
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("commune_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(f"role in ({ROLES})", name=op.f("ck_role_assignments_role_known")),
        sa.CheckConstraint(
            "(role like 'school_%') = (school_id is not null)", name=op.f("ck_role_assignments_school_fits_role")
        ),
        sa.CheckConstraint(
            "(role = 'commune_officer') = (commune_code is not null)",
            name=op.f("ck_role_assignments_commune_fits_role"),
        ),
        sa.CheckConstraint(
            "role in ('admin', 'auditor') or province_code is not null",
            name=op.f("ck_role_assignments_nation_fits_role"),
        ),
        sa.CheckConstraint(
            "valid_until is null or valid_until > valid_from", name=op.f("ck_role_assignments_from_before_until")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["roster.accounts.id"], name=op.f("fk_role_assignments_account_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["roster.provinces.code"], name=op.f("fk_role_assignments_province_code")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["roster.schools.id"], name=op.f("fk_role_assignments_school_id")),
        sa.ForeignKeyConstraint(
            ["commune_code"], ["roster.communes.code"], name=op.f("fk_role_assignments_commune_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        schema="roster",
    )
    op.create_index(op.f("ix_role_assignments_account_id"), "role_assignments", ["account_id"], schema="roster")


def downgrade() -> None:
    op.drop_index("ix_audit_entries_account", "audit_entries", schema="roster")
    op.drop_column("audit_entries", "actor_account_id", schema="roster")
    op.drop_table("role_assignments", schema="roster")
    op.drop_table("accounts", schema="roster")
