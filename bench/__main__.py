"""`python -m bench [--only PREFIX]`: measures, prints rows as they come, writes bench-output/.

bench-output/ holds results.json (the rows), results.md (a table) and results.svg, results.png (a plot).
`python -m bench --write-docs` copies table and plot of the last whole run into docs/.
"""

import argparse
import json
import sys
import time
import traceback
from pathlib import Path

from bench.cases import select
from bench.plot import draw
from bench.rows import Row
from bench.table import describe_machine, format_line, make_table, write_docs

OUTPUT = Path("bench-output")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", metavar="PREFIX", help="measure only what is named so, e.g. engine.c")
    parser.add_argument("--write-docs", action="store_true", help="measure nothing; copy the last run into docs/")
    arguments = parser.parse_args()
    if arguments.write_docs:
        return write_docs(OUTPUT)
    cases = select(arguments.only)
    if not cases:
        print(f"no benchmark begins with {arguments.only!r}", file=sys.stderr)
        return 1
    rows: list[Row] = []
    failed = []
    began = time.monotonic()
    for name, case in cases.items():
        print(f"-- {name}", flush=True)
        try:
            for row in case():
                if row["name"].startswith(arguments.only):
                    rows.append(row)
                    print(format_line(row), flush=True)
        except Exception:  # noqa: BLE001 - one case that fails is told, and must not hide the others
            traceback.print_exc()
            failed.append(name)
    write(rows, time.monotonic() - began)
    missed = [row["name"] for row in rows if row["met"] is False]
    print(f"{len(rows)} rows in {OUTPUT}/results.json; targets missed: {', '.join(missed) or 'none'}")
    if failed:
        print(f"FAILED: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def write(rows: list[Row], seconds: float) -> None:
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "results.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (OUTPUT / "results.md").write_text(make_table(rows, describe_machine(seconds)), encoding="utf-8")
    draw(rows, [OUTPUT / "results.svg", OUTPUT / "results.png"])


if __name__ == "__main__":
    sys.exit(main())
