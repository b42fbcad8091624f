"""The files that git knows: what a commit would carry."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked_files() -> list[Path]:
    """Absolute paths of the tracked files that exist."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [path for name in listing.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
