"""How mails look: a layout compiled from MJML (deploy/mail_layouts.py), under one head for all; the text beside it.

Nothing is loaded from anywhere: a letter that fetches a font or a picture tells who opened it, and when.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

TEMPLATES = Path(__file__).parent / "templates"


@cache
def load_layout(name: str, *, trim_blocks: bool = True) -> tuple[Template, Template]:
    """(text, HTML). The text is plain: nothing to escape, and no markup of ours around it."""
    layout = (TEMPLATES / f"{name}.html").read_text("utf-8")
    html = Environment(autoescape=True, undefined=StrictUndefined).from_string(layout)
    options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": trim_blocks, "keep_trailing_newline": True}
    plain = Environment(autoescape=False, **options)  # noqa: S701
    return plain.from_string((TEMPLATES / f"{name}.txt").read_text("utf-8")), html
