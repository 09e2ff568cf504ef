"""Faults inside of a function's process, for users that are named like an error's code.

Tests copy this module into a folder as `sitecustomize`, which Python imports before anything else, and put the folder
before the layer (FUNCTION_PYTHONPATH). The exceptions contain all texts to keep secret: every canary, and everything
that was at hand. The folder's plan has further texts; a file named `hurried` in it leaves every call two seconds.
"""

import json
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

PLAN, HURRIED, TRACES, CALLS = "plan.json", "hurried", "traces", "calls"
HURRIED_MS = 2_000
SAMPLED = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
LARGEST_SIGNALS = 400 * 1024

# The user named like the error, the call of AWS that it comes of, and what AWS calls it.
AWS_ERRORS = {
    "store_unavailable": ("dynamodb.PutItem", "InternalServerError"),
    "ddb_config": ("dynamodb.PutItem", "AccessDeniedException"),
    "jobs_unsent": ("sqs.SendMessageBatch", "InternalServerError"),
    "feedback_unavailable": ("sqs.SendMessage", "InternalServerError"),
    "unreadable": ("dynamodb.Query", "InternalServerError"),
}


# Where each function builds its prompt.
_PROMPT_BUILDERS = {
    "RecommendFunction": ("oo.tips.recommend", "build_context"),
    "GenerateFunction": ("oo.tips.generate", "build_prompt"),
}


class Planted(Exception):
    """Says too much."""


class Sabotage:
    """One process' share of the folder's plan: `says` is the text of its exceptions, `xray` a daemon's address."""

    def __init__(self, folder: Path) -> None:
        plan = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        self._folder = folder
        self._says: str = plan["says"]
        self._xray: str = plan["xray"]
        self._function = os.environ["AWS_LAMBDA_FUNCTION_NAME"]

    def install(self) -> None:
        """Before the function's own code is imported."""
        os.environ["AWS_XRAY_DAEMON_ADDRESS"] = self._xray
        self._wrap("oo.bootstrap.exporters", "request_header", lambda _: lambda _: SAMPLED)
        self._wrap("oo.telemetry.export.after_response", "AfterResponse.hand_over", self._keep_trace)
        self._wrap("oo.telemetry.instrumentation", "Shim.wrap", self._calling)
        self._wrap("oo.agent_kit.rule_agent", "RuleAgent.compute", self._computing)
        self._wrap("oo.agent_runs", "run_inference", self._failing)
        self._wrap("awslambdaric.lambda_context", "LambdaContext.get_remaining_time_in_millis", self._hurrying)
        if self._function in _PROMPT_BUILDERS:
            module, builder = _PROMPT_BUILDERS[self._function]
            self._wrap(module, builder, self._failing)
        if self._function == "FeedbackWorkerFunction":
            self._wrap(
                "oo.feedback.worker", "_is_given_up", lambda _: lambda given, _now: given.user_id == "trace_unknown"
            )
        if self._function not in ("HealthFunction", "RegistryFunction", "ComputeFunction", "InferFunction"):
            self._watch_aws()

    def _wrap(self, module: str, name: str, how: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        *path, last = name.split(".")
        owner = import_module(module)
        for step in path:
            owner = getattr(owner, step)
        original = getattr(owner, last)
        setattr(owner, last, wraps(original)(how(original)))

    def _keep_trace(self, hand_over: Callable[..., None]) -> Callable[..., None]:
        def keeping(follower: object, trace: Any) -> None:
            if trace.spans:
                with (self._folder / f"{TRACES}-{os.getpid()}").open("ab") as file:
                    pickle.dump(trace, file)
            hand_over(follower, trace)

        return keeping

    def _calling(self, wrap: Callable[..., Any]) -> Callable[..., Any]:
        def calling(shim: object, handle: Callable[[Any, object], Any]) -> Any:
            return wrap(shim, lambda event, context: handle(_with_a_token(event), context))

        return calling

    def _computing(self, compute: Callable[..., Any]) -> Callable[..., Any]:
        def computing(agent: object, given: Any) -> Any:
            if given.snapshot.user_id == "agent_failed":
                self._raise(given)
            output = compute(agent, given)
            if given.snapshot.user_id == "item_too_large":
                output.signals_snapshot["applicable"] = "x" * LARGEST_SIGNALS
            return output

        return computing

    def _failing(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*given: object, **named: object) -> object:
            if "'internal_error'" in repr((given, named)):
                self._raise(given)
            return original(*given, **named)

        return failing

    def _hurrying(self, remaining_ms: Callable[..., int]) -> Callable[..., int]:
        def hurrying(context: object) -> int:
            return HURRIED_MS if (self._folder / HURRIED).exists() else remaining_ms(context)

        return hurrying

    def _watch_aws(self) -> None:
        from botocore import handlers  # noqa: PLC0415  # where it is used only: it takes its time

        handlers.BUILTIN_HANDLERS.append(("before-call", self._before_call))

    def _before_call(self, params: dict[str, Any], model: Any, **_: object) -> None:
        from botocore.exceptions import ClientError  # noqa: PLC0415  # as above

        body = params["body"].decode() if isinstance(params["body"], bytes) else str(params["body"])
        operation = f"{model.service_model.service_name}.{model.name}"
        with (self._folder / f"{CALLS}-{os.getpid()}").open("a", encoding="utf-8") as file:
            file.write(json.dumps([self._function, operation, body]) + "\n")
        for user, (failing, code) in AWS_ERRORS.items():
            if operation == failing and user in body:
                raise ClientError({"Error": {"Code": code, "Message": f"{self._says} {body}"}}, model.name)

    def _raise(self, *given: object) -> None:
        raise Planted(f"{self._says} {given!r} {dict(os.environ)!r}")


def _with_a_token(event: Any) -> Any:
    """The request with a token of its own user, or of another one; the user `invalid_event` sends another event."""
    text = str(event.get("body"))
    if '"invalid_event"' in text:
        return json.loads(text)
    with suppress(KeyError, RecursionError, TypeError, ValueError):
        user = "another user" if '"forbidden"' in text else json.loads(text)["user_id"]
        event["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": user}}}
    return event


if __name__ == "sitecustomize" and "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    Sabotage(Path(__file__).parent).install()
