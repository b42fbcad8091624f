"""Rules of the reference data, campaigns, needs, volunteers, keys, and of what every service shows."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ACCOUNT, ADMIN, EVERYBODY, OFFICES, OVERSIGHT, PLAN_READERS, PUBLIC, Rule

OFFICER = frozenset({Role.ADMIN, Role.COMMUNE_OFFICER})
COORDINATOR = frozenset({Role.ADMIN, Role.SCHOOL_COORDINATOR})
OF_SCHOOLS = frozenset({Role.SCHOOL_COORDINATOR, Role.SCHOOL_VIEWER})
READS_PEOPLE = OVERSIGHT | OF_SCHOOLS | {Role.FINANCE, Role.EDUCATION_DEPARTMENT}
READS_RELATIONS = OVERSIGHT | OF_SCHOOLS
AUDITS = frozenset({Role.ADMIN, Role.AUDITOR})
GRANTERS = frozenset({Role.ADMIN, Role.DIRECTOR, Role.SCHOOL_COORDINATOR})
"""Whom and what each may let in: access/granting.py."""

REFERENCE_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/health/live"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/v1/provinces"): EVERYBODY,
    ("GET", "/v1/provinces/{code}"): EVERYBODY,
    ("POST", "/v1/provinces/{code}/communes/import"): ADMIN,
    ("PUT", "/v1/provinces/{code}/publishing"): ADMIN,
    ("GET", "/v1/communes"): OFFICES,
    ("GET", "/v1/communes/{code}"): OFFICES,
    ("PATCH", "/v1/communes/{code}"): OFFICER,
    ("POST", "/v1/communes/{code}/archive"): ADMIN,
    ("POST", "/v1/communes/{code}/restore"): ADMIN,
    ("GET", "/v1/schools"): PLAN_READERS,
    ("POST", "/v1/schools"): ADMIN,
    ("GET", "/v1/schools/{school_id}"): PLAN_READERS,
    ("PATCH", "/v1/schools/{school_id}"): COORDINATOR,
    ("POST", "/v1/schools/{school_id}/archive"): ADMIN,
    ("POST", "/v1/schools/{school_id}/restore"): ADMIN,
    ("GET", "/v1/fields"): EVERYBODY,
    ("GET", "/v1/duties"): EVERYBODY,
    ("GET", "/v1/duties/{code}"): EVERYBODY,
    ("PATCH", "/v1/duties/{code}"): OVERSIGHT,
    ("GET", "/v1/campaigns"): EVERYBODY,
    ("POST", "/v1/campaigns"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}"): EVERYBODY,
    ("PATCH", "/v1/campaigns/{campaign_id}"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/open"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/close"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/archive"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/restore"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/calendar"): EVERYBODY,
    ("PUT", "/v1/campaigns/{campaign_id}/calendar-exceptions"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/needs"): PLAN_READERS,
    ("PUT", "/v1/campaigns/{campaign_id}/needs"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/needs/{commune_code}"): PLAN_READERS,
    ("PUT", "/v1/campaigns/{campaign_id}/needs/{commune_code}"): OFFICER,
    ("GET", "/v1/campaigns/{campaign_id}/decisions"): OVERSIGHT,
    ("POST", "/v1/campaigns/{campaign_id}/needs/{commune_code}/submit"): OFFICER,
    ("POST", "/v1/campaigns/{campaign_id}/needs/{commune_code}/review"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/needs/{commune_code}/versions"): OVERSIGHT | OFFICER,
    ("GET", "/v1/campaigns/{campaign_id}/silent-communes"): OVERSIGHT,
    ("POST", "/v1/campaigns/{campaign_id}/need-reminders"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/need-totals"): OVERSIGHT,
    ("POST", "/v1/campaigns/{campaign_id}/decisions"): OVERSIGHT,
    ("GET", "/v1/campaigns/{campaign_id}/decisions/{decision_id}"): OVERSIGHT,
    ("POST", "/v1/campaigns/{campaign_id}/decisions/{decision_id}/withdraw"): OVERSIGHT,
    ("GET", "/v1/campaigns/{campaign_id}/existing-relations"): READS_RELATIONS,
    ("POST", "/v1/campaigns/{campaign_id}/existing-relations"): ADMIN,
    ("DELETE", "/v1/campaigns/{campaign_id}/existing-relations/{commune_code}/{school_id}"): ADMIN,
    ("GET", "/v1/volunteers"): READS_PEOPLE,
    ("POST", "/v1/volunteers"): COORDINATOR,
    ("GET", "/v1/volunteers/{volunteer_id}"): READS_PEOPLE,
    ("PATCH", "/v1/volunteers/{volunteer_id}"): COORDINATOR,
    ("PUT", "/v1/volunteers/{volunteer_id}/absences"): COORDINATOR,
    ("POST", "/v1/volunteers/withdraw"): COORDINATOR,
    ("POST", "/v1/volunteers/{volunteer_id}/withdraw"): COORDINATOR,
    ("POST", "/v1/volunteers/{volunteer_id}/archive"): COORDINATOR,
    ("POST", "/v1/volunteers/{volunteer_id}/restore"): COORDINATOR,
    ("GET", "/v1/me"): ACCOUNT,
    ("GET", "/v1/accounts"): GRANTERS | {Role.AUDITOR},
    ("POST", "/v1/accounts"): GRANTERS,
    ("POST", "/v1/accounts/{account_id}/assignments"): GRANTERS,
    ("POST", "/v1/accounts/{account_id}/assignments/{assignment_id}/revoke"): GRANTERS,
    ("GET", "/v1/audit"): AUDITS,
    ("GET", "/v1/api-keys"): AUDITS,
    ("POST", "/v1/api-keys"): ADMIN,
    ("POST", "/v1/api-keys/{key_id}/rotate"): ADMIN,
    ("POST", "/v1/api-keys/{key_id}/revoke"): ADMIN,
}
