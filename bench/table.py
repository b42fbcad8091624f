"""Rows as lines of a terminal, as a Markdown table, and that table put into docs/benchmarks.md."""

import json
import os
import shutil
import sys
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from matching_worker.model.certificate import solver_versions

from bench.cases import REQUIRED
from bench.rows import Row

DOCS = Path(__file__).parents[1] / "docs"
BEGIN, END = "<!-- results: written by make bench-docs -->", "<!-- end of results -->"
PICTURE = "![Seconds against targets, memory, and how both grow](images/benchmarks.png)"
COLUMNS = "| what | value | ceiling | ratio | target | met | CPU s | peak MB |"
ALIGNED = "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |"
SIGNS = {"at_most": "≤ {:g}", "at_least": "≥ {:g}", "ratio_at_most": "ratio ≤ {:g}"}


def format_line(row: Row) -> str:
    name, value, ceiling, ratio, target, met, cpu, memory = list_cells(row)
    against = f"{ratio} of {ceiling}" if ratio else ""
    spent = f"{cpu and cpu + ' CPU s'} {memory and memory + ' MB'}"
    return f"{name:<52} {value:>16} {against:<24} {target:<14} {met:<7} {spent}".rstrip()


def make_table(rows: list[Row], heading: str) -> str:
    """The cases of the targets first, then every detail, then the points of each curve."""
    parts = {"target": [], "detail": [], "growth": []}  # type: dict[str, list[Row]]
    for row in rows:
        parts["growth" if "curve" in row else "target" if row["name"] in REQUIRED else "detail"].append(row)
    text = [heading, ""]
    for part, title in (("target", "The targets"), ("detail", "The details")):
        if parts[part]:
            text += [f"### {title}", "", COLUMNS, ALIGNED]
            text += ["| " + " | ".join(list_cells(row)) + " |" for row in parts[part]] + [""]
    if parts["growth"]:
        text += ["### How it grows", ""]
    for curve, points in groupby(sorted(parts["growth"], key=lambda row: (row["curve"], row["size"])), by_curve):
        text += [f"| {curve} | seconds | CPU s | peak MB | gap |", "| ---: | ---: | ---: | ---: | ---: |"]
        text += ["| " + " | ".join(growth_cells(row)) + " |" for row in points] + [""]
    return "\n".join(text)


def list_cells(row: Row) -> list[str]:
    target = "" if row["target"] is None else SIGNS[row["target_kind"]].format(row["target"])
    missed = ", ".join(row.get("missed_by", ()))
    met = "" if row["met"] is None else "met" if row["met"] else "MISSED" + (missed and f": {missed}")
    value = f"{number(row['value'])} {row['unit']}".strip()
    facts = (row["ceiling"], row["ratio"])
    took = (row.get("cpu_seconds"), row.get("peak_memory_mb"))
    return [row["name"], value, *map(number, facts), target, met, *map(number, took)]


def growth_cells(row: Row) -> list[str]:
    gap = row.get("gap")
    size = f"{row['communes']} x {row['schools']}" if "schools" in row else f"{row['size']:,}"
    return [
        size,
        *(number(row.get(fact)) for fact in ("value", "cpu_seconds", "peak_memory_mb")),
        "" if gap is None else "0" if gap == 0 else f"{gap:.3%}",
    ]


def number(value: float | None) -> str:
    """Four digits that count; thousands stay whole."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 or isinstance(value, int) else f"{value:.4g}"


def by_curve(row: Row) -> str:
    return str(row["curve"])


def describe_machine(seconds: float) -> str:
    versions = solver_versions()
    cpus = [line.split(":")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    model = cpus[0].strip() if cpus else "unknown processor"
    solvers = ", ".join(f"{name} {versions[name]}" for name in ("python", "highspy", "scipy"))
    today = datetime.now(UTC).date().isoformat()
    return (
        f"{today}: {len(os.sched_getaffinity(0))} cores ({model}), {solvers}. Measured in {seconds / 60:.0f} minutes."
    )


def write_docs(output: Path) -> int:
    """Table and plot of the last run into docs/; refused when the run did not measure every target."""
    rows = json.loads((output / "results.json").read_text(encoding="utf-8"))
    missing = sorted(set(REQUIRED) - {row["name"] for row in rows})
    if missing:
        print(f"the last run did not measure {', '.join(missing)}: run `make bench` first", file=sys.stderr)
        return 1
    page = DOCS / "benchmarks.md"
    text = page.read_text(encoding="utf-8")
    table = (output / "results.md").read_text(encoding="utf-8")
    page.write_text(replace_between(text, f"{PICTURE}\n\n{table}"), encoding="utf-8")
    shutil.copy(output / "results.png", DOCS / "images" / "benchmarks.png")
    print(f"written: {page}, {DOCS / 'images' / 'benchmarks.png'}")
    return 0


def replace_between(text: str, table: str) -> str:
    """The page with what stands between its two marks replaced."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table.strip()}\n\n{END}{after}"
