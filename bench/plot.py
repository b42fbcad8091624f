"""The rows as one picture: seconds against target and memory, a bar a row; below, how both grow with size."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.rows import Row
from bench.solves import MEMORY_TARGET_MB

MET, MISSED, PLAIN, INK = "#2e7d32", "#b3261e", "#607d8b", "#263238"
LINES = ("#1565c0", "#c77800")
BAR_INCHES, GROWTH_INCHES, WIDTH_INCHES, DOTS_AN_INCH = 0.27, 5.2, 15.0, 110
MOST_JOINED = 6
"""A curve of more points is a cloud: its points are different things, not one thing grown."""
POWERS = {"volunteers": 1, "workers": -1, "people": 1, "posts": 1}
"""Where seconds in proportion (or in inverse proportion) to the size are drawn as a dotted line."""
FACTS = (("value", "seconds"), ("peak_memory_mb", "peak MB"))
LEGEND = "seconds.  green / red: all targets met / not    line: target    ring: ceiling    cross: CPU seconds"


def draw(rows: list[Row], paths: Iterable[Path]) -> None:
    """Nothing where there is nothing to draw."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import, wanted once

    mpl.use("agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    bars = [row for row in rows if row["unit"] == "s" and row["target_kind"] == "at_most" and "peak_memory_mb" in row]
    panels = by_axis([row for row in rows if "curve" in row])
    heights = [0.9 + BAR_INCHES * len(bars)] * bool(bars) + [GROWTH_INCHES] * bool(panels)
    if not heights:
        return
    figure = plt.figure(figsize=(WIDTH_INCHES, sum(heights)), layout="constrained")
    parts = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    if bars:
        draw_bars(parts[0].subplots(1, 2, sharey=True), bars)
    if panels:
        places = parts[-1].subplots(len(FACTS), len(panels), squeeze=False)
        for column, (axis, points) in enumerate(panels.items()):
            for place, (fact, label) in zip(places[:, column], FACTS, strict=True):
                draw_growth(place, axis, points, fact)
                if not column:
                    place.set_ylabel(label)
    for path in paths:
        figure.savefig(path, dpi=DOTS_AN_INCH)
    plt.close(figure)


def by_axis(rows: list[Row]) -> dict[str, list[Row]]:
    """A curve is named 'what: axis'; curves over the same axis share a panel."""
    panels: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["curve"], row["size"])):
        panels.setdefault(row["curve"].rpartition(": ")[2], []).append(row)
    return panels


def draw_bars(places: Any, rows: list[Row]) -> None:
    times, memory = places
    names = [row["name"] for row in rows]
    colours = [MET if row["met"] else MISSED for row in rows]
    times.barh(names, [max(row["value"], 1e-3) for row in rows], color=colours, height=0.7)
    for index, row in enumerate(rows):
        times.plot([row["target"]] * 2, [index - 0.42, index + 0.42], color="black", linewidth=2)
        if row["ceiling"]:
            times.plot(row["ceiling"], index, "o", markerfacecolor="white", markeredgecolor=INK, markersize=5)
        times.plot(row["cpu_seconds"], index, "x", color="white", markersize=6, markeredgewidth=2.4)
        times.plot(row["cpu_seconds"], index, "x", color=INK, markersize=5, markeredgewidth=1)
    times.set_xscale("log")
    times.set_xlabel(LEGEND)
    times.margins(y=0.01)
    times.invert_yaxis()
    memory.barh(names, [row["peak_memory_mb"] for row in rows], color=PLAIN, height=0.7)
    memory.axvline(MEMORY_TARGET_MB, color="black", linewidth=2)
    memory.set_xlabel("most memory of one process, MB.  line: target")
    for place in places:
        place.grid(axis="x", color="#dddddd", linewidth=0.6)
        place.set_axisbelow(True)


def draw_growth(place: Any, axis: str, rows: list[Row], fact: str) -> None:
    """Both scales logarithmic; a hollow point was stopped by its time limit, with a gap."""
    curves: dict[str, list[Row]] = {}
    for row in rows:
        curves.setdefault(row["curve"].rpartition(": ")[0], []).append(row)
    for colour, (curve, points) in zip(LINES, curves.items(), strict=False):
        x, y = [row["size"] for row in points], [max(row[fact], 1e-3) for row in points]
        if len(x) <= MOST_JOINED:
            place.plot(x, y, color=colour, linewidth=1.2)
        filled = [colour if not row.get("gap") else "white" for row in points]
        place.scatter(x, y, s=22, c=filled, edgecolors=colour, zorder=3, label=curve)
        if fact == "value" and axis in POWERS:
            place.plot(x, [y[0] * (size / x[0]) ** POWERS[axis] for size in x], ":", color="#9e9e9e", linewidth=1)
    place.set_xlabel(axis)
    scale(place, [row["size"] for row in rows], [max(row[fact], 1e-3) for row in rows])
    place.grid(color="#eeeeee", linewidth=0.6)
    if len(curves) > 1:
        place.legend(fontsize=7)
    else:
        place.set_title(next(iter(curves)), fontsize=9)


def scale(place: Any, x: list[float], y: list[float]) -> None:
    """Logarithmic, with few plain numbers: decades, or 1-2-5 where there are not two of them."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator  # noqa: PLC0415 - as above

    place.set_xscale("log")
    place.set_yscale("log")
    for axis, values in ((place.xaxis, x), (place.yaxis, y)):
        steps = (1.0,) if max(values) / max(min(values), 1e-9) > 50 else (1.0, 2.0, 5.0)
        axis.set_major_locator(LogLocator(subs=steps, numticks=12))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    if len(set(x)) == 2 or max(x) < 10:
        place.set_xticks(sorted(set(x)))
    place.set_ylim(min(y) / 1.6, max(y) * 2.5)  # room for a legend
