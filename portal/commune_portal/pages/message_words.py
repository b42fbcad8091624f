"""The words of messages: which are in force, a version written, looked at with somebody's facts, tried, published."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current, in_force, list_plans
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.guard import REPORTS
from commune_portal.view import PersonDep, View

router = APIRouter()
BLOCKS = {"email": ("subject", "heading", "opening", "closing"), "sms": ("text",)}
LONG = frozenset({"opening", "closing", "text"})
LANGUAGES = ("vi", "en")
MOST_PEOPLE = 100
OF_A_MAIL = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; "
        f"form-action 'none'; base-uri 'none'; report-uri {REPORTS}"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""A mail has its styles in it, and is shown by nobody but our own page."""


@dataclass(frozen=True)
class Which:
    """Whose words: a kind of message, by one channel, in one language."""

    kind: str
    channel: str
    language: str

    @classmethod
    def of(cls, given: Any) -> "Which":
        return cls(given.get("kind", ""), given.get("channel", ""), given.get("words_in", ""))

    @property
    def parts(self) -> dict[str, str]:
        return {"kind": self.kind, "channel": self.channel, "language": self.language}

    @property
    def page(self) -> str:
        return f"/settings/templates/words?kind={self.kind}&channel={self.channel}&words_in={self.language}"


@router.get("/settings/templates", response_class=HTMLResponse)
async def show_templates(view: PersonDep) -> Response:
    answer = await view.api.get("/v1/message-templates")
    kinds: dict[str, dict[tuple[str, str], Any]] = {}
    for each in answer["items"]:
        kinds.setdefault(each["kind"], {})[each["channel"], each["language"]] = each
    ways = [(channel, language) for channel in BLOCKS for language in LANGUAGES]
    return view.render("message_templates.html", kinds=kinds, ways=ways, may_change=answer["may_change"])


@router.get("/settings/templates/words", response_class=HTMLResponse)
async def show_words(request: Request, view: PersonDep) -> Response:
    return await render_words(view, Which.of(request.query_params))


@router.post("/settings/templates/words")
async def use_words(request: Request, view: PersonDep) -> Response:
    """One form: looked at, tried on oneself, or kept as a draft. Of an empty one the built-in words are shown."""
    typed = await read_typed(request)
    which, then = Which.of(typed), typed.get("then", "")
    blocks = read_blocks(which.channel, typed)
    if then == "people":
        return await render_words(view, which, typed=typed, with_people=True)
    written = written_blocks(which, typed)
    try:
        if then in {"draft", "built-in"}:
            body = {"blocks": blocks if then == "draft" else None, "reason": typed.get("reason", "")}
            made = await view.api.post(
                "/v1/message-templates/{kind}/{channel}/{language}", body, once=typed.get("once"), **which.parts
            )
            words = view.say(f"Đã lưu nháp: bản {made['version']}.", f"Draft kept: version {made['version']}.")
            return view.go(which.page, words)
        if then == "test":
            tried = await view.api.post(
                "/v1/message-templates/{kind}/{channel}/{language}/test", {"blocks": written},
                once=typed.get("once"), **which.parts,
            )  # fmt: skip
            return await render_words(view, which, typed=typed, tried=tried)
        shown = await preview(view, which, typed, written)
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422, 429}:
            raise
        return await render_words(view, which, typed=typed, refusal=refusal)
    return await render_words(view, which, typed=typed, shown=shown)


async def preview(view: View, which: Which, typed: dict[str, str], written: dict[str, Any] | None) -> Any:
    """As the person of the form would get it, or somebody made up."""
    plan_id, _, volunteer_id = typed.get("person", "").partition("/")
    asked = {"blocks": written, "plan_id": plan_id or None, "volunteer_id": volunteer_id or None}
    return await view.api.post("/v1/message-templates/{kind}/{channel}/{language}/preview", asked, **which.parts)


@router.post("/settings/templates/looks", response_class=HTMLResponse)
async def show_looks(request: Request, view: PersonDep) -> Response:
    """The mail itself, for the frame of the page: a document of no origin, that runs and loads nothing."""
    typed = await read_typed(request)
    which = Which.of(typed)
    try:
        shown = await preview(view, which, typed, written_blocks(which, typed))
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422, 429}:
            raise
        return view.render("mail_refused.html", status=refusal.status, refusal=refusal)
    return HTMLResponse(shown["html"], headers=OF_A_MAIL)


@router.post("/settings/templates/publish")
async def publish_words(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    which = Which.of(typed)
    try:
        await view.api.post(
            "/v1/message-templates/{kind}/{channel}/{language}/{version}/publish",
            version=typed.get("version", ""),
            **which.parts,
        )
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_words(view, which, refusal=refusal)
    words = view.say("Đã ban hành: tin gửi từ lúc này theo lời mới.", "Published: what is sent from now on has it.")
    return view.go(which.page, words)


def written_blocks(which: Which, typed: dict[str, str]) -> dict[str, Any] | None:
    """None where nothing was typed: the built-in words."""
    return read_blocks(which.channel, typed) if any(typed.get(each) for each in BLOCKS.get(which.channel, ())) else None


def read_blocks(channel: str, typed: dict[str, str]) -> dict[str, Any]:
    """As the API wants them; paragraphs are parted by plain line ends."""
    blocks: dict[str, Any] = {name: typed.get(name, "").replace("\r\n", "\n") for name in BLOCKS.get(channel, ())}
    return blocks | ({"is_accented": typed.get("is_accented") == "yes"} if channel == "sms" else {})


async def render_words(
    view: View,
    which: Which,
    *,
    with_people: bool = False,
    typed: dict[str, str] | None = None,
    **facts: Any,
) -> Response:
    """`facts`: what came of the form: `shown`, `tried` or `refusal`."""
    detail = await view.api.get("/v1/message-templates/{kind}/{channel}/{language}", **which.parts)
    may_change = view.assignment.get("scope_kind") == "nation"
    people = await list_placed(view) if with_people or (typed and typed.get("person")) else []
    refusal: ApiError | None = facts.get("refusal")
    newest = detail["versions"][-1] if detail["versions"] else None
    kept = (newest and newest["blocks"]) or detail["built_in"] or {}
    begun = read_blocks(which.channel, typed) if typed else kept
    return view.render(
        "message_words.html",
        status=refusal.status if refusal else 200,
        which=which,
        detail=detail,
        newest=newest,
        blocks=begun,
        has_own_layout=not kept,
        names=BLOCKS.get(which.channel, ()),
        long=LONG,
        people=people,
        typed=typed or {},
        may_change=may_change,
        **{"shown": None, "tried": None, "refusal": None, "most": MOST_PEOPLE} | facts,
    )


async def list_placed(view: View) -> list[tuple[str, str]]:
    """(value of the form, name and commune) of the first people of the plan in force; the API writes down who looks."""
    campaign = await find_current(view.api)
    plan = in_force(await list_plans(view.api, campaign["id"])) if campaign else None
    if plan is None:
        return []
    placed = await view.api.get("/v1/plans/{plan_id}/placements", plan_id=plan["id"], limit=MOST_PEOPLE)
    return [
        (f"{plan['id']}/{each['volunteer_id']}", f"{each['full_name']} · {each['commune_name']}")
        for each in placed["items"]
    ]
