"""The report as one page of HTML: no remote source, no script."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from evals.batch_checks import batch_checks
from evals.bench import SCORED, Judged, Row
from evals.figures import LEAST_RATES, Comparison, Run, cells, compared, difference_of, mean_score, verdict_after_holm
from evals.scorers import GATES, SCORERS
from evals.statistics import ERROR_RATE, PairedEffect, holm, upper_bound

DECIDE = "chosen on core: decide by `make compare`"
_MOST_CASES = 20
_PAIR = 2
_SMALLEST_TOLD_P = 0.0001
_NUMBER = re.compile(r"[-+<]?\d")
_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #bbb; --panel: #f5f5f5; --failed: #fbe3e0 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #16181b; --line: #5c6168; --panel: #22262b; --failed: #4a2020 } }
body { font: 16px/1.5 sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere;
  color: var(--ink); background: var(--paper) }
.wide { overflow-x: auto; overflow-wrap: normal; margin: 1rem 0 } .wide svg { min-width: 44rem; max-width: 54rem }
table { border-collapse: collapse } caption { text-align: left; font-weight: bold } td { white-space: nowrap }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top }
td.number { text-align: right } .failed { background: var(--failed) } .verdict { font-size: 1.6rem; font-weight: bold }
pre { white-space: pre-wrap; background: var(--panel); padding: .6rem }
.tips { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem }
.tips section { min-width: 0; padding: 0 .6rem .6rem }
"""


class _Loss(NamedTuple):
    points: float
    row: Row


def page(run: Run, charts: Sequence[str]) -> str:
    """The whole page."""
    users = len({row.case.user for row in run.rows})
    parts = [
        f"<p>Model: {escape(run.model)}. {len(run.rows):,} answers of each version, {users:,} users.</p>",
        *_verdicts(run),
        *_gates(run),
        *_rates(run),
        *_cells(run),
        *_scorers(run),
        *map(inline, charts),
        *_batch_checks(run),
        *_losses(run),
    ]
    return document(f"{' and '.join(run.versions)} on {run.set_name}", parts)


