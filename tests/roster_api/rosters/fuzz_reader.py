"""`make fuzz MINUTES=n`: any bytes are read or refused, as a list and as a register; of any table nobody is lost.

Most of the time atheris changes the files of cases/, guided by what of the reader they reach; then Hypothesis makes
tables. A finding ends it with status 1; atheris leaves the file that did it in bench-output/fuzz/.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

import atheris
from hypothesis import HealthCheck, given, settings

with atheris.instrument_imports(include=["roster_api.rosters.reading"]):
    from roster_api.rosters.reading.declared import read_declared
    from roster_api.rosters.reading.opening import open_sheets
    from roster_api.rosters.reading.refusals import RefusedFileError
    from roster_api.rosters.reading.roster import read_roster

from roster_api.registers.declarations import STAFF

from tests.roster_api.rosters.test_any_table import ANY_SHEET, check_that_every_filled_row_is_read_or_named
from tests.roster_api.rosters.wanted import CASES

FOLDER = Path("bench-output/fuzz")
FILES_SHARE = 0.8
EXAMPLES_A_SECOND = 8
HANG_SECONDS = 20
"""Instrumented and on a busy machine; without, two."""
MEMORY_MB = 2560
"""The child process that does this in earnest is refused more than 512 MB, and says so."""


def read_any_bytes(content: bytes) -> None:
    for read in (read_roster, lambda sheets: read_declared(sheets, STAFF)):
        try:
            read(open_sheets(content)[1])
        except RefusedFileError as refused:
            if not (refused.vi and refused.en):
                raise ValueError("refused without a word") from refused


def fuzz_tables(seconds: float) -> int:
    """How many tables were made."""
    examples = max(100, int(seconds * EXAMPLES_A_SECOND))
    every_table = given(*ANY_SHEET)(check_that_every_filled_row_is_read_or_named)
    settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))(every_table)()
    return examples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    seconds = parser.parse_args().minutes * 60
    began = time.monotonic()
    tables = fuzz_tables(seconds * (1 - FILES_SHARE))
    sys.stdout.write(f"{tables} tables: nobody was lost ({time.monotonic() - began:.0f} s)\n")
    sys.stdout.flush()
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "corpus").mkdir(parents=True)
    atheris.Setup(
        [
            sys.argv[0], str(FOLDER / "corpus"), str(CASES), f"-max_total_time={int(seconds * FILES_SHARE)}",
            f"-timeout={HANG_SECONDS}", f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={FOLDER}/", "-max_len=100000",
            "-print_final_stats=1",
        ],
        read_any_bytes,
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
