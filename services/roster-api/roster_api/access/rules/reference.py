"""Rules of the reference data, campaigns, needs, volunteers, keys, and of what every service shows."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import ACCOUNT, ADMIN, EVERY_KEY, PUBLIC, Rule

OVERSIGHT = frozenset({Role.ADMIN, Role.OVERSEER})
OFFICER = frozenset({Role.ADMIN, Role.COMMUNE_OFFICER})
COORDINATOR = frozenset({Role.ADMIN, Role.SCHOOL_COORDINATOR})
READS_PEOPLE = frozenset({Role.ADMIN, Role.OVERSEER, Role.SCHOOL_COORDINATOR, Role.FINANCE})
READS_DECISIONS = frozenset({Role.ADMIN, Role.OVERSEER})
READS_RELATIONS = READS_DECISIONS | {Role.SCHOOL_COORDINATOR}

REFERENCE_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/health/live"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/v1/provinces"): EVERY_KEY,
    ("GET", "/v1/provinces/{code}"): EVERY_KEY,
    ("POST", "/v1/provinces/{code}/communes/import"): ADMIN,
    ("GET", "/v1/communes"): EVERY_KEY,
    ("GET", "/v1/communes/{code}"): EVERY_KEY,
    ("PATCH", "/v1/communes/{code}"): OFFICER,
    ("POST", "/v1/communes/{code}/archive"): ADMIN,
    ("POST", "/v1/communes/{code}/restore"): ADMIN,
    ("GET", "/v1/schools"): EVERY_KEY,
    ("POST", "/v1/schools"): ADMIN,
    ("GET", "/v1/schools/{school_id}"): EVERY_KEY,
    ("PATCH", "/v1/schools/{school_id}"): COORDINATOR,
    ("POST", "/v1/schools/{school_id}/archive"): ADMIN,
    ("POST", "/v1/schools/{school_id}/restore"): ADMIN,
    ("GET", "/v1/fields"): EVERY_KEY,
    ("GET", "/v1/duties"): EVERY_KEY,
    ("GET", "/v1/duties/{code}"): EVERY_KEY,
    ("PATCH", "/v1/duties/{code}"): OVERSIGHT,
    ("GET", "/v1/campaigns"): EVERY_KEY,
    ("POST", "/v1/campaigns"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}"): EVERY_KEY,
    ("PATCH", "/v1/campaigns/{campaign_id}"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/open"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/close"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/archive"): ADMIN,
    ("POST", "/v1/campaigns/{campaign_id}/restore"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/calendar"): EVERY_KEY,
    ("PUT", "/v1/campaigns/{campaign_id}/calendar-exceptions"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/needs"): EVERY_KEY,
    ("PUT", "/v1/campaigns/{campaign_id}/needs"): ADMIN,
    ("GET", "/v1/campaigns/{campaign_id}/needs/{commune_code}"): EVERY_KEY,
    ("PUT", "/v1/campaigns/{campaign_id}/needs/{commune_code}"): OFFICER,
    ("GET", "/v1/campaigns/{campaign_id}/decisions"): READS_DECISIONS,
    ("POST", "/v1/campaigns/{campaign_id}/decisions"): OVERSIGHT,
    ("GET", "/v1/campaigns/{campaign_id}/decisions/{decision_id}"): READS_DECISIONS,
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
    ("GET", "/v1/audit"): ADMIN,
    ("GET", "/v1/api-keys"): ADMIN,
    ("POST", "/v1/api-keys"): ADMIN,
    ("POST", "/v1/api-keys/{key_id}/revoke"): ADMIN,
}
