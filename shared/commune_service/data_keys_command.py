"""The command `data-keys` of every service that seals: a keyset made, given another key, everything sealed with it.

The order that keeps all processes reading: `add` and bring the result to every service; `promote` and bring that;
`rotate` while all of them run; `status` says 0; `drop`, and bring that.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from commune_service.data_keys import add_key, drop_old_keys, new_data_keys, promote_key
from commune_service.sealed_columns import SealedColumn, count_old, seal_anew

EDITS: dict[str, Callable[[str], str]] = {"add": add_key, "promote": promote_key, "drop": drop_old_keys}
ACTIONS = {
    "new": "tạo bộ khóa mới, in ra | make a keyset and print it",
    "add": "thêm một khóa, chưa dùng để niêm phong | one more key, which does not seal yet",
    "promote": "khóa mới nhất niêm phong từ nay | the newest key seals from now on",
    "rotate": "niêm phong lại bằng khóa đang dùng; chạy lại được sau khi bị ngắt"
    " | seal anew with the sealing key, while services run; killed, it goes on when run again",
    "status": "còn bao nhiêu giá trị mang khóa cũ; 1 nếu còn | how much older keys sealed; ends with 1 if anything",
    "drop": "bỏ các khóa cũ, khi status là 0 | without the old keys, once status says 0",
}


def add_data_keys_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "data-keys",
        help="khóa niêm phong dữ liệu cá nhân | the keys that seal personal data",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True)
    for name, words in ACTIONS.items():
        actions.add_parser(name, help=words, description=words)


def print_new_keys() -> None:
    """Needs no settings: the keyset is what they lack."""
    sys.stdout.write(new_data_keys() + "\n")


async def run_data_keys(action: str, *, data_keys: str, engine: AsyncEngine, columns: Sequence[SealedColumn]) -> int:
    """The command's exit status. The keyset in use is the settings'; an edited one is printed, and brought by hand."""
    try:
        if action in EDITS:
            old = await count_old(engine, columns) if action == "drop" else {}
            if any(old.values()):
                sys.stderr.write(f"còn giá trị mang khóa cũ | older keys still seal: {json.dumps(old)}\n")
                return 1
            sys.stdout.write(EDITS[action](data_keys) + "\n")
            return 0
        counts = await (seal_anew if action == "rotate" else count_old)(engine, columns)
        sys.stdout.write(json.dumps(counts, indent=1) + "\n")
        return 1 if action == "status" and any(counts.values()) else 0
    finally:
        await engine.dispose()
