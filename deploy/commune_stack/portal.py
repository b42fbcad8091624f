"""The portal in a stack: its program and environment, and for each role one address that signs in."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

from commune_stack.issuer import PEOPLE
from commune_stack.programs import Program, answers


def portal_program(
    executable: str, *, url: str, roster_api: str, issuer: str, session_secret: str, clock_file: Path
) -> Program:
    """Answers at `url`; the development issuer takes any client and any secret."""
    port = int(url.rpartition(":")[2])
    return Program(
        name="portal",
        argv=(executable, "serve"),
        environment={
            "PORTAL_ENVIRONMENT": "development",
            "PORTAL_PUBLIC_URL": url,
            "PORTAL_PORT": str(port),
            "PORTAL_ROSTER_URL": roster_api,
            "PORTAL_ISSUER_URL": issuer,
            "PORTAL_CLIENT_SECRET": "the development issuer takes any",
            "CLOCK_FILE": str(clock_file),
            "PORTAL_SESSION_SECRET": session_secret,
        },
        probe=answers(f"{url}/health"),
        ports=(port,),
    )


def sign_ins(portal: str, subjects: Iterable[str] | None = None, *, opens: str = "/") -> dict[str, str]:
    """By the issuer's subject, which is a role's word: an address that ends signed in, with nothing to type."""
    wanted = [person.subject for person in PEOPLE] if subjects is None else list(subjects)
    return {
        subject: f"{portal}/development/sign-in?{urlencode({'account': subject, 'next': opens})}" for subject in wanted
    }
