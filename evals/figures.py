"""The figures of a run: gates and scores of each version, and the difference of two versions."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evals.batch_checks import BatchCheck, batch_checks
from evals.bench import Judged, Row
from evals.scorers import GATES, SCORERS
from evals.statistics import (
    EvalVerdict,
    GatePair,
    PairedEffect,
    holm,
    mcnemar_p,
    paired_effect,
    upper_bound,
    verdict_of,
)
from oo.prompts.slider import read_slider

LEAST_RATES: Mapping[str, float] = {
    **dict.fromkeys(GATES, 1.0),
    "Q2": 0.98,
    "Q5": 0.95,
    "Q6": 0.97,
    "Q7": 0.90,
    "Q8": 0.95,
    "Q11": 0.99,
    "Q12": 0.97,
    "Q13": 0.98,
    "Q14": 0.95,
}
"""The share of cases that has to pass each scorer."""

_DIGITS = 6


class CaseSet(NamedTuple):
    """A file of cases, by its name and the sha256 of its bytes."""

    name: str
    sha256: str


class Run(NamedTuple):
    """Versions on one set; `adversarial` are the rows of further sets that count only for the absolute gates."""

    sets: Sequence[CaseSet]
    model: str
    versions: Sequence[str]
    rows: Sequence[Row]
    adversarial: Sequence[Row] = ()

    @property
    def set_name(self) -> str:
        """The name of the set for the scores."""
        return self.sets[0].name

    def rows_of(self, gate: str) -> Sequence[Row]:
        """The rows that count for a gate."""
        return (*self.rows, *self.adversarial) if gate in GATES else self.rows


class Comparison(NamedTuple):
    """Version `b` compared with version `a`, by their indices in the run."""

    a: int
    b: int
    effect: PairedEffect
    gates: Mapping[str, GatePair]

    @property
    def verdict(self) -> EvalVerdict:
        """The verdict on B."""
        return verdict_of(self.effect, self.gates.values())

    @property
    def broken(self) -> list[str]:
        """The gates that B breaks."""
        return [name for name, gate in self.gates.items() if gate.is_broken]


class Cell(NamedTuple):
    """The rows of one persona in one band of the slider: mean of the last version, and its difference to the first."""

    persona: str
    band: str
    n: int
    gates_failed: int
    mean: PairedEffect
    difference: PairedEffect | None

    @property
    def badness(self) -> tuple[float, float]:
        """The sort key of cells, worst first."""
        worst = self.difference or self.mean
        return (-self.gates_failed / self.n, worst.difference)


def compared(run: Run, a: int = 0, b: int = 1) -> Comparison:
    """The comparison of two versions of a run."""
    differences = defaultdict[str, list[float]](list)
    for row in run.rows:
        difference = difference_of(row, a, b)
        if difference is not None:
            differences[row.case.user].append(difference)
    return Comparison(a, b, paired_effect(differences), {name: _gate(run, name, a, b) for name in SCORERS})


def difference_of(row: Row, a: int, b: int) -> float | None:
    """B's score minus A's; 0 if equal prompts were not sent, None if one of the two fails an absolute gate."""
    if row.answers is None:
        return 0.0
    one, other = row.answers[a], row.answers[b]
    return other.score - one.score if one.passes_gates and other.passes_gates else None


def _gate(run: Run, name: str, a: int, b: int) -> GatePair:
    failed = [(_fails(row.answers[a], name), _fails(row.answers[b], name)) for row in run.rows_of(name) if row.answers]
    return GatePair(
        a=sum(one for one, _ in failed),
        b=sum(other for _, other in failed),
        p=mcnemar_p(sum(one and not other for one, other in failed), sum(other and not one for one, other in failed)),
        n=sum(judged.verdicts[name].passed is not None for judged in _answers(run.rows_of(name), b)),
        least=LEAST_RATES[name],
    )


def _fails(judged: Judged, name: str) -> bool:
    return judged.verdicts[name].passed is False


def _answers(rows: Sequence[Row], place: int) -> Iterator[Judged]:
    return (row.answers[place] for row in rows if row.answers)


def mean_score(rows: Sequence[Row], place: int, scorer: str | None = None) -> PairedEffect:
    """The mean in points with its interval by user: of a scorer, or of the score if the absolute gates pass."""
    points = defaultdict[str, list[float]](list)
    for row in rows:
        judged = row.answers[place] if row.answers else None
        if judged and scorer and judged.verdicts[scorer].passed is not None:
            points[row.case.user].append(100 * judged.verdicts[scorer].value)
        elif judged and not scorer and judged.passes_gates:
            points[row.case.user].append(judged.score)
    return paired_effect(points, flips=0)


def cells(run: Run) -> list[Cell]:
    """The cells of persona and band, worst first."""
    grouped = defaultdict[tuple[str, str], list[Row]](list)
    for row in run.rows:
        grouped[row.case.persona, read_slider(row.case.request.get("science_destiny")).band.name].append(row)
    last = len(run.versions) - 1
    found = [
        Cell(
            persona,
            band,
            len(rows),
            sum(not judged.passes_gates for judged in _answers(rows, last)),
            mean_score(rows, last),
            compared(run._replace(rows=rows, adversarial=()), 0, last).effect if last else None,
        )
        for (persona, band), rows in grouped.items()
    ]
    return sorted(found, key=lambda cell: (*cell.badness, cell.persona, cell.band))


def figures(run: Run) -> dict[str, Any]:
    """The report as JSON: it depends neither on the time nor on the cache."""
    told: dict[str, Any] = {
        "sets": {
            each.name: _set(each, rows) for each, rows in zip(run.sets, (run.rows, run.adversarial), strict=False)
        },
        "model": run.model,
        "versions": {name: _version(run, place) for place, name in enumerate(run.versions)},
    }
    others = [compared(run, 0, place) for place in range(1, len(run.versions))]
    if len(others) == 1:
        told["comparison"] = _compared(run, others[0])
    elif others:
        adjusted = holm([each.effect.p for each in others])
        told["comparisons"] = [
            {**_compared(run, each), "p": rounded(p), "verdict": verdict_after_holm(each, p)}
            for each, p in zip(others, adjusted, strict=True)
        ]
    return told


def verdict_after_holm(comparison: Comparison, p: float) -> EvalVerdict:
    """The verdict with a p adjusted for the number of versions."""
    return comparison._replace(effect=comparison.effect._replace(p=p)).verdict


def _set(of: CaseSet, rows: Sequence[Row]) -> dict[str, Any]:
    cases = {row.case.id: row.case for row in rows}.values()
    return {"cases": len(cases), "users": len({case.user for case in cases}), "sha256": of.sha256}


def _version(run: Run, place: int) -> dict[str, Any]:
    return {
        "cases": len({row.case.id for row in run.rows}),
        "gates": {name: _gate_figures(run, name, place) for name in SCORERS},
        "scores": {name: _score_figures(run, name, place) for name in SCORERS},
        "mean": rounded(mean_score(run.rows, place).difference),
        "batch_checks": {
            check.name.replace(" ", "_"): _batch_figures(check) for check in batch_checks(run.rows, place)
        },
    }


def _batch_figures(check: BatchCheck) -> dict[str, Any]:
    return {"value": rounded(check.value), check.side.replace(" ", "_"): check.limit, "passed": check.passed}


def _gate_figures(run: Run, name: str, place: int) -> dict[str, Any]:
    passed = [each.verdicts[name].passed for each in _answers(run.rows_of(name), place)]
    n, failed = len(passed) - passed.count(None), passed.count(False)
    return {"n": n, "failed": failed, "upper_95": rounded(upper_bound(failed, n))}


def _score_figures(run: Run, name: str, place: int) -> dict[str, Any]:
    found = [each.verdicts[name] for each in _answers(run.rows, place)]
    applied = [each for each in found if each.passed is not None]
    mean = math.fsum(each.value for each in applied) / len(applied) if applied else None
    return {"n": len(applied), "passed": sum(each.passed is True for each in applied), "mean": rounded(mean)}


def _compared(run: Run, comparison: Comparison) -> dict[str, Any]:
    effect = comparison.effect
    return {
        "a": run.versions[comparison.a],
        "b": run.versions[comparison.b],
        "verdict": comparison.verdict,
        "difference": rounded(effect.difference),
        "interval": [rounded(bound) for bound in effect.interval],
        "p": rounded(effect.p),
        "users": effect.users,
        "pairs": effect.pairs,
        "users_needed": effect.users_needed,
        "sd_pair": rounded(effect.sd_pair),
        "sd_user": rounded(effect.sd_user),
        "gates": {name: {"a": gate.a, "b": gate.b, "p": rounded(gate.p)} for name, gate in comparison.gates.items()},
    }


def rounded(value: float | None) -> float | None:
    """The value for JSON, which has no infinity: an interval without an end has none."""
    return round(value, _DIGITS) if value is not None and math.isfinite(value) else None
