"""The layouts of HTML mails: each NAME.mjml of the notifier compiled into NAME.html beside it, which is committed, so
that no service compiles anything. `make layouts` after a change; a test compares.
"""

import re
from pathlib import Path

from mjml import mjml2html

TEMPLATES = Path(__file__).parents[1] / "services/notifier/notifier/templates"
HEAD = TEMPLATES / "head.html"
"""Into every mail: what a phone and a dark screen need to know."""
INDENT = re.compile(r"\n\s*")


def compile_all() -> dict[Path, str]:
    """What each compiled file has to hold."""
    return {source.with_suffix(".html"): compile_layout(source) for source in sorted(TEMPLATES.glob("*.mjml"))}


def compile_layout(source: Path) -> str:
    # Without fonts={} the compiler has readers fetch web fonts.
    html = str(mjml2html(source.read_text("utf-8"), disable_comments=True, fonts={}))
    # A line's indent is nothing to a reader; to a mail server it is a third of the mail.
    return INDENT.sub("\n", html.replace("</head>", f"{HEAD.read_text('utf-8')}</head>", 1)).rstrip("\n") + "\n"


if __name__ == "__main__":
    for compiled, html in compile_all().items():
        compiled.write_text(html, "utf-8")
        print(f"{compiled.name}: {len(html)} characters")
