"""The Khánh Hòa case played against a system brought up by compose, and held against what arrived in its sinks.

python deploy/compose_case.py ENV_FILE INBOX SMS_LOG OUTPUT      (inbox and log: where the sinks' volumes lie)
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from commune_demo.console import Console
from commune_demo.story import Story
from commune_stack.keys import Keys
from commune_stack.stack import Addresses, Stack
from compose_smoke import MAIL, NOTIFIER, ROSTER, SMS, read_settings


@dataclass(frozen=True)
class Deployed:
    """What the story asks of a stack: where it answers, and the keys."""

    addresses: Addresses
    keys: Keys


def play(env_file: Path, inbox: Path, sms_log: Path, output: Path) -> bool:
    settings = read_settings(env_file)
    deployed = Deployed(
        Addresses(
            roster_api=ROSTER, roster_internal="", notifier=NOTIFIER, mail_page=MAIL, sms_page=SMS, issuer="", portal=""
        ),
        Keys(admin=settings["ROSTER_BOOTSTRAP_KEY"], notifier=settings["NOTIFIER_API_KEY"]),
    )
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    (output / "inbox").symlink_to(inbox)
    (output / "sms.jsonl").symlink_to(sms_log)
    return Story(stack=cast("Stack", deployed), console=Console(), output=output).tell()


if __name__ == "__main__":
    sys.exit(0 if play(*(Path(argument) for argument in sys.argv[1:5])) else 1)
