"""Rules of matching runs, plans, the outbox and personal links."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import (
    ADMIN,
    LINK,
    NOTIFIER,
    OVERSIGHT,
    PLAN_READERS,
    READS_PLACED,
    SOLVER,
    Rule,
)

PLANNERS = OVERSIGHT
READERS = PLAN_READERS
"""Plans: each role its own rows, see plans/visibility.py."""
READS_TOTALS = PLANNERS | {Role.SECRETARY_OFFICE, Role.EDUCATION_DEPARTMENT, Role.FINANCE, Role.LEADER}
ORGANISERS = frozenset({Role.ADMIN, Role.SCHOOL_COORDINATOR})
ASKERS = PLANNERS | {Role.SCHOOL_COORDINATOR}
"""Advice; a coordinator about the own school's people only, see advice/."""

CAMPAIGN = "/v1/campaigns/{campaign_id}"
RUN = "/v1/matching-runs/{run_id}"
PLAN = "/v1/plans/{plan_id}"
ADVICE = "/v1/internal/advice/{advice_id}"
WORKER = "/v1/internal/matching-runs/{run_id}"

RUN_RULES: dict[tuple[str, str], Rule] = {
    ("POST", f"{CAMPAIGN}/matching-runs"): ADMIN,
    ("GET", f"{CAMPAIGN}/matching-runs"): PLANNERS,
    ("POST", f"{CAMPAIGN}/scenarios"): ADMIN,
    ("GET", f"{CAMPAIGN}/scenarios"): PLANNERS,
    ("GET", CAMPAIGN + "/scenarios/{set_id}"): PLANNERS,
    ("POST", CAMPAIGN + "/scenarios/{set_id}/cancel"): ADMIN,
    ("GET", RUN): PLANNERS,
    ("GET", f"{RUN}/events"): PLANNERS,
    ("GET", f"{RUN}/problem"): PLANNERS,
    ("GET", f"{RUN}/solution"): PLANNERS,
    ("GET", f"{RUN}/frozen"): PLANNERS,
    ("GET", RUN + "/placements/{school_code}/problem"): PLANNERS,
    ("GET", RUN + "/placements/{school_code}/solution"): PLANNERS,
    ("GET", f"{RUN}/set-aside"): PLANNERS,
    ("GET", f"{RUN}/needs"): PLANNERS,
    ("GET", f"{RUN}/explanations"): PLANNERS,
    ("GET", f"{RUN}/certificate"): PLANNERS,
    ("GET", RUN + "/compare/{other_id}"): PLANNERS,
    ("POST", f"{RUN}/cancel"): ADMIN,
    ("POST", f"{RUN}/approve"): ADMIN,
    ("POST", f"{RUN}/publish"): ADMIN,
    ("POST", f"{WORKER}/claim"): SOLVER,
    ("GET", f"{WORKER}/problem"): SOLVER,
    ("PUT", f"{WORKER}/progress"): SOLVER,
    ("PUT", f"{WORKER}/result"): SOLVER,
    ("PUT", f"{WORKER}/failure"): SOLVER,
    ("POST", f"{RUN}/advice"): ASKERS,
    ("GET", "/v1/advice/{advice_id}"): ASKERS,
    ("POST", f"{ADVICE}/claim"): SOLVER,
    ("PUT", f"{ADVICE}/answer"): SOLVER,
    ("PUT", f"{ADVICE}/failure"): SOLVER,
    ("GET", CAMPAIGN + "/communes/{commune_code}/answerable"): READERS,
    ("GET", f"{CAMPAIGN}/plans"): READERS,
    ("GET", f"{CAMPAIGN}/totals"): READS_TOTALS,
    ("GET", PLAN): READERS,
    ("GET", f"{PLAN}/responsibilities"): READERS,
    ("GET", f"{PLAN}/placements"): READS_PLACED,
    ("GET", f"{PLAN}/shortfalls"): READERS,
    ("GET", f"{PLAN}/changes"): PLANNERS,
    ("GET", f"{PLAN}/annex.xlsx"): READS_PLACED,
    ("GET", f"{PLAN}/decision"): PLANNERS,
    ("PUT", f"{PLAN}/decision"): ADMIN,
    ("GET", f"{PLAN}/decision.docx"): PLANNERS,
    ("POST", f"{PLAN}/approve"): ADMIN,
    ("POST", f"{PLAN}/discard"): ADMIN,
    ("POST", f"{PLAN}/drafts"): ADMIN,
    ("POST", f"{PLAN}/edits/preview"): PLANNERS,
    ("POST", f"{PLAN}/edits"): ADMIN,
    ("GET", f"{PLAN}/edits"): PLANNERS,
    ("POST", f"{PLAN}/undo"): ADMIN,
    ("POST", f"{PLAN}/redo"): ADMIN,
    ("GET", f"{PLAN}/certificate"): PLANNERS,
    ("POST", f"{PLAN}/optimum"): ADMIN,
    ("POST", f"{PLAN}/publish"): ADMIN,
    ("GET", f"{PLAN}/answers"): ORGANISERS,
    ("GET", f"{PLAN}/messages"): ORGANISERS,
    ("POST", f"{PLAN}/reminders"): ORGANISERS,
    ("POST", f"{PLAN}/replacements"): ADMIN,
    ("GET", "/v1/volunteers/{volunteer_id}/links"): ORGANISERS,
    ("POST", "/v1/volunteers/{volunteer_id}/links/revoke"): ORGANISERS,
    ("POST", "/v1/volunteers/{volunteer_id}/links/reissue"): ORGANISERS,
    ("GET", "/v1/internal/sources/{kind}/{source_id}/notices"): NOTIFIER,
    ("POST", "/v1/internal/contacts"): NOTIFIER,
    ("POST", "/v1/internal/outbox/{outbox_id}/done"): NOTIFIER,
    ("GET", "/a/{token}"): LINK,
    ("POST", "/a/{token}"): LINK,
    ("GET", "/a/{token}/calendar.ics"): LINK,
    ("GET", "/v1/me/placement"): LINK,
    ("GET", "/v1/me/consents"): LINK,
    ("POST", "/v1/me/consents"): LINK,
    ("GET", "/v1/volunteers/{volunteer_id}/consents"): ORGANISERS,
    ("POST", "/v1/volunteers/{volunteer_id}/consents"): ORGANISERS,
    ("GET", "/v1/me/calendar.ics"): LINK,
    ("POST", "/v1/me/confirmation"): LINK,
}
