"""Alembic's environment of the schema "notifier"."""

from commune_service.migrations import run_environment

from notifier import models
from notifier.audit import models as audit_models
from notifier.database import SCHEMA
from notifier.webhooks import models as webhook_models

__all__ = ["audit_models", "webhook_models"]

run_environment(metadata=models.Message.metadata, schema=SCHEMA)
