"""What a run leaves behind: report.json, report.html and pictures as SVG."""

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks._bar_chart import Bar, chart
from evals.bench import SCORED
from evals.figures import Run, figures, mean_score
from evals.report_page import page
from evals.statistics import PairedEffect


def write_report(run: Run, folder: Path) -> None:
    """Write the files; the same answers give the same bytes."""
    charts = dict(_charts(run))
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(figures(run), indent=2, ensure_ascii=False)
    (folder / "report.json").write_text(f"{told}\n", encoding="utf-8")
    (folder / "report.html").write_text(page(run, list(charts.values())), encoding="utf-8")
    for name, picture in charts.items():
        (folder / f"{name}.svg").write_text(picture, encoding="utf-8")


def _charts(run: Run) -> Iterator[tuple[str, str]]:
    means = [(name, mean_score(run.rows, place)) for place, name in enumerate(run.versions)]
    if any(mean.difference for _, mean in means):
        yield "means", chart("Mean of the scorers, of 100", [_bar(Path(name).name, mean) for name, mean in means])
    by_scorer = [
        (f"{scorer} {Path(name).name}", mean_score(run.rows, place, scorer))
        for scorer in SCORED
        for place, name in enumerate(run.versions)
    ]
    if any(mean.difference for _, mean in by_scorer):
        yield "scorers", chart("Each scorer, of 100", [_bar(name, mean) for name, mean in by_scorer])


def _bar(label: str, mean: PairedEffect) -> Bar:
    return Bar(label, mean.difference, f"{mean.interval[0]:.1f} to {mean.interval[1]:.1f}")
