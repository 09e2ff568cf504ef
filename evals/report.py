"""The files that a run writes: report.json, report.html and pictures as SVG."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks._bar_chart import Bar, chart
from evals.bench import SCORED
from evals.figures import Run, figures, mean_score
from evals.report_page import page
from evals.statistics import PairedEffect
from evals.unusable_input import UnusableInput


def write_report(run: Run, folder: Path) -> None:
    """Write the files; the same answers give the same bytes. Raises UnusableInput for a folder that takes none."""
    charts = dict(_charts(run))
    told = json.dumps(figures(run), indent=2, ensure_ascii=False)
    pictures = {f"{name}.svg": picture for name, picture in charts.items()}
    write_files(folder, {"report.json": f"{told}\n", "report.html": page(run, list(charts.values())), **pictures})


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts by file name into a folder, made where it is missing; raises UnusableInput."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnusableInput(f"The report cannot be written to {folder}: {error.strerror}.") from None


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
