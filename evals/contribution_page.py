"""The files of `make contribution`: figures as JSON, a page, and its chart as SVG."""

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from evals.agent_losses import Contribution
from evals.figures import CaseSet, rounded
from evals.interval_chart import Estimate, interval_chart
from evals.report import write_files
from evals.report_page import document, inline, table
from evals.statistics import PairedEffect
from oo.untrusted_text.cleaning import clean

NEXT_MOVES_UP = (
    "Without an agent, the next snippet moves up, so the loss shows whether to retire the agent. "
    "It does not measure the quality of its sentence alone."
)
_TOKENS = (
    "Tokens are those of the agent's own line, a quarter of its bytes, on average over the prompts that hold it. "
    "Without it a prompt is seldom that much shorter, because another line moves up."
)
_PAIRS = (
    "Cases whose prompt is the same without the agent, byte for byte, need no request and count as 0. Pairs in which a "
    "tip fails a gate that allows no failure do not count."
)


class AgentsReport(NamedTuple):
    """Every agent's contribution to one version on one set."""

    cases: CaseSet
    counts: tuple[int, int]
    """Cases and users."""
    model: str
    version: str
    agents: Sequence[Contribution]


def write_contributions(report: AgentsReport, folder: Path) -> None:
    """Write contribution.json, .html and .svg; the same answers give the same bytes. Raises UnusableInput."""
    told = json.dumps(_figures(report), indent=2, ensure_ascii=False)
    picture = interval_chart("Points lost without each agent, of 100, with 95 % intervals", _estimates(report))
    texts = {"json": f"{told}\n", "html": document(_title(report), _parts(report, picture)), "svg": picture}
    write_files(folder, {f"contribution.{ending}": text for ending, text in texts.items()})


def told_contribution(each: Contribution) -> str:
    """The figures of one agent as a line for the terminal."""
    return (
        f"{clean(each.agent_id)}: in {each.share:.1%} of prompts, {each.tokens:.0f} tokens each; "
        f"lost without it: {_points(each.loss)}, p = {each.loss.p:.4f}: {each.verdict}"
    )


def _points(loss: PairedEffect) -> str:
    low, high = loss.interval
    return f"{loss.difference:+z.2f} points ({low:+z.2f} to {high:+z.2f})"


def _title(report: AgentsReport) -> str:
    return f"What each agent adds to {report.version} on {report.cases.name}"


def _parts(report: AgentsReport, picture: str) -> Iterator[str]:
    cases, users = report.counts
    yield f"<p>Model: {escape(report.model)}. {cases:,} cases of {users:,} users.</p>"
    rows = [
        [
            clean(each.agent_id),
            f"{each.share:.1%}",
            f"{each.tokens:.0f}",
            _points(each.loss),
            f"{each.loss.p:.4f}",
            each.verdict,
        ]
        for each in report.agents
    ]
    head = ["agent", "prompts that hold it", "tokens in each", "lost without it (95 % by user)", "p", "verdict"]
    yield from table(f"Agents; p is adjusted after Holm over all {len(rows)}", head, rows)
    yield inline(picture)
    yield f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in (NEXT_MOVES_UP, _TOKENS, _PAIRS))}</ul>"


def _estimates(report: AgentsReport) -> list[Estimate]:
    return [
        Estimate(
            clean(each.agent_id), each.loss.difference, each.loss.interval, f"{each.verdict}, p = {each.loss.p:.4f}"
        )
        for each in report.agents
    ]


def _figures(report: AgentsReport) -> Mapping[str, Any]:
    cases, users = report.counts
    return {
        "sets": {report.cases.name: {"cases": cases, "users": users, "sha256": report.cases.sha256}},
        "model": report.model,
        "version": report.version,
        "agents": [_agent(each) for each in report.agents],
    }


def _agent(each: Contribution) -> Mapping[str, Any]:
    return {
        "agent_id": clean(each.agent_id),
        "share": rounded(each.share),
        "tokens": rounded(each.tokens),
        "loss": rounded(each.loss.difference),
        "interval": [rounded(end) for end in each.loss.interval],
        "p": rounded(each.loss.p),
        "pairs": each.loss.pairs,
        "users": each.loss.users,
        "users_needed": each.loss.users_needed,
        "verdict": each.verdict,
    }
