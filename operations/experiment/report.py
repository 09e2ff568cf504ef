"""The report on an experiment: its text, and the verdict at the end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from operations.experiment.arm_statistics import (
    BROKEN_BELOW,
    ERROR_RATE,
    FEWEST_USERS,
    ArmComparison,
    compare,
    more_users_needed,
    ratio_p,
)
from operations.experiment.arms import ArmFigures, Arms, natural

Verdict = Literal["better", "worse", "not shown", "broken"]

_LABEL = 24
_COLUMN = 18
_MOST_SHARES = 1 + 1e-9
_BROKEN = "The numbers of users are not due to chance: do not use the other figures, and find the cause."


@dataclass(frozen=True)
class Report:
    """The lines to print. Without a verdict, `missing` names the data that a verdict needs."""

    lines: Sequence[str]
    verdict: Verdict | None
    missing: str = ""


def report(arms: Arms, control: ArmFigures, experiment: str) -> Report:
    """Compare each of k arms with the control, each at an error rate of ERROR_RATE / k."""
    others = [arm for arm in arms.arms.values() if arm is not control]
    columns = [control, *others]
    ratio, reasons = _ratio(arms)
    head = [*_row("", [arm.name for arm in columns]), *_row("", ["(control)"]), *_counts(columns), "", ratio]
    if arms.nameless:
        head.append(f"Left out: {arms.nameless:,} tips without a user, because the pseudonym could not be computed.")
    if reasons:
        return Report([*head, *reasons, _BROKEN], "broken")
    rate = ERROR_RATE / max(1, len(others))
    found = [compare(control.scores, arm.scores, rate) for arm in others]
    lines = [*head, "", *_compared(columns, found, rate), "", *_guardrails(columns)]
    lines += _needed(control, others, found, rate)
    verdicts = [comparison.verdict for comparison in found]
    verdict = next((each for each in ("better", "worse", "not shown") if each in verdicts), None)
    return Report(lines, verdict, "" if verdict else _missing(columns, experiment))


def _ratio(arms: Arms) -> tuple[str, list[str]]:
    """The line about the ratio of users, and the reasons for its deviation from the weights."""
    reasons = []
    if arms.movers:
        reasons.append(f"{arms.movers:,} users had more than one arm: the setting changed under the same name.")
    seen = arms.arms.values()
    shares = [share for arm in seen for share in arm.propensities]
    has_changed = any(len(arm.propensities) > 1 for arm in seen) or sum(shares) > _MOST_SHARES
    if has_changed:
        reasons.append("The weights changed under the same name: new weights need a new NAME.")
    if has_changed or len(shares) < len(seen):
        return "The ratio of users was not tested: the tips do not have one weight per arm.", reasons
    p = ratio_p([arm.scores.users for arm in seen], shares)
    if p < BROKEN_BELOW:
        reasons.append(f"By chance alone, less than {BROKEN_BELOW:.1%} of experiments have such a ratio of users.")
    return f"Ratio of users against the weights: p = {p:.2g}", reasons


def _counts(columns: Sequence[ArmFigures]) -> Iterator[str]:
    yield from _row("users", [f"{arm.scores.users:,}" for arm in columns])
    yield from _row("weight", [" and ".join(f"{share:.0%}" for share in sorted(arm.propensities)) for arm in columns])
    yield from _row("tips", [f"{arm.tips:,}" for arm in columns])


def _compared(columns: Sequence[ArmFigures], found: Sequence[ArmComparison], rate: float) -> Iterator[str]:
    yield from _row("acceptance, by user", [f"{arm.scores.mean:.1%}" for arm in columns])
    yield from _row("difference, points", ["", *(f"{100 * each.difference:+.1f}" for each in found)])
    yield from _row(f"{100 * (1 - rate):.3g}% interval, any day", ["", *(_interval(each) for each in found)])
    yield from _row("finding", ["", *(each.verdict or "too few users" for each in found)])


def _interval(comparison: ArmComparison) -> str:
    if comparison.verdict is None:
        return "-"
    low, high = (100 * (comparison.difference + sign * comparison.half_width) for sign in (-1, 1))
    return f"{low:+.1f} to {high:+.1f}"


def _guardrails(columns: Sequence[ArmFigures]) -> Iterator[str]:
    """Figures that should not get worse; a figure unknown for all arms has no row."""
    yield from _row("degraded", [_part(arm.degraded, arm) for arm in columns])
    yield from _row("not helpful", [_part(arm.not_helpful, arm) for arm in columns])
    yield from _known("attempts per tip", [arm.attempts.value for arm in columns], "{:.2f}".format)
    yield from _known("cost per tip", [arm.cost_usd.value for arm in columns], "${:.5f}".format)
    for percent in (50, 95):
        values = [percentile(arm.latencies_ms, percent) for arm in columns]
        yield from _known(f"latency p{percent}", values, "{:,.0f} ms".format)
    for name in sorted({name for arm in columns for name in arm.quality}, key=natural):
        means = [arm.quality[name].value if name in arm.quality else None for arm in columns]
        yield from _known(name, means, "{:.3f}".format)


def _part(count: int, arm: ArmFigures) -> str:
    return f"{count / arm.tips:.1%}" if arm.tips else "-"


def _known(label: str, values: Sequence[float | None], written: Callable[[float], str]) -> Iterator[str]:
    if any(value is not None for value in values):
        yield from _row(label, ["-" if value is None else written(value) for value in values])


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The given percentile of the values; None without values."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)] if values else None


def _needed(
    control: ArmFigures, others: Sequence[ArmFigures], found: Sequence[ArmComparison], rate: float
) -> Iterator[str]:
    for arm, comparison in zip(others, found, strict=True):
        if comparison.verdict != "not shown":
            continue
        more = more_users_needed(control.scores, arm.scores, rate)
        number = "More than a million" if more is None else f"About {more:,}"
        yield ""
        yield f"{number} more users an arm would show this effect of {arm.name} (80% power)."


def _missing(columns: Sequence[ArmFigures], experiment: str) -> str:
    if len(columns) == 1:
        return f"{experiment} has no verdict: only {columns[0].name} has users, so there is nothing to compare it with."
    counts = ", ".join(f"{arm.name} has {arm.scores.users:,}" for arm in columns)
    return f"{experiment} has no verdict yet: it needs {FEWEST_USERS} users per arm, and {counts}."


def _row(label: str, cells: Sequence[str]) -> Iterator[str]:
    widths = f"{label:{_LABEL}}" + "".join(f"{cell:>{_COLUMN}}" for cell in cells)
    if widths.strip():
        yield widths.rstrip()
