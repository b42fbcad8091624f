"""The chain over this service's audit: sealed by its workers, proved by `notifier audit verify`."""

from commune_service.audit_chain import Chain

from notifier.audit.models import AuditBlock, AuditEntry

CHAIN = Chain(AuditEntry, AuditBlock, lock=7_305_012)
