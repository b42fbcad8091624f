"""Forms of a page as a browser without scripts has them: what stands in each field, and what is sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx


@dataclass
class Form:
    """`fields`: what the browser would send with nothing changed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page, in order, those of the frame (signing out) among them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._area = ""
        self._is_first = False
        """The next option is what the browser sends if none is chosen."""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and name and self.forms:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.forms[-1].fields[name] = given.get("value", "")
        elif tag in {"select", "textarea"} and self.forms:
            self._select, self._area = (name, "") if tag == "select" else ("", name)
            self.forms[-1].fields[name] = ""
            self._is_first = True
        elif tag == "option" and self._select and self.forms:
            if "selected" in given or self._is_first:
                self.forms[-1].fields[self._select] = given.get("value", "")
            self._is_first = False

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._select = self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += data


async def fill_in(browser: httpx.AsyncClient, path: str, typed: dict[str, Any], *, having: str = "") -> httpx.Response:
    """Opens the page, fills in its last form (or the last with the field `having`), sends it; the page it ends on."""
    page = await browser.get(path)
    assert page.status_code == httpx.codes.OK, f"{path}: {page.status_code}"
    forms = [form for form in Forms(page.text).forms if not having or having in form.fields]
    form = forms[-1]
    where = form.action or path
    headers = {"Origin": str(browser.base_url).rstrip("/")}
    answer = await browser.post(where, data=form.fields | typed, headers=headers)
    assert answer.status_code == httpx.codes.SEE_OTHER, f"{where}: {answer.status_code} {wrong_of(answer.text)}"
    return await browser.get(answer.headers["Location"])


def wrong_of(page: str) -> str:
    """What the page says of the refusal."""
    return page.partition('role="alert" tabindex="-1"><h2>')[2].partition("</div>")[0]
