"""Rules of what is settled about messages. Who is bound to a province changes nothing that all share: 403 inside."""

from roster_api.access.rules.kinds import ADMIN, Rule

TEMPLATE = "/v1/message-templates/{kind}/{channel}/{language}"
WEBHOOK = "/v1/webhooks/{webhook_id}"

MESSAGE_RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/v1/message-templates"): ADMIN,
    ("GET", TEMPLATE): ADMIN,
    ("POST", TEMPLATE): ADMIN,
    ("POST", f"{TEMPLATE}/preview"): ADMIN,
    ("POST", f"{TEMPLATE}/test"): ADMIN,
    ("POST", TEMPLATE + "/{version}/publish"): ADMIN,
    ("GET", "/v1/suppressions"): ADMIN,
    ("POST", "/v1/suppressions/{suppression_id}/release"): ADMIN,
    ("GET", "/v1/webhooks"): ADMIN,
    ("POST", "/v1/webhooks"): ADMIN,
    ("POST", f"{WEBHOOK}/rotate"): ADMIN,
    ("POST", f"{WEBHOOK}/disable"): ADMIN,
    ("POST", f"{WEBHOOK}/enable"): ADMIN,
    ("POST", f"{WEBHOOK}/replay"): ADMIN,
    ("GET", f"{WEBHOOK}/deliveries"): ADMIN,
}
