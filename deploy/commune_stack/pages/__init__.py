"""The sinks' pages: what arrived, for a person to read. Foreign HTML is shown in a sandbox, everything else escaped."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'self'"
LINKS_OPEN_OUTSIDE = '<base target="_blank">'


def page(template: str, **values: Any) -> HTMLResponse:
    text = TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(text, headers={"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"})


def message_page(name: str, message: EmailMessage) -> HTMLResponse:
    """One message: headers, text, the HTML part sandboxed (no scripts, no requests), the names of what is attached."""
    html = message.get_body(("html",))
    plain = message.get_body(("plain",))
    return page(
        "message.html",
        name=name,
        message=message,
        html=LINKS_OPEN_OUTSIDE + html.get_content() if html is not None else None,
        text=plain.get_content() if plain is not None else None,
        attachments=[(part.get_filename(), part.get_content_type()) for part in message.iter_attachments()],
    )
