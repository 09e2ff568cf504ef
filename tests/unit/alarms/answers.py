"""Answers of the functions' own entries, in this process, with the metrics that they wrote meanwhile."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.deployment.environment import ROOT
from local.deployment.template import load
from oo.telemetry.logs import make_metrics
from testing.entries import invoke, load_handler
from testing.fake_llm import Act, FakeModel, fails, fake_model, hangs, says
from testing.http_events import http_event
from tests.unit.alarms.cloudwatch import Metric

TEMPLATE = load(ROOT / "template.yaml", aws_endpoint="")
BODY = {"user_id": "user", "agent_outputs": [], "tasks": [{"title": "Send the invoice"}]}


@dataclass(frozen=True)
class Sample:
    """One call: the function's metrics, and of an HTTP response its status, its seconds and its source."""

    status: int | None = None
    metrics: tuple[tuple[Metric, float], ...] = ()
    latency_s: float = 0.5
    integrated: bool = True
    code: str | None = None


def written(text: str) -> Iterator[tuple[Metric, float]]:
    """The figures in lines of CloudWatch's embedded format, as CloudWatch takes them out; other lines say nothing."""
    lines = (json.loads(line) for line in text.splitlines() if '"CloudWatchMetrics"' in line)
    for line in lines:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, line[name]) for name in names)
                for metric in (one["Name"] for one in directive["Metrics"]):
                    figures = line[metric] if isinstance(line[metric], list) else [line[metric]]
                    yield from ((Metric(directive["Namespace"], metric, dimensions), figure) for figure in figures)


def counted_while(act: Callable[[], object]) -> tuple[tuple[Metric, float], ...]:
    """The metrics of a block."""
    # Powertools keeps figures per process: another test may have added some without a function around them.
    make_metrics().clear_metrics()
    output = io.StringIO()
    with redirect_stdout(output):
        act()
    return tuple(written(output.getvalue()))


@contextmanager
def deployed_as(name: str, **variables: str) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a function as the template has it, with others for some of its variables."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in {**TEMPLATE.functions[name].environment, **variables}.items():
            patch.setenv(variable, value)
        yield patch


def answered(body: object = BODY, **variables: str) -> Sample:
    """The answer of /recommend, with these variables beside the template's."""
    with deployed_as("RecommendFunction", AGENT_OUTPUTS_TABLE="", LITELLM_API_KEY="sk-planted", **variables):
        answers: list[dict[str, Any]] = []

        def run() -> None:
            answers.append(invoke(load_handler("recommend"), http_event("POST", "/recommend", body)))

        counted = counted_while(run)
    [answer] = answers
    return Sample(answer["statusCode"], counted, code=json.loads(answer["body"]).get("code"))


# Each answer is another sandbox's, which is gone after it; no connection is to outlive it.
_CLOSES = {"connection": "close"}
ACTS: Mapping[str, Act] = {
    "llm_refused": fails(400, _CLOSES, code="content_policy_violation"),
    "llm_upstream_error": fails(500, _CLOSES),
    "llm_auth": fails(401, _CLOSES),
    "llm_timeout": hangs,
}
"""The model's behaviour, by the code that it ends in."""


@dataclass
class Answers:
    """Each answer is made once."""

    model: FakeModel
    _made: dict[tuple[str, str], Sample] = field(default_factory=dict)

    def healthy(self, cost_usd: str = "") -> Sample:
        """A tip of the model, with the cost that the proxy reports."""
        if ("healthy", cost_usd) not in self._made:
            self.model.otherwise = says(
                {"id": "t", "content": "Send the invoice", "rationale": "It waits.", "kind": "start"},
                _CLOSES | ({"x-litellm-response-cost": cost_usd} if cost_usd else {}),
            )
            self._made["healthy", cost_usd] = answered(LITELLM_URL=self.model.url)
        return self._made["healthy", cost_usd]

    def failed(self, code: str, fallback: str = "off") -> Sample:
        """An answer where the model fails in that way."""
        if (code, fallback) not in self._made:
            self.model.otherwise = ACTS[code]
            budget_s = "1" if code == "llm_timeout" else "25"
            sample = answered(LITELLM_URL=self.model.url, TIP_FALLBACK=fallback, LLM_BUDGET_S=budget_s)
            assert sample.code == (code if fallback == "off" else None)
            self._made[code, fallback] = sample
        return self._made[code, fallback]


@contextmanager
def all_answers() -> Iterator[Answers]:
    """Answers of functions that ask a model of their own."""
    with fake_model() as model:
        yield Answers(model)