def document(title: str, parts: Iterable[str]) -> str:
    """An HTML page with these parts under a title of plain text."""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        *parts,
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def inline(chart: str) -> str:
    """A picture as a part of a page, without the XML namespace, which HTML does not need."""
    return _wide("Chart", chart.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def _wide(name: str, part: str) -> str:
    """A part that scrolls on its own in a narrow window, also with the keyboard."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)}">{part}</div>'


def told_effect(effect: PairedEffect) -> str:
    """The estimate with its interval and error rate, its spreads, and the number of users needed to show it."""
    low, high = effect.interval
    needed = f"{effect.users_needed:,} users" if effect.users_needed else "more than a million users"
    return (
        f"{effect.difference:+z.2f} points (95 % interval {low:+z.2f} to {high:+z.2f}, p = {effect.p:.4f}, "
        f"{effect.pairs:,} pairs of {effect.users:,} users). Standard deviation: {effect.sd_pair:.1f} of a pair, "
        f"{effect.sd_user:.1f} of a user's mean; such a difference is shown by {needed} in 80 % of comparisons."
    )


def _verdicts(run: Run) -> Iterator[str]:
    yield "<h2>Verdict</h2>"
    others = [compared(run, 0, place) for place in range(1, len(run.versions))]
    if not others:
        mean = mean_score(run.rows, 0)
        yield f"<p>Mean {mean.difference:.1f} of 100 ({_interval(mean)}). One version has no verdict.</p>"
        return
    adjusted = holm([each.effect.p for each in others])
    for each, p in zip(others, adjusted, strict=True):
        yield from _verdict(run, each, p)
    yield (
        f"<p>Error rate: a version that is as good as the first is called better in {ERROR_RATE / 2:.1%} of "
        "comparisons, and worse in as many (sign flips by user; adjusted after Holm where there are several).</p>"
    )
    if len(others) > 1:
        yield f"<p><strong>{DECIDE}</strong></p>"


def _verdict(run: Run, comparison: Comparison, p: float) -> Iterator[str]:
    effect = comparison.effect._replace(p=p)
    yield f'<p class="verdict">{verdict_after_holm(comparison, p)}</p>'
    names = escape(run.versions[comparison.b]), escape(run.versions[comparison.a])
    yield f"<p>{names[0]} against {names[1]}: {told_effect(effect)}</p>"
    if comparison.broken:
        yield f"<p>Broken gates: {', '.join(comparison.broken)}.</p>"


def _interval(effect: PairedEffect) -> str:
    """The interval of a mean, limited to the scale."""
    low, high = bounded(effect.interval)
    return f"{low:.1f} to {high:.1f}"


def bounded(interval: tuple[float, float]) -> tuple[float, float]:
    """The part of an interval on the scale of 0 to 100."""
    low, high = interval
    return max(low, 0.0), min(high, 100.0)


def _gates(run: Run) -> Iterator[str]:
    head = [f"{name}: failed, and at most (95 %)" for name in run.versions]
    rows = []
    for gate in GATES:
        told = []
        for place in range(len(run.versions)):
            passed = [row.answers[place].verdicts[gate].passed for row in run.rows_of(gate) if row.answers]
            n, failed = len(passed) - passed.count(None), passed.count(False)
            told.append(f"{failed} of {n:,}, {upper_bound(failed, n):.2%}")
        rows.append([_named(gate), *told])
    yield "<h2>Gates</h2>"
    yield "<p>No failure is allowed, in the set and among the adversarial cases.</p>"
    yield from table("Gates that allow no failure", ["gate", *head], rows)


def _rates(run: Run) -> Iterator[str]:
    """The scorers that are gates by their rate, with the comparison if there are two versions."""
    pair = compared(run).gates if len(run.versions) == _PAIR else {}
    rows = []
    for name in SCORED:
        told = []
        for place in range(len(run.versions)):
            passed = [row.answers[place].verdicts[name].passed for row in run.rows if row.answers]
            told.append(f"{passed.count(False)} of {len(passed) - passed.count(None):,}")
        compared_pair = [told_p(pair[name].p), "broken" if pair[name].is_broken else "holds"] if pair else []
        rows.append([_named(name), f"{1 - LEAST_RATES[name]:.0%}", *told, *compared_pair])
    head = ["scorer", "may fail", *(f"{name}: failed" for name in run.versions), *(("p", "gate") if pair else ())]
    yield (
        "<p>A gate that allows some failures is broken where the second version fails more often than that, and more "
        "often than the first (McNemar, p &lt; .05).</p>"
    )
    yield from table("Gates that allow some failures", head, rows)


def told_p(p: float) -> str:
    """A p value with four digits."""
    return f"{p:.4f}" if p >= _SMALLEST_TOLD_P else f"<{_SMALLEST_TOLD_P}"


def _cells(run: Run) -> Iterator[str]:
    rows = [
        [
            cell.persona,
            cell.band,
            f"{cell.n}",
            f"{cell.gates_failed}",
            f"{cell.mean.difference:.1f} ({_interval(cell.mean)})",
            _told_difference(cell.difference) if cell.difference else "",
        ]
        for cell in cells(run)
    ]
    yield f"<h2>Persona and band of the slider, the worst first, of {escape(run.versions[-1])}</h2>"
    head = ["persona", "band", "answers", "gates failed", "mean (95 %)", "difference (95 %)"]
    yield from table("Cells", head, rows)


def _told_difference(effect: PairedEffect) -> str:
    low, high = effect.interval
    return f"{effect.difference:+z.1f} ({low:+z.1f} to {high:+z.1f})"


def _scorers(run: Run) -> Iterator[str]:
    rows = []
    for name in SCORERS:
        told = []
        for place in range(len(run.versions)):
            mean = mean_score(run.rows, place, name)
            told.append(f"{mean.difference:.1f} ({_interval(mean)}), {mean.pairs:,}" if mean.pairs else "none")
        rows.append([_named(name), *told])
    yield "<h2>Scorers</h2>"
    head = [f"{name}: points (95 %), answers" for name in run.versions]
    yield from table(f"Each scorer; the baseline is {run.versions[0]}", ["scorer", *head], rows)


def _batch_checks(run: Run) -> Iterator[str]:
    checks = [batch_checks(run.rows, place) for place in range(len(run.versions))]
    rows = [[of_versions[0].name, *(check.told for check in of_versions)] for of_versions in zip(*checks, strict=True)]
    yield "<h2>Batch checks</h2>"
    yield (
        "<p>Over all tips of a version: how figures and images follow the slider (rank correlation), and the share of "
        "distinct pairs of words. They decide no gate.</p>"
    )
    yield from table("Batch checks", ["check", *run.versions], rows)


def _named(scorer: str) -> str:
    return f"{scorer} {SCORERS[scorer].__name__}"


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table of plain text; the first cell of each row names it."""
    lines = [f"<table><caption>{escape(caption)}</caption>"]
    lines.append("<tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head) + "</tr>")
    for first, *others in rows:
        cells = "".join(f"<td{' class=number' if _NUMBER.match(cell) else ''}>{escape(cell)}</td>" for cell in others)
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>')
    yield _wide(caption, "\n".join([*lines, "</table>"]))


def _losses(run: Run) -> Iterator[str]:
    """The cases in which the last version fails a gate, then those in which it loses most."""
    last = len(run.versions) - 1
    losses = [_Loss(_loss(row, last), row) for row in (*run.rows, *run.adversarial) if row.answers]
    worst = sorted((each for each in losses if each.points < 0), key=lambda each: (each.points, each.row.case.id))
    yield f"<h2>Cases with the largest loss ({min(len(worst), _MOST_CASES)} of {len(worst):,})</h2>"
    for points, row in worst[:_MOST_CASES]:
        told = "fails a gate" if points < -100 else f"{points:+.1f} points"
        yield f"<h3>{escape(row.case.id)}: {told}</h3>"
        yield f"<p>{escape(row.case.persona)}</p>"
        yield '<div class="tips">'
        for name, judged in zip(run.versions, row.answers or (), strict=True):
            yield from _tip(name, judged)
        yield "</div>"


def _loss(row: Row, last: int) -> float:
    """Points; below -100 if the last version fails a gate."""
    judged = (row.answers or ())[last]
    if not judged.passes_gates:
        return -101.0
    return judged.score - 100 if last == 0 else difference_of(row, 0, last) or 0.0


def _tip(name: str, judged: Judged) -> Iterator[str]:
    failed = [(scorer, each.why) for scorer, each in judged.verdicts.items() if each.passed is False]
    tip = judged.tip
    yield f"<section{' class=failed' if failed else ''}><h4>{escape(name)}: {judged.score:.1f}</h4>"
    yield f"<p>{escape(tip.content)}</p><p><em>{escape(tip.rationale or '')}</em></p>" if tip else "<p>No tip.</p>"
    reasons = "".join(f"<li>{escape(f'{_named(scorer)}: {why}')}</li>" for scorer, why in failed)
    yield f"<details><summary>Reasons ({len(failed)})</summary><ul>{reasons}</ul></details>"
    prompt = "\n\n".join(f"{message['role']}\n{message['content']}" for message in judged.messages)
    yield f"<details><summary>Prompt</summary><pre>{escape(prompt)}</pre></details>"
    if judged.reply is not None:
        yield f"<details><summary>Reply</summary><pre>{escape(judged.reply)}</pre></details>"
    yield "</section>"
