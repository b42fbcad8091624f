"""Imports every folder's tables, so that the metadata is whole. A new models.py gets a line here."""

import roster_api.access.models
import roster_api.advice.models
import roster_api.allowances.models
import roster_api.answers.models
import roster_api.attendance.models
import roster_api.audit.models
import roster_api.blockers.models
import roster_api.boundaries.models
import roster_api.campaigns.models
import roster_api.communes.models
import roster_api.consents.models
import roster_api.data_requests.models
import roster_api.decisions.models
import roster_api.deliveries.models
import roster_api.editing.models
import roster_api.evaluations.models
import roster_api.fields.models
import roster_api.groups.models
import roster_api.idempotency
import roster_api.invitations.models
import roster_api.matching_runs.models
import roster_api.national.models
import roster_api.need_reviews.models
import roster_api.needs.models
import roster_api.notices.models
import roster_api.office_notices.models
import roster_api.outbox.models
import roster_api.papers.models
import roster_api.plans.models
import roster_api.privacy.models
import roster_api.provinces.models
import roster_api.registers.models
import roster_api.rosters.models
import roster_api.scenarios.models
import roster_api.schools.models
import roster_api.secondments.models
import roster_api.service_papers.models
import roster_api.staff.models
import roster_api.timeline.models
import roster_api.training.models
import roster_api.volunteers.models
from roster_api.database import Base

metadata = Base.metadata

__all__ = ["metadata", "roster_api"]
