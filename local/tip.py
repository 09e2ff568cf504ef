"""`make tip EVENT=events/recommend.json`: ask the model in this process, and print each step up to the receipt.

The code that serves makes the tip, with the settings of the environment. It reads no table and sends no trace.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import click
import httpx

from commands.program import program
from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.replies import STAND_IN, Endpoint, Model, find_model, messages_of
from evals.scorers import SCORERS, verdicts
from evals.scorers.verdict import Verdict
from evals.version import LOGGER, METRICS
from local.playground.shown_answer import PlaygroundQuestion
from oo.bootstrap.settings import Config, Settings
from oo.contract.shown_ids import hashed
from oo.contract.tips import Candidate, GenerateResponse, RecommendRequest, RecommendResponse, Tip
from oo.deadline import Deadline
from oo.errors import ConfigError, LLMError
from oo.llm.client import LiteLLMClient
from oo.llm.completion import NotACompletion, read_chat_completion
from oo.llm.conversation import ModelConversation
from oo.llm.parameters import Parameters
from oo.llm.secret_key import fixed_key
from oo.prompts.data_block import BuiltPrompt
from oo.request_context import RequestContext
from oo.telemetry.spans import Trace
from oo.tips.generate import Generate
from oo.tips.recommend import Recommend
from tools.prompts.dry_run import dry_run
from tools.prompts.prompt_preview import ChosenRequest, rendered, request_options
from tools.prompts.request_file import Request, Unusable, read_body, request_of

_IN_PROCESS_URL = "https://in-process.invalid"
_NO_KEY = "sk-no-key-was-set"
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NO_MODEL = (
    "\nThe stand-in answered, which is no language model: set LITELLM_URL and LITELLM_API_KEY to ask a real one."
)
_PASSED = {True: "passed", False: "failed", None: "does not apply"}

Answer = RecommendResponse | GenerateResponse


@dataclass
class RecordedModel(httpx.BaseTransport):
    """A model that records all requests and responses, in the order of the calls."""

    model: Model
    asked: list[Sequence[Mapping[str, str]]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        self.asked.append(messages_of(request))
        response = self.model.answer(request, "", 0)
        body = response.read()
        try:
            self.replies.append(read_chat_completion({}, body, "").text)
        except NotACompletion:
            self.replies.append(f"(status {response.status_code}, no chat completion)")
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    def close(self) -> None:
        """Close the model's connections."""
        if isinstance(self.model, Endpoint):
            self.model.transport.close()

    def told(self) -> Iterator[str]:
        """Each reply, and before it the correction that it answers."""
        known = 2
        for number, (messages, reply) in enumerate(zip(self.asked, self.replies, strict=False), start=1):
            if len(messages) > known:
                known = len(messages)
                yield f"--- correction\n{_shown(messages[-1]['content'])}"
            yield f"--- reply {number} of {self.model.name}\n{_shown(reply)}"


@program("tip")
@request_options
@click.pass_obj
def main(environment: Mapping[str, str], chosen: ChosenRequest) -> None:
    """Ask the model for the tip of a request, and print each step; an obstacle is one sentence and exit code 1."""
    try:
        file = chosen.file
        path, body = read_body(file, chosen.changes)
        request, now = request_of(file, path, body), datetime.now(UTC)
        settings, model = _settings(environment), RecordedModel(_model(environment))
        run = dry_run(request, request.prompt_version or _default(request, settings), now=now)
        print(rendered(run))
        try:
            with model:
                answer = ask(request, settings, model, now)
        finally:
            for part in model.told():
                print(f"\n{part}")
        print(f"\n{concluded(PlaygroundQuestion(path, body).case, run.prompt, model.replies[-1], answer)}")
        if not settings.litellm_url:
            print(_NO_MODEL)
    except Unusable as problem:
        sys.exit(str(problem))
    except ConfigError as problem:
        sys.exit(f"{problem}: docs/configuration.md has the valid values.")
    except LLMError as problem:
        sys.exit(f"\nThere is no tip: {problem} ({problem.code}).")


