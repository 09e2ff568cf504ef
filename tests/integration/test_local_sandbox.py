"""A function in its own process: its input, and its outcome under faults."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from local.deployment.environment import Surroundings
from local.deployment.template import Function
from local.lambda_emulation.pool import Pool, Throttled
from local.lambda_emulation.runtime import Failure
from local.lambda_emulation.sandbox import Sandbox
from testing.waiting import PATIENCE_S

FunctionFactory = Callable[..., Function]
Until = Callable[[Callable[[], object]], Awaitable[None]]

WAITS_FOR_A_FILE = """
    import os, pathlib, time

    def handler(event, context):
        pathlib.Path(f"begun-{os.getpid()}").touch()
        while not pathlib.Path(event).exists():
            time.sleep(0.01)
        return os.getpid()
"""
HAS_AN_EXTENSION = """
    import http.client, os, pathlib, threading, time

    api = os.environ["AWS_LAMBDA_RUNTIME_API"]

    def call(method, path, body=None, **headers):
        connection = http.client.HTTPConnection(api)
        connection.request(method, "/2020-01-01/extension/" + path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.headers

    def work(identifier):
        while True:
            call("GET", "event/next", **{"Lambda-Extension-Identifier": identifier})
            while not pathlib.Path("released").exists():
                time.sleep(0.01)

    registered = call("POST", "register", '{"events": ["INVOKE"]}', **{"Lambda-Extension-Name": "after"})
    threading.Thread(target=work, args=[registered["Lambda-Extension-Identifier"]], daemon=True).start()

    def handler(event, context):
        return os.getpid()
"""


@asynccontextmanager
async def running(function: Function, environment: dict[str, str] | None = None, **limits: int) -> AsyncIterator[Pool]:
    """A pool that is ended with the block."""
    pool = Pool(lambda: Sandbox.start(function, environment or {}), **limits)
    try:
        yield pool
    finally:
        await pool.stop(patience=0)


async def call(pool: Pool, event: object = None) -> Any:
    """The handler's result; fails the test where it has failed."""
    answer = await pool.invoke(json.dumps(event).encode(), patience=PATIENCE_S)
    assert answer.failure is None, answer.payload
    return json.loads(answer.payload)


def begun(function: Function) -> list[Path]:
    """A file for each process of WAITS_FOR_A_FILE that has had a call."""
    return list(function.folder.glob("begun-*"))


def is_alive(pid: int) -> bool:
    """Whether a process with that id is left."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_a_handler_gets_the_event_and_the_context(make_function: FunctionFactory) -> None:
    """The event arrives as it was given, with the function's name, its ARN, an id and the time that is left."""
    function = make_function(
        """
        def handler(event, context):
            left = context.get_remaining_time_in_millis()
            return [event, context.function_name, context.invoked_function_arn, len(context.aws_request_id), left]
        """,
        timeout=90,
    )

    async def story() -> Any:
        async with running(function) as pool:
            return await call(pool, {"a": "ü"})

    *answer, left = asyncio.run(story())

    assert [{"a": "ü"}, "TryFunction", function.arn, 36] == answer
    assert 20_000 < left <= 90_000


def test_only_the_declared_environment_reaches_a_function(
    make_function: FunctionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the host's variables a function finds none but those that any program needs."""
    monkeypatch.setenv("LITELLM_MASTER_KEY", "planted")
    function = make_function(
        "import os\ndef handler(event, context): return dict(os.environ)",
        environment={"DECLARED": "yes", "TIP_FALLBACK": ""},
    )
    host = {"HOME": "/home/x", "PATH": "/usr/bin", "LITELLM_MASTER_KEY": "planted", "TIP_FALLBACK": "template"}
    surroundings = Surroundings(host, "http://127.0.0.1:1", "http://127.0.0.1:2", "key")

    async def story() -> Any:
        async with running(function, surroundings.environment(function)) as pool:
            return await call(pool)

    seen = asyncio.run(story())

    assert (seen["DECLARED"], seen["TIP_FALLBACK"], seen["HOME"]) == ("yes", "template", "/home/x")
    lambdas_own = {name for name in seen if name.startswith(("AWS_", "LAMBDA_", "_")) or name in {"TZ", "PYTHONPATH"}}
    # LC_CTYPE is Python's own doing in a C locale.
    assert {"DECLARED", "TIP_FALLBACK", "HOME", "PATH"} == set(seen) - lambdas_own - {"LC_CTYPE"}


def test_a_raised_exception_costs_the_call_and_not_the_process(make_function: FunctionFactory, until: Until) -> None:
    """The answer is the runtime's error document; the next event runs in the same process."""
    function = make_function(
        """
        import os
        def handler(event, context):
            if event == "raise":
                raise KeyError("x")
            return os.getpid()
        """
    )

    async def story() -> tuple[Any, ...]:
        async with running(function) as pool:
            before = await call(pool)
            await until(lambda: pool.idle)
            failed = await pool.invoke(b'"raise"', patience=PATIENCE_S)
            await until(lambda: pool.idle)
            return before, failed, await call(pool)

    before, failed, after = asyncio.run(story())

    assert Failure.HANDLER is failed.failure
    assert json.loads(failed.payload)["errorType"] == "KeyError"
    assert before == after


@pytest.mark.parametrize(
    ("end", "failure", "timeout"),
    [
        ("os._exit(3)", Failure.CRASHED, PATIENCE_S),
        ("os.kill(os.getpid(), 9)", Failure.CRASHED, PATIENCE_S),
        ("time.sleep(60)", Failure.TIMED_OUT, 3),
    ],
)
def test_a_process_that_is_lost_costs_its_call_and_is_replaced(
    make_function: FunctionFactory, until: Until, end: str, failure: Failure, timeout: float
) -> None:
    """The call that was running fails; the next one is answered by another process."""
    function = make_function(
        f"""
        import os, time
        def handler(event, context):
            if event == "end":
                {end}
            return os.getpid()
        """,
        timeout=timeout,
    )

    async def story() -> tuple[Any, ...]:
        async with running(function) as pool:
            before = await call(pool)
            await until(lambda: pool.idle)
            failed = await pool.invoke(b'"end"', patience=PATIENCE_S)
            return before, failed, await call(pool)

    before, failed, after = asyncio.run(story())

    assert failure is failed.failure
    assert before != after


def test_a_process_that_is_killed_while_idle_costs_no_call(make_function: FunctionFactory, until: Until) -> None:
    """The next event is run by a new process."""
    function = make_function("import os\ndef handler(event, context): return os.getpid()")

    async def story() -> tuple[int, int]:
        async with running(function) as pool:
            before = await call(pool)
            await until(lambda: pool.idle)
            os.kill(before, signal.SIGKILL)
            await until(lambda: not pool.idle)
            return before, await call(pool)

    before, after = asyncio.run(story())

    assert before != after


def test_an_import_that_fails_is_told_to_the_caller(make_function: FunctionFactory) -> None:
    """A function that cannot start answers with the runtime's error document, each time."""
    function = make_function("import nothing_of_that_name")

    async def story() -> list[Any]:
        async with running(function) as pool:
            return [await pool.invoke(b"1", patience=PATIENCE_S) for _ in range(2)]

    answers = asyncio.run(story())

    assert [answer.failure for answer in answers] == [Failure.INIT] * 2
    assert "nothing_of_that_name" in answers[0].payload.decode()


def test_an_answer_over_six_megabytes_is_refused(make_function: FunctionFactory) -> None:
    """As in Lambda, such an answer is an error; up to there it is delivered."""
    function = make_function("def handler(event, context): return 'x' * event")

    async def story() -> tuple[Any, Any]:
        async with running(function) as pool:
            return await call(pool, 6_291_554), await pool.invoke(b"6291555", patience=PATIENCE_S)

    delivered, refused = asyncio.run(story())

    assert len(delivered) == 6_291_554
    assert Failure.TOO_LARGE is refused.failure


def test_four_calls_run_at_the_same_time_and_the_fifth_waits(
    make_function: FunctionFactory, tmp_path: Path, until: Until
) -> None:
    """Processes are added while all are busy, up to four; further calls wait."""
    function = make_function(WAITS_FOR_A_FILE)
    file = tmp_path / "released"

    async def story() -> list[int]:
        async with running(function) as pool:
            calls = [asyncio.ensure_future(call(pool, str(file))) for _ in range(5)]
            await until(lambda: len(begun(function)) == 4)
            file.touch()
            return [*await asyncio.gather(*calls)]

    answers = asyncio.run(story())

    assert len(set(answers)) == 4


def test_more_calls_than_may_wait_are_refused_at_once(
    make_function: FunctionFactory, tmp_path: Path, until: Until
) -> None:
    """With one process and one place to wait, the third call at the same time is throttled."""
    function = make_function(WAITS_FOR_A_FILE)
    file = tmp_path / "released"

    async def story() -> list[int]:
        async with running(function, sandboxes=1, waiting=1) as pool:
            first = asyncio.ensure_future(call(pool, str(file)))
            await until(lambda: begun(function))
            second = asyncio.ensure_future(call(pool, str(file)))
            await asyncio.sleep(0)
            with pytest.raises(Throttled):
                await pool.invoke(b"1", patience=PATIENCE_S)
            file.touch()
            return [await first, await second]

    first, second = asyncio.run(story())

    assert first == second


def test_a_call_that_waited_in_vain_is_refused(make_function: FunctionFactory, tmp_path: Path, until: Until) -> None:
    """The wait for a process is bounded, too."""
    function = make_function(WAITS_FOR_A_FILE)

    async def story() -> None:
        async with running(function, sandboxes=1) as pool:
            busy = asyncio.ensure_future(pool.invoke(json.dumps(str(tmp_path / "never")).encode(), patience=PATIENCE_S))
            await until(lambda: begun(function))
            with pytest.raises(Throttled):
                await pool.invoke(b"1", patience=0.05)
            busy.cancel()

    asyncio.run(story())


def test_a_caller_has_the_answer_while_an_extension_is_still_at_work(
    make_function: FunctionFactory, until: Until
) -> None:
    """The process is busy until its extension asks for the next event, so another call gets another process."""
    function = make_function(HAS_AN_EXTENSION)

    async def story() -> list[int]:
        async with running(function) as pool:
            first = await call(pool)
            assert not pool.idle
            second = await call(pool)
            (function.folder / "released").touch()
            await until(lambda: len(pool.idle) == 2)
            return [first, second, await call(pool)]

    first, second, third = asyncio.run(story())

    assert first != second
    assert third in {first, second}


def test_an_extension_that_never_ends_costs_its_process_at_the_timeout(
    make_function: FunctionFactory, until: Until
) -> None:
    """The caller has its answer; the process is ended when the function's time is over."""
    function = make_function(HAS_AN_EXTENSION, timeout=3)

    async def story() -> tuple[int, list[int]]:
        async with running(function) as pool:
            answered = await call(pool)
            await until(lambda: not is_alive(answered))
            (function.folder / "released").touch()
            return answered, [await call(pool)]

    answered, later = asyncio.run(story())

    assert answered not in later


def test_a_retired_process_ends_after_its_call(make_function: FunctionFactory, tmp_path: Path, until: Until) -> None:
    """The call that it has is answered; one that waits ends at once, and the next call gets a new process."""
    function = make_function(WAITS_FOR_A_FILE)
    released = tmp_path / "released"

    async def story() -> tuple[int, int, int]:
        async with running(function) as pool:
            released.touch()
            waiting = await call(pool, str(released))
            await until(lambda: pool.idle)
            pool.retire()
            released.unlink()
            busy = asyncio.ensure_future(call(pool, str(released)))
            await until(lambda: len(begun(function)) == 2)
            pool.retire()
            released.touch()
            return waiting, await busy, await call(pool, str(released))

    pids = asyncio.run(story())

    assert len(set(pids)) == 3
