"""Alembic's environment of the schema "notifier"."""

from commune_service.migrations import run_environment
from sqlalchemy import MetaData

from notifier.database import SCHEMA


def models() -> MetaData:
    from notifier import models as message_models  # noqa: PLC0415 - of no use to `migrate`, which starts sooner
    from notifier.audit import models as audit_models  # noqa: F401, PLC0415
    from notifier.webhooks import models as webhook_models  # noqa: F401, PLC0415

    return message_models.Message.metadata


run_environment(models=models, schema=SCHEMA)
