"""Rules of the roster uploads, and of inviting people to say what a list does not."""

from roster_api.access.principal import Role
from roster_api.access.rules.kinds import LINK, OFFICES, Rule

SENDERS = frozenset({Role.ADMIN, Role.SCHOOL_COORDINATOR})
"""Home Affairs, and a school's coordinator for the own school."""

ROSTER_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/v1/roster-template.xlsx"): OFFICES,
    ("POST", "/v1/schools/{school_id}/roster-uploads"): SENDERS,
    ("GET", "/v1/schools/{school_id}/roster-uploads"): SENDERS,
    ("GET", "/v1/roster-uploads/{upload_id}"): SENDERS,
    ("GET", "/v1/roster-uploads/{upload_id}/rows"): SENDERS,
    ("GET", "/v1/roster-uploads/{upload_id}/annotated"): SENDERS,
    ("PUT", "/v1/roster-uploads/{upload_id}/mapping"): SENDERS,
    ("PUT", "/v1/roster-uploads/{upload_id}/decisions"): SENDERS,
    ("GET", "/v1/roster-uploads/{upload_id}/elsewhere"): frozenset({Role.ADMIN}),
    ("POST", "/v1/roster-uploads/{upload_id}/commit"): SENDERS,
    ("POST", "/v1/roster-uploads/{upload_id}/cancel"): SENDERS,
    ("POST", "/v1/roster-uploads/{upload_id}/undo"): SENDERS,
    ("GET", "/v1/schools/{school_id}/invitations"): SENDERS,
    ("POST", "/v1/schools/{school_id}/invitations"): SENDERS,
    ("POST", "/v1/schools/{school_id}/invitations/reminders"): SENDERS,
    ("POST", "/v1/volunteers/{volunteer_id}/own-words"): SENDERS,
    ("POST", "/v1/invitations/{invitation_id}/revoke"): SENDERS,
    ("GET", "/i/{token}"): LINK,
    ("POST", "/i/{token}"): LINK,
}
