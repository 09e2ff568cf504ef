"""A sandbox's life as X-Ray sees it: `python -m tests.unit.telemetry.x_ray_calls < CALLS`.

Each call is X-Ray's header as the runtime would put it into the environment, or null; a list of two is a call whose
spans come so late that the next call's header is there by then. Prints the recorded spans and the loaded modules.
"""

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from oo.bootstrap.settings import Config
from oo.bootstrap.telemetry import make_shim
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.spans import SpanKind, span
from testing.lambda_context import FakeContext

CANARY = "canary-3f9a"
AGENTS = 100


def set_header(header: str | None) -> None:
    """As the runtime does it before a call."""
    os.environ.pop("_X_AMZN_TRACE_ID", None)
    if header is not None:
        os.environ["_X_AMZN_TRACE_ID"] = header


def work() -> None:
    """Record a tree of spans with all texts that must not reach X-Ray."""
    with span("recommend", SpanKind.CHAIN, user_id=CANARY) as root:
        with span("né?" * 200, SpanKind.AGENT, agent_id="mine") as agent:
            agent.outputs["prompt_text"] = CANARY * 10_000
        with span("llm_orchestrator", SpanKind.LLM, messages=[{"role": "user", "content": CANARY}]):
            with suppress(ValueError), span("attempt", SpanKind.LLM):
                raise ValueError(CANARY)
            with span("attempt", SpanKind.LLM) as attempt:
                attempt.outputs["text"] = CANARY
        for number in range(AGENTS):
            with span(f"agent:{number}", SpanKind.AGENT):
                pass
        root.outputs["content"] = CANARY


def main() -> None:
    """Run the calls that standard input lists."""
    shim = make_shim(os.environ, Config.read(os.environ))
    loaded = sorted({name.partition(".")[0] for name in sys.modules})
    recorded: list[Any] = []

    def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
        with shim.trace() as trace:
            recorded.append(trace)
            work()
            if event["header_afterwards"]:
                set_header(event["header_afterwards"])
        return {"statusCode": 200}

    answers = []
    for call in json.load(sys.stdin):
        header, afterwards = call if isinstance(call, list) else (call, None)
        set_header(header)
        answers.append(shim.wrap(handler)({"header_afterwards": afterwards}, cast("LambdaContext", FakeContext())))
        cast("AfterResponse", shim.after_response).drain()
    print(json.dumps({"answers": answers, "loaded": loaded, "traces": [asdict(trace) for trace in recorded]}))  # noqa: T201  # this is what it is run for


if __name__ == "__main__":
    main()
