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
        ("GET", "/v1/allowance-statements/{statement_id}"),
        ("GET", "/v1/campaigns/{campaign_id}/allowances.xlsx"),
        ("GET", "/v1/campaigns/{campaign_id}/attendance"),
        ("GET", "/v1/campaigns/{campaign_id}/attendance/{commune_code}/sheet.xlsx"),
        ("GET", "/v1/campaigns/{campaign_id}/attendance/{commune_code}/sign-in.html"),
        ("GET", "/v1/campaigns/{campaign_id}/attendance/{commune_code}/stand-ins"),
        ("GET", "/v1/campaigns/{campaign_id}/duty-counts/{commune_code}/{week_on}"),
        ("GET", "/v1/campaigns/{campaign_id}/service-papers"),
        ("GET", "/v1/campaigns/{campaign_id}/starting-points.xlsx"),
        ("GET", "/v1/campaigns/{campaign_id}/wave-changes"),
        ("GET", "/v1/courses/{course_id}/attendance.xlsx"),
        ("GET", "/v1/courses/{course_id}/participants"),
        ("GET", "/v1/data-requests"),
        ("GET", "/v1/matching-runs/{run_id}/set-aside"),
        ("GET", "/v1/plans/{plan_id}/changes"),
        ("GET", "/v1/provinces/{code}/qualification-review"),
        ("GET", "/v1/provinces/{code}/training-gaps/people"),
        ("GET", "/v1/roster-uploads/{upload_id}/elsewhere"),
        ("GET", "/v1/secondment-runs/{secondment_run_id}/considered"),
        ("GET", "/v1/secondment-runs/{secondment_run_id}/selection.xlsx"),
        ("GET", "/v1/secondment-runs/{secondment_run_id}/vacancies"),
        ("GET", "/v1/secondments"),
        ("GET", "/v1/secondments/{secondment_id}/decision.docx"),
    }
)
"""Lists with people's names or contacts, and files of them. Tests hold them against what the answers are described to
have, and ask each whether it leaves its entry.
"""
SIGNS_OF_LIFE = frozenset(
    {
        ("PUT", f"{WORKER}/progress"),
        ("PUT", "/v1/internal/secondment-runs/{run_id}/progress"),
        ("PUT", "/v1/internal/group-runs/{run_id}/progress"),
    }
)
"""Several a second while a run is solved; they change nothing that anybody decides."""
