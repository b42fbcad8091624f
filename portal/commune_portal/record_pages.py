"""The page of one record's form: filled, refused with what was typed, or changed by somebody else meanwhile."""

from fastapi.responses import Response

from commune_portal.client import ApiError, Versioned
from commune_portal.meanwhile import NOTHING, compare, is_stale
from commune_portal.record_forms import RecordForm, Values
from commune_portal.view import View


def render_form(
    view: View,
    form: RecordForm,
    values: Values,
    *,
    etag: str = "",
    refusal: ApiError | None = None,
    now: Versioned | None = None,
) -> Response:
    """`now`: the record as it stands, read again after a refusal: where it changed, both are shown, and saving once
    more is by its version."""
    stale = now if is_stale(refusal) else None
    meanwhile = compare(view, form, stale.content, values) if stale else NOTHING
    return view.render(
        "record_form.html",
        status=refusal.status if refusal else 200,
        form=form,
        values=values,
        etag=stale.etag if stale else etag,
        meanwhile=meanwhile,
        refusal=refusal,
    )
