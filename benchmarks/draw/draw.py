"""A program for the benchmark's own Python: draws the figures of docs/bench.json into a folder.

Its arguments are the file and the folder. Pictures fit a column of 830 pixels.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

mpl.use("svg")
# Fixed ids and no date: the same figures make the same file.
plt.rcParams.update(
    {"font.family": "DejaVu Sans", "font.size": 13, "svg.fonttype": "none", "svg.hashsalt": "oO", "figure.dpi": 72}
)
_WIDTH_IN = 830 / 72
_BLUE = "#1f6fb2"
_COLOURS = ("#c0392b", "#1f6fb2", "#2e8b57", "#8e5ea2")
_DASHES = ("solid", (0, (7, 3)), (0, (2, 3)), (0, (9, 3, 2, 3)))


def draw_bars(bars: dict[str, Any]) -> None:
    """Bars from the left, one below the other, each with its figure and its note."""
    figure, axes = plt.subplots(figsize=(_WIDTH_IN, 1.3 + 0.42 * len(bars["rows"])), layout="constrained")
    labels = [label for label, _, _ in bars["rows"]]
    drawn = axes.barh(labels, [value for _, value, _ in bars["rows"]], color=_BLUE, height=0.6)
    figures = [f"{value:.{bars['decimals']}f}" + (f" ({note})" if note else "") for _, value, note in bars["rows"]]
    axes.bar_label(drawn, figures, padding=6)
    axes.invert_yaxis()
    axes.margins(x=0.22)
    axes.set(title=bars["title"], xlabel=bars["unit"])
    axes.spines[["top", "right"]].set_visible(False)
    figure.align_labels()


def draw_lines(lines: dict[str, Any]) -> None:
    """Panels below each other over one axis; lines differ by dashes as well, for reading without colours."""
    panels = lines["panels"]
    _, all_axes = plt.subplots(
        len(panels), figsize=(_WIDTH_IN, 1.4 + 2.8 * len(panels)), sharex=True, layout="constrained"
    )
    for axes, panel in zip(all_axes, panels, strict=True):
        for number, (name, values) in enumerate(panel["series"].items()):
            axes.plot(lines["places"], values, label=name, color=_COLOURS[number], linestyle=_DASHES[number])
        axes.set(ylabel=panel["unit"], ylim=(0, None))
        axes.grid(axis="y", color="#dddddd")
        axes.spines[["top", "right"]].set_visible(False)
    all_axes[0].set_title(lines["title"])
    all_axes[0].legend(loc="upper center", ncols=2, frameon=False, bbox_to_anchor=(0.5, 1.5))
    all_axes[-1].set(xlabel=lines["unit"], xticks=range(0, 25, 3))


def main(results: Path, folder: Path) -> None:
    """Draw each measurement that has a chart."""
    for figures in json.loads(results.read_text(encoding="utf-8")).values():
        if "chart" not in figures:
            continue
        chart = figures["chart"]
        (draw_bars if "rows" in chart else draw_lines)(chart)
        plt.savefig(folder / chart["file"], metadata={"Date": None})
        plt.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