def ask(request: Request, settings: Settings, model: RecordedModel, now: datetime) -> Answer:
    """The answer as the service gives it. Raises LLMError and ConfigError."""
    url, key = settings.litellm_url.strip().rstrip("/"), settings.litellm_api_key
    parameters = Parameters(
        temperature=None if settings.llm_temperature == "off" else settings.llm_temperature,
        response_format=settings.llm_response_format,
    )
    client = LiteLLMClient(
        base_url=url or _IN_PROCESS_URL,
        key=fixed_key(key if url else _NO_KEY),
        transport=model,
        parameters=parameters,
    )
    conversation = ModelConversation(client, LOGGER, METRICS)
    context = RequestContext(now, Deadline.after(settings.llm_budget_s), Trace.begin())
    with redirect_stdout(io.StringIO()):  # single metrics are printed
        if isinstance(request, RecommendRequest):
            return Recommend(
                ask=conversation,
                outputs=None,
                template_fallback=False,
                logger=LOGGER,
                metrics=METRICS,
                pseudonym=hashed,
                default_prompt_version=settings.default_recommend_version,
                max_tokens=settings.llm_max_tokens,
            )(request, context)
        return Generate(
            ask=conversation,
            default_prompt_version=settings.default_prompt_version,
            logger=LOGGER,
            metrics=METRICS,
        )(request, context)


def concluded(case: Case, prompt: BuiltPrompt, reply: str, answer: Answer) -> str:
    """The tips, each with the scorers' checks of it, and the rest of the answer."""
    tips: Sequence[tuple[Tip | Candidate, str | None]] = (
        [(answer.tip, answer.receipt.task_id)]
        if isinstance(answer, RecommendResponse)
        else [(candidate, candidate.task_id) for candidate in answer.candidates]
    )
    # A reply with several candidates has no form that Q1 knows: it judges the tip then.
    read_from = reply if isinstance(answer, RecommendResponse) else None
    parts: list[str] = []
    for number, (tip, task_id) in enumerate(tips, start=1):
        served = ServedTip(tip.content, tip.rationale, tip.kind, task_id, tip.source)
        checks = verdicts(case, Answered(prompt, read_from, served, case.recent))
        name = "tip" if len(tips) == 1 else f"tip {number} of {len(tips)}"
        parts += [
            f"--- {name}\n{tip.content}\nWhy: {tip.rationale}\nKind: {tip.kind}. Task: {task_id or 'none'}.",
            "--- checks\n" + "\n".join(f"{check} {_check(check, verdict)}" for check, verdict in checks.items()),
        ]
    return "\n\n".join([*parts, f"--- receipt\n{_receipt(answer)}"])


def _receipt(answer: Answer) -> str:
    """The answer without its tips."""
    rest: dict[str, Any] = answer.model_dump(mode="json", exclude={"tip", "candidates"})
    return _shown(json.dumps(rest, indent=2, ensure_ascii=False))


def _check(name: str, verdict: Verdict) -> str:
    said = f"{SCORERS[name].__name__.replace('_', ' ')}: {_PASSED[verdict.passed]}"
    return f"{said}, {verdict.why}" if verdict.why else said


def _settings(environment: Mapping[str, str]) -> Settings:
    settings = Config.read(environment).usable_settings()
    if settings.litellm_url and not settings.litellm_api_key:
        raise Unusable("LITELLM_URL is set but no key is: set LITELLM_API_KEY as well.")
    return settings


def _default(request: Request, settings: Settings) -> str:
    is_for_a_tip = isinstance(request, RecommendRequest)
    return settings.default_recommend_version if is_for_a_tip else settings.default_prompt_version


def _model(environment: Mapping[str, str]) -> Model:
    """The proxy that LITELLM_URL names, else the stand-in. Raises Unusable."""
    url = environment.get("LITELLM_URL", "").strip().rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise Unusable("LITELLM_URL has to begin with http:// or https://.")
    return find_model(url or STAND_IN, environment)


def _shown(text: str) -> str:
    """The text without characters that would move a terminal's cursor or turn its direction."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


if __name__ == "__main__":
    main()
