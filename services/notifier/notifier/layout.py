"""How mails look: a layout in MJML, compiled once at first use, under one head for all; the text beside it.

Nothing is loaded from anywhere: a letter that fetches a font or a picture tells who opened it, and when.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from mjml import mjml2html

TEMPLATES = Path(__file__).parent / "templates"
HEAD = TEMPLATES / "head.html"
"""Into every mail: what a phone and a dark screen need to know."""
INDENT = re.compile(r"\n\s*")


@cache
def load_layout(name: str, *, trim_blocks: bool = True) -> tuple[Template, Template]:
    """(text, HTML). The text is plain: nothing to escape, and no markup of ours around it."""
    html = Environment(autoescape=True, undefined=StrictUndefined).from_string(compile_layout(name))
    options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": trim_blocks, "keep_trailing_newline": True}
    plain = Environment(autoescape=False, **options)  # noqa: S701
    return plain.from_string((TEMPLATES / f"{name}.txt").read_text("utf-8")), html


def compile_layout(name: str) -> str:
    source = (TEMPLATES / f"{name}.mjml").read_text("utf-8")
    # Without fonts={} the compiler has readers fetch web fonts.
    html = str(mjml2html(source, disable_comments=True, fonts={}))
    # A line's indent is nothing to a reader; to a mail server it is a third of the mail.
    return INDENT.sub("\n", html.replace("</head>", f"{HEAD.read_text('utf-8')}</head>", 1))
