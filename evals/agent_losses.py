"""The share of prompts with an agent's note, and the points that tips lose without it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from evals.bench import Bench, Row
from evals.cases.case import Case
from evals.figures import difference_of
from evals.statistics import ERROR_RATE, PairedEffect, holm, paired_effect
from evals.version import RecommendVersion, WithoutAgent
from oo.agents.registry import all_manifests
from oo.prompts.data_block import snippet_line
from tools.prompts.dry_run import estimated_tokens

ContributionVerdict = Literal["earns", "not shown", "harms"]


class Contribution(NamedTuple):
    """One agent's figures.

    `share` of the prompts contain its note, whose line has `tokens` on average. `loss` is the mean score minus that
    without the agent, over all prompts; its p is adjusted for the number of agents.
    """

    agent_id: str
    share: float
    tokens: float
    loss: PairedEffect

    @property
    def verdict(self) -> ContributionVerdict:
        """Whether tips are shown to be worse, or better, without it."""
        if self.loss.p > ERROR_RATE or not self.loss.difference:
            return "not shown"
        return "earns" if self.loss.difference > 0 else "harms"


def contributions(
    bench: Bench, version: RecommendVersion, cases: Sequence[Case], repeats: int = 1
) -> list[Contribution]:
    """Every registered agent, then others with snippets in the cases. Raises UnusableInput."""
    found = sorted(set().union(*map(_agents_of, cases)))
    agents = dict.fromkeys([*(manifest.agent_id for manifest in all_manifests()), *found])
    lost = losses({agent: rows_without(agent, bench, version, cases, repeats) for agent in agents})
    tokens = _tokens(version, cases)
    return [
        Contribution(agent, len(tokens[agent]) / len(cases), _mean(tokens[agent]), loss) for agent, loss in lost.items()
    ]


def rows_without(
    agent_id: str, bench: Bench, version: RecommendVersion, cases: Sequence[Case], repeats: int = 1
) -> list[Row]:
    """The answers with and without the agent; a case without its snippet has the same prompt."""
    had = [case for case in cases if agent_id in _agents_of(case)]
    others = [case for case in cases if agent_id not in _agents_of(case)]
    rows = bench.run([version, WithoutAgent(version, agent_id)], had, repeats)
    return [*rows, *(Row(case, repeat, None) for case in others for repeat in range(repeats))]


def losses(rows: Mapping[str, Sequence[Row]]) -> dict[str, PairedEffect]:
    """The points lost without each agent, p adjusted after Holm; in each row the second answer is without it."""
    found = {agent: _loss(each) for agent, each in rows.items()}
    adjusted = holm([loss.p for loss in found.values()])
    return {agent: loss._replace(p=p) for (agent, loss), p in zip(found.items(), adjusted, strict=True)}


def _loss(rows: Sequence[Row]) -> PairedEffect:
    lost = defaultdict[str, list[float]](list)
    for row in rows:
        difference = difference_of(row, 1, 0)
        if difference is not None:
            lost[row.case.user].append(difference)
    return paired_effect(lost)


def _agents_of(case: Case) -> set[str]:
    return {snippet.agent_id for snippet in case.body.agent_outputs or ()}


def _tokens(version: RecommendVersion, cases: Sequence[Case]) -> Mapping[str, list[int]]:
    """The tokens of each agent's lines in the prompts that contain one."""
    found = defaultdict[str, list[int]](list)
    for prompt in map(version.prompt, cases):
        counts = Counter[str]()
        for snippet in prompt.snippets:
            if snippet.is_used:
                counts[snippet.source.agent_id] += estimated_tokens(snippet_line(snippet, prompt.refs))
        for agent_id, count in counts.items():
            found[agent_id].append(count)
    return found


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0
