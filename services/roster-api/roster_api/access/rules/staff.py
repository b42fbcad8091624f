"""Rules of units, staff and posts, and of what is decided about them."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ADMIN, OVERSIGHT, SOLVER, Rule

WITH_UNIT = frozenset({Role.ADMIN, Role.UNIT_OFFICER})
"""Home Affairs, and a unit's officer what is of the own unit."""

NOMINATES = frozenset({Role.ADMIN, Role.COMMUNE_OFFICER})
TEACHES = OVERSIGHT | {Role.COMMUNE_OFFICER}
"""Reads who was there; a commune its own people."""
COURSE = "/v1/courses/{course_id}"
RUN = "/v1/secondment-runs/{secondment_run_id}"
WORKER = "/v1/internal/secondment-runs/{run_id}"
SECONDMENT = "/v1/secondments/{secondment_id}"
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
    ("PUT", f"{UPLOAD}/mapping"): ADMIN,
    ("POST", f"{UPLOAD}/undo"): ADMIN,
    ("POST", "/v1/provinces/{code}/secondment-runs"): ADMIN,
    ("GET", "/v1/provinces/{code}/secondment-runs"): ADMIN,
    ("GET", RUN): ADMIN,
    ("POST", f"{RUN}/cancel"): ADMIN,
    ("GET", f"{RUN}/considered"): ADMIN,
    ("GET", f"{RUN}/vacancies"): ADMIN,
    ("GET", f"{RUN}/selection.xlsx"): ADMIN,
    ("POST", f"{RUN}/decisions"): ADMIN,
    ("POST", f"{WORKER}/claim"): SOLVER,
    ("GET", f"{WORKER}/problem"): SOLVER,
    ("PUT", f"{WORKER}/progress"): SOLVER,
    ("PUT", f"{WORKER}/result"): SOLVER,
    ("PUT", f"{WORKER}/failure"): SOLVER,
    ("GET", "/v1/secondments"): WITH_UNIT,
    ("POST", "/v1/secondments"): ADMIN,
    ("POST", "/v1/secondments/approve"): ADMIN,
    ("POST", "/v1/secondments/publish"): ADMIN,
    ("POST", "/v1/secondments/discard"): ADMIN,
    ("GET", SECONDMENT): WITH_UNIT,
    ("GET", f"{SECONDMENT}/decision.docx"): ADMIN,
    ("PATCH", SECONDMENT): ADMIN,
    ("POST", f"{SECONDMENT}/start"): ADMIN,
    ("POST", f"{SECONDMENT}/extend"): ADMIN,
    ("POST", f"{SECONDMENT}/end"): ADMIN,
    ("POST", f"{SECONDMENT}/return"): ADMIN,
    ("POST", f"{SECONDMENT}/review"): ADMIN,
    ("POST", f"{SECONDMENT}/ask-change"): WITH_UNIT,
    ("GET", "/v1/provinces/{code}/staff-review"): ADMIN,
    ("GET", "/v1/provinces/{code}/staff-review.xlsx"): ADMIN,
    ("POST", "/v1/courses"): OVERSIGHT,
    ("GET", "/v1/courses"): TEACHES | {Role.SCHOOL_COORDINATOR},
    ("GET", COURSE): TEACHES | {Role.SCHOOL_COORDINATOR},
    ("PUT", f"{COURSE}/nominations"): NOMINATES,
    ("GET", f"{COURSE}/participants"): TEACHES,
    ("GET", f"{COURSE}/attendance.xlsx"): TEACHES,
    ("POST", f"{COURSE}/sheet"): TEACHES,
    ("POST", f"{COURSE}/certificates"): OVERSIGHT,
    ("POST", "/v1/staff/{staff_id}/learning"): ADMIN,
    ("GET", "/v1/staff/{staff_id}/learning"): WITH_UNIT,
    ("GET", "/v1/provinces/{code}/training"): OVERSIGHT,
    ("GET", "/v1/provinces/{code}/training-gaps"): OVERSIGHT,
    ("GET", "/v1/provinces/{code}/training-gaps/people"): OVERSIGHT,
    ("GET", "/v1/provinces/{code}/qualification-review"): ADMIN,
}
