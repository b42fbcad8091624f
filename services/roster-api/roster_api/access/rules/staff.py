"""Rules of units, staff and posts, and of what is decided about them."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ADMIN, Rule

WITH_UNIT = frozenset({Role.ADMIN, Role.UNIT_OFFICER})
"""Home Affairs, and a unit's officer what is of the own unit."""

UPLOAD = "/v1/register-uploads/{register_upload_id}"

STAFF_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/v1/units"): WITH_UNIT,
    ("POST", "/v1/units"): ADMIN,
    ("GET", "/v1/units/{unit_id}"): WITH_UNIT,
    ("PATCH", "/v1/units/{unit_id}"): ADMIN,
    ("POST", "/v1/units/{unit_id}/archive"): ADMIN,
    ("POST", "/v1/units/{unit_id}/restore"): ADMIN,
    ("GET", "/v1/staff"): WITH_UNIT,
    ("POST", "/v1/staff"): ADMIN,
    ("GET", "/v1/staff/{staff_id}"): WITH_UNIT,
    ("PATCH", "/v1/staff/{staff_id}"): ADMIN,
    ("POST", "/v1/staff/{staff_id}/archive"): ADMIN,
    ("POST", "/v1/staff/{staff_id}/restore"): ADMIN,
    ("GET", "/v1/posts"): WITH_UNIT,
    ("POST", "/v1/posts"): ADMIN,
    ("GET", "/v1/posts/{post_id}"): WITH_UNIT,
    ("PATCH", "/v1/posts/{post_id}"): ADMIN,
    ("POST", "/v1/posts/{post_id}/archive"): ADMIN,
    ("POST", "/v1/posts/{post_id}/restore"): ADMIN,
    ("POST", "/v1/provinces/{code}/registers/{register}"): ADMIN,
    ("GET", "/v1/provinces/{code}/register-uploads"): ADMIN,
    ("GET", UPLOAD): ADMIN,
    ("GET", f"{UPLOAD}/rows"): ADMIN,
    ("GET", f"{UPLOAD}/annotated"): ADMIN,
    ("POST", f"{UPLOAD}/commit"): ADMIN,
    ("POST", f"{UPLOAD}/cancel"): ADMIN,
}
