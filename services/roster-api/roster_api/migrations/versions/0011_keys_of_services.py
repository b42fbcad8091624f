"""matching-worker and notifier have roles of their own, bound to nothing; keys of the role both shared are revoked.

Which of the two an old key belongs to is written nowhere, and one may be bound to a province. The services get new ones
from their settings when roster-api starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PEOPLE = "'admin', 'overseer', 'school_coordinator', 'commune_officer', 'finance'"
BOUNDS = "coalesce(province_code, school_id::text, commune_code)"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_api_keys_role_known"), "api_keys", schema="roster")
    op.execute(
        sa.text(
            "update roster.api_keys set role = 'solver', revoked_at = coalesce(revoked_at, now()),"
            " province_code = null, school_id = null, commune_code = null where role = 'service'"
        )
    )
    op.create_check_constraint(
        op.f("ck_api_keys_role_known"), "api_keys", f"role in ({PEOPLE}, 'solver', 'notifier')", schema="roster"
    )
    op.create_check_constraint(
        op.f("ck_api_keys_service_is_unbound"),
        "api_keys",
        f"role not in ('solver', 'notifier') or {BOUNDS} is null",
        schema="roster",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_api_keys_service_is_unbound"), "api_keys", schema="roster")
    op.drop_constraint(op.f("ck_api_keys_role_known"), "api_keys", schema="roster")
    op.execute(sa.text("update roster.api_keys set role = 'service' where role in ('solver', 'notifier')"))
    op.create_check_constraint(
        op.f("ck_api_keys_role_known"), "api_keys", f"role in ({PEOPLE}, 'service')", schema="roster"
    )
