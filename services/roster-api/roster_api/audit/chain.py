"""The chain over this service's audit: sealed by the relay, proved by `roster-api audit verify`."""

from commune_service.audit_chain import Chain

from roster_api.audit.models import AuditBlock, AuditEntry

CHAIN = Chain(AuditEntry, AuditBlock, lock=7_305_011, later_fields=frozenset({"actor_account_id"}))
seal_entries, seal_when_due, verify_chain = CHAIN.seal, CHAIN.seal_when_due, CHAIN.verify
