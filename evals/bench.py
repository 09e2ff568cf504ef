"""Run versions over cases in this process, with the service's own code."""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from typing import Any, NamedTuple

from evals.answered import Answered, ServedTip
from evals.cases.case import Case
from evals.planted_model import Message
from evals.replies import CaseTransport, Endpoint, Replies
from evals.scorers import GATES, SCORERS, verdicts
from evals.scorers.verdict import Verdict
from evals.unusable_input import UnusableInput
from evals.version import LOGGER, METRICS, Version, is_without_model
from oo.contract.kinds import Kind
from oo.deadline import DEFAULT_LLM_BUDGET_S, Deadline
from oo.errors import ConfigError, LLMContextLength, LLMError, LLMRefused, LLMReplyError, LLMReplyWithheld
from oo.llm.client import LiteLLMClient
from oo.llm.conversation import ModelConversation
from oo.llm.parameters import Parameters
from oo.llm.secret_key import fixed_key
from oo.prompts.data_block import BuiltPrompt
from oo.request_context import RequestContext
from oo.telemetry.spans import Trace

SCORED = tuple(name for name in SCORERS if name not in GATES)
"""The scorers of which a score is the mean."""

NO_KEY = "sk-no-key-was-set"
_IN_PROCESS_URL = "https://in-process.invalid"
AT_ONCE = 8
"""Questions to an endpoint at the same time."""

_OWN_FAULTS = (LLMReplyError, LLMRefused, LLMReplyWithheld, LLMContextLength)
"""Errors that depend on the prompt and the model; any other error stops the run."""


class Judged(NamedTuple):
    """One version's answer to one case, and the verdicts on it. `tip` is None if no reply was usable."""

    messages: Sequence[Message]
    reply: str | None
    tip: ServedTip | None
    verdicts: Mapping[str, Verdict]

    @property
    def passes_gates(self) -> bool:
        """Whether the gates pass, whose failures no mean compensates."""
        return all(self.verdicts[name].passed is not False for name in GATES)

    @property
    def score(self) -> float:
        """Points of 100: the mean of the other scorers."""
        return 100 * sum(self.verdicts[name].value for name in SCORED) / len(SCORED)


class Row(NamedTuple):
    """One case at one repeat: the answers in the order of the versions; None if equal prompts were not sent."""

    case: Case
    repeat: int
    answers: Sequence[Judged] | None


class Bench:
    """Requests tips for cases from a model.

    `key` is sent to an endpoint, which gets `at_once` requests at the same time. Deadlines are times of `clock`. `tell`
    receives the number of finished and of all requests.
    """

    def __init__(
        self,
        replies: Replies,
        key: str = NO_KEY,
        *,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
    ) -> None:
        self.replies = replies
        model = replies.model
        self._url = (model.url or model.name) if isinstance(model, Endpoint) else _IN_PROCESS_URL
        self._at_once = at_once
        self._clock = clock
        self._tell = tell
        self._parameters = Parameters()
        try:
            self._key = fixed_key(key or NO_KEY)
            self._client(CaseTransport(replies, "", 0))
        except ConfigError as error:
            raise UnusableInput(f"MODEL cannot be used: {error}.") from None

    def run(self, versions: Sequence[Version], cases: Sequence[Case], repeats: int = 1) -> list[Row]:
        """The rows of all cases, in their order. Raises UnusableInput if the model gives no answer at all."""
        asked = [(case, repeat) for case in cases for repeat in range(repeats)]
        rows = list[Row]()
        with redirect_stdout(io.StringIO()):  # single metrics are printed
            for row in self._mapped(lambda pair: self._row(versions, *pair), asked):
                rows.append(row)
                self._tell(len(rows), len(asked))
        return rows

    def _mapped(self, work: Callable[[tuple[Case, int]], Row], asked: Sequence[tuple[Case, int]]) -> Iterator[Row]:
        if not isinstance(self.replies.model, Endpoint):
            yield from map(work, asked)
            return
        pool = ThreadPoolExecutor(self._at_once)
        try:
            yield from pool.map(work, asked)
        finally:
            pool.shutdown(cancel_futures=True)

    def _row(self, versions: Sequence[Version], case: Case, repeat: int) -> Row:
        """The row, cached by everything that it depends on: the case, the versions, the model and the code."""
        kept = self.replies.kept_row([case, [version.content for version in versions], repeat])
        told = kept.read()
        if told is not None:
            return Row(case, repeat, told["answers"] and [_read(each) for each in told["answers"]])
        prompts = [version.prompt(case) for version in versions]
        row = Row(case, repeat, None)
        if not _are_equal(versions, prompts):
            row = row._replace(
                answers=[self.judged(*pair, case, repeat) for pair in zip(versions, prompts, strict=True)]
            )
        kept.write({"answers": row.answers and [_told(each) for each in row.answers]})
        return row

    def judged(self, version: Version, prompt: BuiltPrompt, case: Case, repeat: int) -> Judged:
        """One answer and its verdicts; raises UnusableInput."""
        transport = CaseTransport(self.replies, case.id, repeat)
        tip = self._tip(version, case, transport)
        reply = None if is_without_model(version) else transport.latest
        return Judged(prompt.messages, reply, tip, verdicts(case, Answered(prompt, reply, tip, case.recent)))

    def _tip(self, version: Version, case: Case, transport: CaseTransport) -> ServedTip | None:
        ask = ModelConversation(self._client(transport), LOGGER, METRICS)
        try:
            deadline = Deadline.after(DEFAULT_LLM_BUDGET_S, self._clock)
            return version.serve(case, ask, RequestContext(case.now, deadline, Trace.begin(), case.default_zone))
        except _OWN_FAULTS:
            return None
        except (LLMError, ConfigError) as error:
            raise UnusableInput(
                f"The model gave no answer to the case {case.id} ({error.code}); "
                "the answers so far are cached. Run the command again."
            ) from None

    def _client(self, transport: CaseTransport) -> LiteLLMClient:
        return LiteLLMClient(base_url=self._url, key=self._key, transport=transport, parameters=self._parameters)


def _told(judged: Judged) -> dict[str, Any]:
    """An answer as JSON."""
    return judged._asdict() | {"tip": judged.tip and judged.tip._asdict()}


def _read(told: Mapping[str, Any]) -> Judged:
    tip = told["tip"]
    return Judged(
        told["messages"],
        told["reply"],
        tip and ServedTip(**(tip | {"kind": Kind(tip["kind"])})),
        {name: Verdict(*verdict) for name, verdict in told["verdicts"].items()},
    )


def _are_equal(versions: Sequence[Version], prompts: Sequence[BuiltPrompt]) -> bool:
    """Whether all versions have the same prompt, byte for byte; a template tip has none."""
    if len(versions) == 1 or len({is_without_model(version) for version in versions}) > 1:
        return False
    return len({json.dumps(prompt.messages) for prompt in prompts}) == 1
