"""The command `commune-demo`: the Khánh Hòa case from the schools' lists to each person's message; or Điện Biên's.

Starts every real part on this machine, plays the schools and the officer over HTTP, and checks what arrived. With
--once it ends by itself: status 0 only if all was right.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from commune_stack.places import DirectoryInUseError, StackDirectory, throwaway_directory
from commune_stack.portal import sign_ins
from commune_stack.stack import Stack

from commune_demo.console import Console
from commune_demo.dien_bien.story import DienBien
from commune_demo.story import Story

OUTPUT = Path("demo-output")
SHOWN_ROLES = ("admin", "overseer", "school_coordinator", "commune_officer", "finance")
"""Whose sign-in is printed; portal.json has them all."""


CASES: dict[str, type[Story] | type[DienBien]] = {"khanh-hoa": Story, "dien-bien": DienBien}


async def run_demo(*, once: bool, output: Path, case_name: str = "khanh-hoa") -> int:
    """Exit status of the command. DirectoryInUseError where another demo fills that folder."""
    console = Console()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with StackDirectory(output, keep=True), throwaway_directory() as place:
        await asyncio.to_thread(empty, output)
        return await _run_in(place, console=console, output=output, once=once, stopping=stopping, case_name=case_name)


async def _run_in(
    place: StackDirectory, *, console: Console, output: Path, once: bool, stopping: asyncio.Event, case_name: str
) -> int:
    stack = Stack(
        place.path,
        environment=os.environ,
        matching_workers=2,
        with_portal=True,
        inbox=(output / "inbox").absolute(),
        sms_log=(output / "sms.jsonl").absolute(),
    )
    try:
        with console.step("start", "Khởi động hệ thống thật trên máy này · Starting every real part on this machine"):
            await stack.start()
            console.say(
                "  Postgres, Valkey, roster-api, relay, reader, matching-worker, notifier, portal, mail and SMS sinks"
            )
        write_portal(output, stack.addresses.portal)
        story = CASES[case_name](stack=stack, console=console, output=output)
        telling = asyncio.create_task(asyncio.to_thread(story.tell))
        stop_wanted = asyncio.create_task(stopping.wait())
        await asyncio.wait({telling, stop_wanted}, return_when=asyncio.FIRST_COMPLETED)
        if not telling.done():
            console.say("\nDừng giữa chừng · Stopped half-way.")
            return 130
        all_right = telling.result()
        if not once:
            _say_addresses(stack, console)
            await stopping.wait()
    except Exception:
        logs = output / "logs"
        if stack.supervisor.logs.exists():
            shutil.copytree(stack.supervisor.logs, logs, dirs_exist_ok=True)
            console.bad(f"nhật ký · logs: {logs}")
        raise
    else:
        return 0 if all_right else 1
    finally:
        await stack.stop()


def _say_addresses(stack: Stack, console: Console) -> None:
    where = stack.addresses
    console.say("\nHệ thống còn chạy; Ctrl-C để dừng · Still up; Ctrl-C stops")
    console.say(f"  Cổng · portal   {where.portal}")
    for role, address in sign_ins(where.portal, SHOWN_ROLES, opens="/plan").items():
        console.say(f"    {role:19} {address}")
    console.say(f"  API             {where.roster_api}/openapi.json")
    console.say(f"  Đăng nhập · sign in  {where.issuer}")
    console.say(f"  admin key       {stack.keys.admin}  (header X-Api-Key)")
    console.say(f"  Hộp thư · mail  {where.mail_page}")
    console.say(f"  Tin nhắn · SMS  {where.sms_page}")


def write_portal(output: Path, url: str) -> None:
    """portal.json: where the pages are, and for each role one address that ends signed in."""
    roles = {role: {"sign_in": address} for role, address in sign_ins(url, opens="/plan").items() if role != "nobody"}
    (output / "portal.json").write_text(json.dumps({"url": url, "roles": roles}, indent=1) + "\n")


def empty(folder: Path) -> None:
    """Of everything but the lock by which it is ours."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != ".lock":
            each.unlink()


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the console script."""
    parser = argparse.ArgumentParser(prog="commune-demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end by itself; exit status 0 only if all was right")
    parser.add_argument("--case", choices=sorted(CASES), default="khanh-hoa", help="which province's story")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder for what it makes (emptied first)")
    arguments = parser.parse_args(argv)
    try:
        status = asyncio.run(run_demo(once=arguments.once, output=arguments.output, case_name=arguments.case))
    except DirectoryInUseError as error:
        sys.exit(str(error))
    sys.exit(status)
