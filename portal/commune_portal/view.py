"""One request as a page sees it: who is asking, in which language, and how an answer is drawn."""

import re
import secrets
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4
from zlib import crc32

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from commune_portal.client import Api, ApiError, Caller
from commune_portal.guard import masked_form_token
from commune_portal.menu import ADMIN, GROUP_OVERSEER, OVERSEER, Item, list_items
from commune_portal.wording import WORDS

LANGUAGES = ("vi", "en")
ME_SECONDS = 15.0
SEEN, MOST_SEEN = "seen", 300
YEAR = 365 * 24 * 3600


class NotSignedInError(Exception):
    """Nobody is signed in, or no longer."""


def screen_key(template: str) -> str:
    """Short, for the cookie that names many of them."""
    return f"{crc32(template.encode()):08x}"[:6]


def local_path(given: str) -> str:
    """A path of this portal, or its front page: never an address of somebody else."""
    return given if re.fullmatch(r"/(?![/\\])[^\x00-\x1f\\]*", given) else "/"


class View:
    """Made once a request. `api` raises NotSignedInError where nobody is signed in."""

    def __init__(self, request: Request) -> None:
        self.request = request
        chosen = request.cookies.get("language", "vi")
        self.language = chosen if chosen in LANGUAGES else "vi"
        self.me: dict[str, Any] | None = None
        self.assignment: dict[str, Any] = {}
        """The role they act in; empty before `load_me`."""
        self.province: dict[str, Any] | None = None
        """The one that the nation's administrator chose for this page."""
        self.template = ""
        self._opens_help = False

    @classmethod
    def of(cls, request: Request) -> "View":
        return cls(request)

    @property
    def is_signed_in(self) -> bool:
        return "token" in self.request.session

    @property
    def api(self) -> Api:
        if not self.is_signed_in:
            raise NotSignedInError
        session = self.request.session
        caller = Caller(session["token"], session.get("acting_as"))
        return Api(self.request.app.state.http_of_api, caller, self.request.app.state.kept)

    async def load_me(self) -> dict[str, Any]:
        """Who this is to the API; asked once a request. A token it no longer takes ends the session."""
        if self.me is None:
            try:
                self.me = await self.api.get_kept("/v1/me", seconds=ME_SECONDS)
            except ApiError as error:
                if error.status == 401:
                    self.request.session.clear()
                    raise NotSignedInError from error
                raise
            chosen = str(self.me["acting_as"] or self.request.session.get("acting_as"))
            mine: Iterable[dict[str, Any]] = self.me["assignments"]
            self.assignment = next((each for each in mine if str(each["id"]) == chosen), {})
        return self.me

    @property
    def role(self) -> str:
        """As the pages know it: an overseer of a group apart from one of the province."""
        role = str(self.assignment.get("role", ""))
        is_of_group = role == OVERSEER and self.assignment.get("scope_kind") == "oversight_group"
        return GROUP_OVERSEER if is_of_group else role

    @property
    def school_id(self) -> str | None:
        """Of a school's coordinator."""
        return str(self.assignment["scope_id"]) if self.assignment.get("scope_kind") == "school" else None

    @property
    def commune_code(self) -> str | None:
        """Of a commune's officer."""
        return str(self.assignment["scope_id"]) if self.assignment.get("scope_kind") == "commune" else None

    @property
    def is_of_nation(self) -> bool:
        """An administrator of every province."""
        return self.role == ADMIN and self.assignment.get("scope_kind") == "nation"

    @property
    def named_province(self) -> str:
        """In the address, by the nation's administrator; '' where none is named."""
        return self.request.query_params.get("province", "") if self.is_of_nation else ""

    def within(self, path: str) -> str:
        """A page of ours, for the province that was named for this one."""
        if not self.named_province:
            return path
        return f"{path}{'&' if '?' in path else '?'}province={quote(self.named_province, safe='')}"

    def say(self, vi: str, en: str) -> str:
        return en if self.language == "en" else vi

    def pick(self, words: dict[str, Any], name: str = "") -> str:
        """The words of this language in an object with `vi` and `en`, or `<name>_vi` and `<name>_en`."""
        key = f"{name}_{self.language}" if name else self.language
        return str(words.get(key) or words.get(f"{name}_vi" if name else "vi") or "")

    def word(self, kind: str, value: str) -> str:
        """The words for a state, in this language."""
        known = WORDS[kind][value]
        return self.say(known.vi, known.en)

    @property
    def items(self) -> list[Item]:
        return list_items(self.role)

    def form_fields(self) -> dict[str, str]:
        """What every form carries along: its token, and the key by which it does its work once."""
        token = self.request.session.get("form") or secrets.token_urlsafe(18)
        return {"form_token": masked_form_token(token), "once": str(uuid4())}

    def render(self, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
        self.template = template
        page = self.request.app.state.templates.get_template(template)
        answer = HTMLResponse(page.render(view=self, language=self.language, say=self.say, **facts), status)
        if self._opens_help:
            answer.set_cookie(
                SEEN, ".".join([*self._seen(), screen_key(template)]), max_age=YEAR, samesite="lax", httponly=True
            )
        return answer

    def _seen(self) -> list[str]:
        """Screens that explained themselves in this browser; of what is no list of ours nothing."""
        known = re.findall(r"[0-9a-f]{6}", self.request.cookies.get(SEEN, ""))
        return known[:MOST_SEEN]

    def opens_help(self) -> bool:
        """Once a screen, at its first visit: the first of its explanations is open."""
        is_first = not self._opens_help and screen_key(self.template) not in self._seen()
        self._opens_help = self._opens_help or is_first
        return is_first

    def go(self, path: str, notice: str = "") -> RedirectResponse:
        """To another page after a form did its work; `notice` is shown there, once."""
        if notice:
            self.request.session["notice"] = notice
        return RedirectResponse(path, 303)

    def take_notice(self) -> str:
        return str(self.request.session.pop("notice", ""))


async def open_view(request: Request) -> View:
    """For pages anybody sees."""
    return View.of(request)


async def open_view_of_person(request: Request) -> View:
    """For pages of people who are signed in."""
    view = View.of(request)
    if not view.is_signed_in:
        raise NotSignedInError
    await view.load_me()
    return view


ViewDep = Annotated[View, Depends(open_view)]
PersonDep = Annotated[View, Depends(open_view_of_person)]
