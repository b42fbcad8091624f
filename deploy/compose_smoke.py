"""A first look at a system brought up by compose: does each part answer, and only to those who may ask?

python deploy/compose_smoke.py ENV_FILE
"""

import smtplib
import sys
from email.message import EmailMessage
from pathlib import Path

import httpx

ROSTER, NOTIFIER, PORTAL, MAIL, SMS = (f"http://127.0.0.1:{port}" for port in (8000, 8001, 8003, 8025, 8026))
PARTS = {"roster-api": ROSTER, "notifier-api": NOTIFIER, "portal": PORTAL, "mail sink": MAIL, "SMS gateway": SMS}


def read_settings(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def expect(what: str, answer: httpx.Response, status: int) -> httpx.Response:
    """One line of what was seen; ends the run when it was something else."""
    print(f"{what}: {answer.status_code}")
    if answer.status_code != status:
        sys.exit(f"expected {status}: {answer.text[:500]}")
    return answer


def look(settings: dict[str, str]) -> None:
    with httpx.Client(timeout=10, trust_env=False) as client:
        for name, url in (
            ("roster-api", ROSTER),
            ("notifier-api", NOTIFIER),
            ("portal", PORTAL),
            ("mail sink", MAIL),
            ("SMS gateway", SMS),
        ):
            expect(f"{name} is healthy", client.get(f"{url}/health"), 200)
        expect("the portal's front page without a session", client.get(f"{PORTAL}/"), 303)
        admin = {"X-Api-Key": settings["ROSTER_BOOTSTRAP_KEY"]}
        expect("communes without a key", client.get(f"{ROSTER}/v1/communes"), 401)
        expect("communes with the administrator's key", client.get(f"{ROSTER}/v1/communes", headers=admin), 200)
        reader = {"X-Api-Key": settings["NOTIFIER_API_KEY"]}
        expect("messages without a key", client.get(f"{NOTIFIER}/v1/messages"), 401)
        expect("messages with the reader's key", client.get(f"{NOTIFIER}/v1/messages", headers=reader), 200)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "snv@example.test", "lan@example.test", "Thử"
        message.set_content("Thư thử")
        with smtplib.SMTP("127.0.0.1", 1025, timeout=10) as smtp:
            smtp.send_message(message)
        kept = expect("the mail sink's inbox", client.get(f"{MAIL}/messages"), 200).json()
        if [mail["Subject"] for mail in kept] != ["Thử"]:
            sys.exit(f"the mail did not arrive: {kept}")
        expect("the inbox emptied", client.delete(f"{MAIL}/messages"), 204)


if __name__ == "__main__":
    look(read_settings(Path(sys.argv[1])))
