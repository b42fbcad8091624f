"""Mutates one part after another with mutmut, in a workspace of its own, and tells how many mutants the tests killed.

python -m tests.mutants [PART ...]     (without one: all). Ends with 1 when a part has fewer than 85 % killed.

Only tests that start no server are asked: a mutant costs a fraction of a second then, and runs in a fork.
"""

import contextlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORKSPACE = ROOT / ".mutants"
SOURCE = "src"
"""mutmut puts a folder of this name on the path, and takes the one above off it."""
WANTED_PERCENT = 85
LONGEST_PART_SECONDS = 1800
PATIENCE = 150
"""Times as long as the tests take without a mutant, and a second more: a busy machine kills nobody."""
UNHURRIED = """from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
"""
KILLED_STATUS, TIMED_OUT = {1, 3}, {24, -24, 36, 152, 255}
"""Exit statuses that mutmut keeps of a mutant: a test failed; the tests went on and on. 33: no test comes by."""


@dataclass(frozen=True)
class Part:
    """Files of one package, and the tests that are asked about them."""

    home: str
    package: str
    files: tuple[str, ...]
    tests: tuple[str, ...]
    helpers: tuple[str, ...] = ()
    """Further files of the tests that these import."""


PARTS = {
    "judges": Part(
        "shared",
        "commune_verify",
        ("*",),
        (
            "tests/shared/test_judges.py",
            "tests/shared/test_judge_of_placement.py",
            "tests/shared/test_judge_of_responsibility.py",
            "tests/shared/test_judged_without_solving.py",
        ),
    ),
    "rules": Part(
        "services/matching-worker",
        "matching_worker",
        ("model/*/rules.py", "model/*/problem/rules.py", "model/placement/problem/costs.py"),
        ("tests/matching_worker/test_rules.py",),
    ),
    "states": Part("services/notifier", "notifier", ("states.py",), ("tests/notifier/test_states.py",)),
    "access": Part(
        "services/roster-api",
        "roster_api",
        ("access/scope.py", "access/bounds.py", "access/principal.py"),
        ("tests/roster_api/test_access_bounds.py",),
    ),
    "lists": Part(
        "services/roster-api",
        "roster_api",
        (
            "rosters/reading/phones.py",
            "rosters/reading/emails.py",
            "rosters/reading/dates.py",
            "rosters/reading/roles.py",
        ),
        (
            "tests/roster_api/rosters/test_values.py",
            "tests/roster_api/rosters/test_contact_cells.py",
            "tests/roster_api/rosters/test_dates.py",
            "tests/roster_api/rosters/test_own_values.py",
        ),
        ("tests/roster_api/rosters/workbooks.py",),
    ),
}


def prepare(part: Part, workspace: Path) -> None:
    """A copy of the package and of the tests asked, without their fixtures; the settings of mutmut and pytest."""
    shutil.rmtree(workspace, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / part.home / part.package, workspace / SOURCE / part.package, ignore=ignored)
    for name in (*part.tests, *part.helpers):
        for file in (name, *(f"{folder}/__init__.py" for folder in Path(name).parents if folder.name)):
            (workspace / SOURCE / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, workspace / SOURCE / file)
    (workspace / SOURCE / "tests" / "conftest.py").write_text(UNHURRIED)
    mutated = [f"{SOURCE}/{part.package}/{file}" for file in part.files]
    arguments = ["-p", "no:cacheprovider", "-p", "no:xdist", "-q", "-x"]
    lines = [
        "[tool.mutmut]",
        f"source_paths = {json.dumps([SOURCE])}",
        f"only_mutate = {json.dumps(mutated)}",
        f"pytest_add_cli_args = {json.dumps(arguments)}",
        f"pytest_add_cli_args_test_selection = {json.dumps([f'{SOURCE}/{test}' for test in part.tests])}",
        f"also_copy = {json.dumps([f'{SOURCE}/tests'])}",
        "use_git_change_detection = false",
        f"timeout_multiplier = {PATIENCE}",
        "[tool.pytest.ini_options]",
        'asyncio_mode = "auto"',
        'asyncio_default_fixture_loop_scope = "function"',
    ]
    (workspace / "pyproject.toml").write_text("\n".join(lines) + "\n")


def mutate(part: Part, workspace: Path) -> None:
    """As many as there is time for; `count` sees which were not asked."""
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", "2"]
    with (workspace / "log.txt").open("w") as log, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=workspace, stdout=log, stderr=log, check=True, timeout=LONGEST_PART_SECONDS)


def count(workspace: Path) -> Counter[str]:
    """Mutants by how they ended: killed (or endless), survived or met by no test, unasked for want of time."""
    ended: Counter[str] = Counter()
    for kept in (workspace / "mutants").rglob("*.meta"):
        for status in json.loads(kept.read_text())["exit_code_by_key"].values():
            known = "killed" if status in KILLED_STATUS | TIMED_OUT else "survived"
            ended["unasked" if status is None else known] += 1
    return ended


def main() -> int:
    names = sys.argv[1:] or list(PARTS)
    has_failed = False
    for name in names:
        workspace = WORKSPACE / name
        prepare(PARTS[name], workspace)
        mutate(PARTS[name], workspace)
        ended = count(workspace)
        percent = 100 * ended["killed"] / max(1, ended.total())
        is_short = percent < WANTED_PERCENT
        has_failed = has_failed or is_short
        verdict = f"{ended['killed']:5} killed {ended['survived']:5} survived {percent:6.1f} %"
        verdict += f" ({ended['unasked']} not asked in {LONGEST_PART_SECONDS} s)" if ended["unasked"] else ""
        print(f"{name:8} {verdict}{' TOO FEW' if is_short else ''}", flush=True)  # noqa: T201
    print(f"survivors by name: cd {WORKSPACE.name}/PART && mutmut results; one of them: mutmut show NAME")  # noqa: T201
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
