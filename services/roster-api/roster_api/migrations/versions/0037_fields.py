"""Fields of expertise are data: they are added and changed like duties."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fields", sa.Column("row_version", sa.Integer(), server_default="1", nullable=False), schema="roster")
    for name in ("created_at", "updated_at"):
        column = sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
        op.add_column("fields", column, schema="roster")
    op.create_table(
        "duty_versions",
        sa.Column("duty_code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("guidance_vi", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["duty_code"], ["roster.duties.code"], name=op.f("fk_duty_versions_duty_code_duties")),
        sa.PrimaryKeyConstraint("duty_code", "version", name=op.f("pk_duty_versions")),
        schema="roster",
    )
    op.execute(
        "insert into roster.duty_versions (duty_code, version, name_vi, guidance_vi, changed_by)"
        " select code, row_version, name_vi, guidance_vi, 'roster-api migrate' from roster.duties"
    )
    op.execute(
        "create trigger keep_as_written before update or delete or truncate on roster.duty_versions "
        "for each statement execute function roster.refuse_change_of_audit()"
    )


def downgrade() -> None:
    op.drop_table("duty_versions", schema="roster")
    for name in ("updated_at", "created_at", "row_version"):
        op.drop_column("fields", name, schema="roster")
