"""Which routes read personal data in bulk, and which changes are no more than a program's sign of life."""

WORKER = "/v1/internal/matching-runs/{run_id}"

BULK_READS = frozenset(
    {
        ("GET", "/v1/accounts"),
        ("GET", "/v1/audit/export"),
        ("GET", "/v1/campaigns/{campaign_id}/communes/{commune_code}/answerable"),
        ("GET", "/v1/communes"),
        ("GET", "/v1/volunteers/{volunteer_id}/data"),
        ("GET", "/v1/volunteers/{volunteer_id}/data.html"),
        ("GET", "/v1/data-subjects/{subject_kind}/{subject_id}/data"),
        ("GET", "/v1/data-subjects/{subject_kind}/{subject_id}/data.html"),
        ("GET", "/v1/schools"),
        ("GET", "/v1/staff"),
        ("GET", "/v1/units"),
        ("GET", "/v1/schools/{school_id}/invitations"),
        ("GET", "/v1/volunteers"),
        ("GET", "/v1/plans/{plan_id}/answers"),
        ("GET", "/v1/plans/{plan_id}/messages"),
        ("GET", "/v1/call-list"),
        ("GET", "/v1/suppressions"),
        ("GET", "/v1/plans/{plan_id}/placements"),
        ("GET", "/v1/plans/{plan_id}/annex.xlsx"),
        ("GET", "/v1/plans/{plan_id}/decision.docx"),
        ("GET", "/v1/register-uploads/{register_upload_id}/annotated"),
        ("GET", "/v1/register-uploads/{register_upload_id}/rows"),
        ("GET", "/v1/roster-uploads/{upload_id}/annotated"),
        ("GET", "/v1/roster-uploads/{upload_id}/rows"),
        ("GET", "/v1/internal/sources/{kind}/{source_id}/notices"),
        ("POST", "/v1/internal/contacts"),
    }
)
"""A test holds them against the answers that have a phone or an e-mail in a list."""
SIGNS_OF_LIFE = frozenset(
    {
        ("PUT", f"{WORKER}/progress"),
        ("PUT", "/v1/internal/secondment-runs/{run_id}/progress"),
        ("PUT", "/v1/internal/group-runs/{run_id}/progress"),
    }
)
"""Several a second while a run is solved; they change nothing that anybody decides."""
