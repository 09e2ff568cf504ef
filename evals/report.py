"""The files of a run: report.json, report.html and pictures as SVG."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from evals.bench import SCORED
from evals.figures import Run, figures, mean_score
from evals.interval_chart import Estimate, interval_chart
from evals.report_page import bounded, page
from evals.statistics import PairedEffect
from evals.unusable_input import UnusableInput


def write_report(run: Run, folder: Path) -> None:
    """Write the files; the same answers give the same bytes. Raises UnusableInput if the folder is not writable."""
    charts = dict(_charts(run))
    told = json.dumps(figures(run), indent=2, ensure_ascii=False)
    pictures = {f"{name}.svg": picture for name, picture in charts.items()}
    write_files(folder, {"report.json": f"{told}\n", "report.html": page(run, list(charts.values())), **pictures})


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts by file name into a folder, which is created if missing. Raises UnusableInput."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnusableInput(f"The report cannot be written to {folder}: {error.strerror}.") from None


def _charts(run: Run) -> Iterator[tuple[str, str]]:
    means = [_estimate(Path(name).name, mean_score(run.rows, place), place) for place, name in enumerate(run.versions)]
    if drawn := [*filter(None, means)]:
        yield "means", interval_chart("Mean of the scorers, of 100, with 95 % intervals", drawn, reference=100)
    by_scorer = [
        _estimate(f"{scorer} {Path(name).name}", mean_score(run.rows, place, scorer), place)
        for scorer in SCORED
        for place, name in enumerate(run.versions)
    ]
    if drawn := [*filter(None, by_scorer)]:
        yield "scorers", interval_chart("Each scorer, of 100, with 95 % intervals", drawn, reference=100)


def _estimate(label: str, mean: PairedEffect, place: int) -> Estimate | None:
    """A row of a chart; None if no answer counts."""
    if not mean.pairs:
        return None
    low, high = bounded(mean.interval)
    return Estimate(label, mean.difference, (low, high), f"{mean.difference:.1f} ({low:.1f} to {high:.1f})", place)
