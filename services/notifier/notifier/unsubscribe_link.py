"""The last line of a mail that may be declined: where. The mail's headers say the same to programs (RFC 8058)."""

from dataclasses import replace
from html import escape

from notifier.email_content import EmailContent

VI, EN = "Không muốn nhận thư nhắc và thư tổng hợp nữa", "No more reminders and summaries"
END_OF_BODY = "</body>"
STYLE = "margin:0;padding:16px;text-align:center;font:13px/20px Arial,sans-serif;color:#5a6470"


def add_link(content: EmailContent, url: str) -> EmailContent:
    """In the text and in the HTML, which has to be a whole page."""
    before, end, after = content.html.rpartition(END_OF_BODY)
    if not end:
        raise ValueError("a mail without an end of its body")
    shown = escape(url, quote=True)
    line = f'<p style="{STYLE}"><a href="{shown}" style="color:#5a6470">{VI} · <span lang="en">{EN}</span></a></p>'
    return replace(content, text=f"{content.text.rstrip()}\n\n{VI} · {EN}:\n{url}\n", html=before + line + end + after)
