"""Signing in and out: authorization code with PKCE against any OpenID Connect issuer, by Authlib."""

import time
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from commune_portal.client import ApiAwayError, ApiError
from commune_portal.sessions import start_session
from commune_portal.settings import Settings
from commune_portal.view import NotSignedInError, View, ViewDep, local_path

router = APIRouter()
log = structlog.get_logger(__name__)
SIGN_IN_SECONDS = 900.0


def make_oauth(settings: Settings) -> OAuth:
    oauth = OAuth()
    secret = settings.client_secret
    oauth.register(
        name="issuer",
        server_metadata_url=f"{settings.issuer_url}/.well-known/openid-configuration",
        client_id=settings.client_id,
        client_secret=secret.get_secret_value() if secret else None,
        client_kwargs={
            "scope": settings.scope,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
        },
    )
    return oauth


@router.get("/sign-in", response_class=HTMLResponse)
async def show_sign_in(view: ViewDep, next: str = "/") -> Response:  # noqa: A002 - the parameter's name
    if view.is_signed_in:
        return RedirectResponse(local_path(next), 303)
    return view.render("sign_in.html", next=local_path(next))


@router.get("/sign-in/start")
async def start_sign_in(request: Request, view: ViewDep, next: str = "/") -> Response:  # noqa: A002
    """Off to the issuer. The session is a fresh one: nothing of another's is taken along."""
    _begin(request, next)
    settings: Settings = request.app.state.settings
    try:
        answer: Response = await request.app.state.oauth.issuer.authorize_redirect(
            request, f"{settings.public_url}/signed-in"
        )
    except (httpx.HTTPError, OAuthError):
        log.warning("sign_in.issuer_away")
        return view.render("issuer_away.html", status=503)
    return answer


@router.get("/signed-in")
async def finish_sign_in(request: Request, view: ViewDep) -> Response:
    """Back from the issuer, with a code for a token. Anything that does not fit begins again, with words."""
    where = str(request.session.get("next", "/"))
    try:
        token = await request.app.state.oauth.issuer.authorize_access_token(request)
    except (OAuthError, httpx.HTTPError) as error:
        log.warning("sign_in.refused", reason=str(getattr(error, "error", "")) or type(error).__name__)
        return view.render("sign_in_failed.html", status=400)
    settings: Settings = request.app.state.settings
    _enter(request, settings, token)
    signed_in = View.of(request)
    try:
        me = await signed_in.load_me()
    except ApiError as refusal:
        request.session.clear()
        return view.render("not_known.html", status=403, refusal=refusal)
    if not me["assignments"]:
        request.session.clear()
        return view.render("not_known.html", status=403, refusal=None)
    if me["acting_as"] is None:
        request.session["acting_as"] = str(me["assignments"][0]["id"])
        if len(me["assignments"]) > 1:
            return RedirectResponse("/role", 303)
    return RedirectResponse(local_path(where), 303)


def _begin(request: Request, where: str) -> None:
    request.session.clear()
    request.session.update(start_session(SIGN_IN_SECONDS), next=local_path(where))


def _enter(request: Request, settings: Settings, token: dict[str, Any]) -> None:
    """A new session with the token; it lasts as long as both allow."""
    longest = time.time() + settings.session_hours * 3600
    seconds = min(longest, float(token.get("expires_at") or longest)) - time.time()
    request.session.clear()
    request.session.update(start_session(seconds), token=token[settings.token])


@router.post("/sign-out")
async def sign_out(request: Request, view: ViewDep) -> Response:
    """Here the session ends whatever happens; the API ends the token everywhere else, for whoever copied the cookie."""
    ended_elsewhere = await _end_token(view)
    request.app.state.ended.end(request.session)
    request.session.clear()
    return RedirectResponse("/sign-in", 303) if ended_elsewhere else view.render("signed_out_here.html", status=503)


async def _end_token(view: View) -> bool:
    """Whether the API takes it no more. Who is not signed in has none."""
    if not view.is_signed_in:
        return True
    try:
        await view.api.post("/v1/me/sign-out")
    except ApiAwayError:
        log.warning("sign_out.api_away")
        return False
    except ApiError as refusal:
        return refusal.status == httpx.codes.UNAUTHORIZED  # it took it no more before
    return True


@router.get("/role", response_class=HTMLResponse)
async def show_roles(view: ViewDep) -> Response:
    view.request.session.pop("acting_as", None)  # one that holds no longer would keep even this page away
    return view.render("role.html", me=await view.load_me())


@router.post("/role")
async def choose_role(request: Request, view: ViewDep, assignment: Annotated[str, Form()]) -> Response:
    """Only one of their own: the API would refuse another, and so is it here."""
    me = await view.load_me()
    if assignment not in {str(each["id"]) for each in me["assignments"]}:
        raise NotSignedInError
    request.session["acting_as"] = assignment
    return RedirectResponse("/", 303)


@router.get("/language/{language}")
async def choose_language(language: str, back: str = "/") -> Response:
    answer = RedirectResponse(local_path(back), 303)
    answer.set_cookie(
        "language", "en" if language == "en" else "vi", max_age=365 * 86400, samesite="lax", httponly=True
    )
    return answer


development = APIRouter()
"""Mounted in development alone: one GET that ends signed in, nothing to type."""


@development.get("/development/sign-in")
async def sign_in_as(request: Request, account: str, next: str = "/") -> Response:  # noqa: A002
    """Fills the development issuer's form with this account, and goes on to where the issuer sends one back."""
    settings: Settings = request.app.state.settings
    _begin(request, next)
    issuer = request.app.state.oauth.issuer
    redirect_uri = f"{settings.public_url}/signed-in"
    asked = await issuer.create_authorization_url(redirect_uri)
    await issuer.save_authorize_data(request, redirect_uri=redirect_uri, **asked)
    answer = await request.app.state.http.post(asked["url"], data={"sub": account}, follow_redirects=False)
    where = answer.headers.get("location", "")
    if not where.startswith(f"{settings.public_url}/"):
        raise NotSignedInError
    parts = urlsplit(where)
    return RedirectResponse(f"{parts.path}?{parts.query}", 303)
