"""Alembic's environment of the schema "notifier"."""

from commune_service.migrations import run_environment

from notifier import models
from notifier.database import SCHEMA

run_environment(metadata=models.Message.metadata, schema=SCHEMA)
