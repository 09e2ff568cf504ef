"""One function in a process of its own, run by the same runtime client as in Lambda."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from local.deployment.template import REGION, Function
from local.lambda_emulation.child import Child
from local.lambda_emulation.listener import LOOPBACK, Listener, bind
from local.lambda_emulation.process_log import ProcessLog
from local.lambda_emulation.runtime import Failure, FunctionAnswer, Invocation, RuntimeApi

# Lambda allows an init 10 s; a machine that starts every function at once is slower than Lambda.
INIT_TIMEOUT_S = 30.0


class InitFailed(Exception):
    """The function's process ended, or reported that it cannot start; the document is its report, as Lambda has it."""

    def __init__(self, document: bytes) -> None:
        super().__init__(_sentence(document))
        self.document = document


class Sandbox:
    """A process, its Runtime API and its current invocation."""

    def __init__(self, function: Function, api: RuntimeApi, listener: Listener, child: Child) -> None:
        self._function = function
        self._api = api
        self._listener = listener
        self._child = child
        self._deadline = 0.0
        self.exited = child.exited

    @classmethod
    async def start(cls, function: Function, environment: Mapping[str, str], log: ProcessLog | None = None) -> Sandbox:
        """Start the process; Lambda's own variables are added to the function's `environment`.

        Without a `log` its lines go to standard error. Raises InitFailed if no process can be started.
        """
        api = RuntimeApi(function)
        listener = Listener(api.app, bind(0, name="PORT"))
        try:
            child = await Child.start(
                ["-m", "awslambdaric", function.handler],
                label=function.name,
                environment={**environment, **_reserved(function, f"{LOOPBACK}:{listener.port}")},
                folder=function.folder,
                log=log,
            )
        except BaseException as error:
            await listener.stop()
            if isinstance(error, OSError):
                raise InitFailed(_document("Sandbox.NotStarted", str(error))) from error
            raise
        return cls(function, api, listener, child)

    @property
    def pid(self) -> int:
        """The process' id."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process is running, as far as is known."""
        return self._child.alive

    async def ready(self) -> None:
        """Wait until init is over. Raises InitFailed after ending the process."""
        settled = asyncio.ensure_future(self._api.settled())
        await _first({settled, self._api.init_failed, self.exited}, seconds=INIT_TIMEOUT_S)
        if settled.done():
            return
        settled.cancel()
        self.kill()
        if self._api.init_failed.done():
            raise InitFailed(self._api.init_failed.result())
        reason = "Runtime.ExitError" if self.exited.done() else "Sandbox.Timedout"
        raise InitFailed(_document(reason, "the function did not get through its init"))

    async def invoke(self, payload: bytes) -> FunctionAnswer:
        """Run one event. Returns once the function has posted its response; its extensions may still run."""
        self._deadline = time.monotonic() + self._function.timeout
        deadline_ms = int((time.time() + self._function.timeout) * 1000)
        answer = self._api.invoke(Invocation(payload, deadline_ms))
        await _first({answer, self.exited}, seconds=self._function.timeout)
        if answer.done():
            return answer.result()
        if self.exited.done():
            self._child.say(f"process {self.pid} died during a call ({_cause(self.exited.result())})")
            return FunctionAnswer(_document("Runtime.ExitError", "the process died"), Failure.CRASHED)
        self._child.say(f"Task timed out after {self._function.timeout:g} seconds")
        self._child.kill()
        return FunctionAnswer(_document("Sandbox.Timedout", "the call took too long"), Failure.TIMED_OUT)

    async def settle(self) -> bool:
        """Wait for extensions, at most until the function's timeout; False if the sandbox cannot be used again."""
        settled = asyncio.ensure_future(self._api.settled())
        await _first({settled, self.exited}, seconds=max(0.0, self._deadline - time.monotonic()))
        if settled.done() and self.alive:
            return True
        settled.cancel()
        self._child.kill()
        return False

    def kill(self) -> None:
        """End the process at once, as Lambda does."""
        self._child.kill()

    async def close(self) -> None:
        """Close the port of a process that has ended."""
        self._api.close()
        await asyncio.gather(self._child.stop(), self._listener.stop())


async def _first(futures: set[asyncio.Future[Any]], *, seconds: float) -> None:
    await asyncio.wait(futures, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


def _reserved(function: Function, runtime_api: str) -> dict[str, str]:
    """The variables that Lambda sets in every function, by "Defined runtime environment variables" of its guide."""
    return {
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "LAMBDA_TASK_ROOT": str(function.folder),
        "_HANDLER": function.handler,
        "TZ": ":UTC",
    }


def _document(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _cause(return_code: int) -> str:
    return f"signal {-return_code}" if return_code < 0 else f"exit code {return_code}"


def _sentence(document: bytes) -> str:
    """Type and message of a report, or the whole text if it is not a report."""
    try:
        report = json.loads(document)
        return f"{report['errorType']}: {report['errorMessage']}"
    except (ValueError, TypeError, KeyError):
        return document.decode(errors="replace")
