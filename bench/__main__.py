"""`python -m bench [--only PREFIX]`: runs the benchmarks, prints a table, writes bench-output/results.json and a plot.

A module of this folder with a function rows() is a benchmark; it yields rows (bench/rows.py) as they are measured, and
is imported only when it is to run, in a process of its own. engine_secondment serves the names engine.c.*, and so on.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bench.apart import run_apart

OUTPUT = Path("bench-output")
SERVES = {
    "engine_responsibility": "engine.a.",
    "engine_placement": "engine.b.",
    "engine_secondment": "engine.c.",
    "engine_groups": "engine.d.",
}
"""Names a module's rows begin with; any other module serves the names that begin with its own, dots for underscores."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="PREFIX", help="only rows whose name begins so, e.g. engine.c")
    only: str = parser.parse_args().only
    rows: list[dict[str, Any]] = []
    failures = []
    for module in list_modules():
        if not overlaps(SERVES.get(module, module.replace("_", ".")), only):
            continue
        print(f"-- {module}", flush=True)
        try:
            for row in run_apart(module, only):
                rows.append(row)
                print(format_row(row), flush=True)
        except RuntimeError as error:
            failures.append(f"{module}: {error}")
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    if not rows and not failures:
        print(f"no benchmark begins with {only!r}", file=sys.stderr)
        return 1
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "results.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draw(rows, OUTPUT / "results.svg")
    missed = [row["name"] for row in rows if row["met"] is False]
    print(f"{len(rows)} rows in {OUTPUT}/results.json; targets missed: {', '.join(missed) or 'none'}")
    return 1 if failures else 0


def list_modules() -> list[str]:
    """Every module of this folder that has rows(), by name; none is imported for it."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return [path.stem for path in files if "\ndef rows(" in path.read_text(encoding="utf-8")]


def overlaps(prefix: str, only: str) -> bool:
    return prefix.startswith(only) or only.startswith(prefix)


def format_row(row: dict[str, Any]) -> str:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.3f} of {row['ceiling']:g}"
    target = "" if row["target"] is None else f"target {row['target']:g} {'met' if row['met'] else 'MISSED'}"
    value = f"{row['value']:>14.4g} {row['unit']:<8}"
    return f"{row['name']:<44} {value} {ratio:<22} {target:<22} {row['peak_memory_mb']} MB"


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Time against target, and memory, a bar a row: how the engine stands and grows, at one glance."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import, wanted once

    mpl.use("svg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    timed = [row for row in rows if row["unit"] == "s"]
    if not timed:
        return
    figure, (times, memory) = plt.subplots(1, 2, figsize=(13, 1.2 + 0.32 * len(timed)), sharey=True)
    names = [row["name"].removesuffix(".seconds") for row in timed]
    colours = ["#b3261e" if row["met"] is False else "#2e7d32" if row["met"] else "#607d8b" for row in timed]
    times.barh(names, [max(row["value"], 1e-4) for row in timed], color=colours)
    for index, row in enumerate(timed):
        if row["target"]:
            times.plot([row["target"]] * 2, [index - 0.4, index + 0.4], color="black", linewidth=1.5)
    times.set_xscale("log")
    times.set_xlabel("seconds (black line: target)")
    times.invert_yaxis()
    memory.barh(names, [row["peak_memory_mb"] for row in timed], color="#607d8b")
    memory.set_xlabel("peak memory so far, MB")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(main())
