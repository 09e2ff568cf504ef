"""The sandboxes of one function: one per concurrent call, up to a limit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

from local.lambda_emulation.runtime import Failure, FunctionAnswer
from local.lambda_emulation.sandbox import InitFailed, Sandbox

SANDBOXES = 4
WAITING = 64
_KILL_AGAIN_S = 0.1
# A process that has just answered is free again within milliseconds; starting another one takes most of a second.
_WORTH_WAITING_S = 0.05


class Throttled(Exception):
    """All sandboxes are busy and too many calls are waiting, or this one has waited too long."""


class Pool:
    """Runs calls on sandboxes that `launch` starts.

    At most `sandboxes` run at a time and at most `waiting` calls wait for one.
    """

    def __init__(
        self, launch: Callable[[], Awaitable[Sandbox]], *, sandboxes: int = SANDBOXES, waiting: int = WAITING
    ) -> None:
        self._launch = launch
        self._limit = sandboxes
        self._waiting_limit = waiting
        self._launched: set[Sandbox] = set()
        self._ready: set[Sandbox] = set()
        self._idle: list[Sandbox] = []
        self._outdated: set[Sandbox] = set()
        self._starting = 0
        self._waiting: deque[asyncio.Future[Sandbox]] = deque()
        self._calls: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def idle(self) -> list[int]:
        """The idle processes."""
        return [sandbox.pid for sandbox in self._idle]

    async def warm(self) -> str | None:
        """Start one sandbox and wait until it is ready; returns the fault if it did not start."""
        problems: list[str] = []
        self._starting += 1
        await asyncio.shield(_keep(self._tasks, self._start(lambda failure: problems.append(str(failure)))))
        return problems[0] if problems else None

    def retire(self) -> None:
        """End every process: one that waits at once, one that works after its call. Later calls get new ones."""
        self._outdated |= self._launched
        for sandbox in self._idle:
            sandbox.kill()
        self._idle.clear()
        self._ready.clear()

    async def invoke(self, payload: bytes, *, patience: float) -> FunctionAnswer:
        """Run one event, waiting up to `patience` seconds for a sandbox. Raises Throttled.

        If a function cannot start, the result is a failure, as in Lambda.
        """
        try:
            sandbox = await self._acquire(patience)
        except InitFailed as failure:
            return FunctionAnswer(failure.document, Failure.INIT)
        # The call continues after its caller gives up, as in Lambda.
        call = asyncio.ensure_future(sandbox.invoke(payload))
        _keep(self._calls, self._release(sandbox, call))
        return await asyncio.shield(call)

    async def stop(self, *, patience: float) -> None:
        """Wait up to `patience` seconds for running calls and extensions, then end every process."""
        self._closed = True
        for waiter in self._waiting:
            waiter.set_exception(Throttled())
        self._waiting.clear()
        if self._calls:
            await asyncio.wait(self._calls, timeout=patience)
        while tasks := self._calls | self._tasks:
            for sandbox in self._launched:
                sandbox.kill()
            await asyncio.wait(tasks, timeout=_KILL_AGAIN_S)

    async def _acquire(self, patience: float) -> Sandbox:
        while self._idle:
            sandbox = self._idle.pop()
            if sandbox.alive:
                return sandbox
        if len(self._waiting) >= self._waiting_limit or self._closed:
            raise Throttled
        waiter: asyncio.Future[Sandbox] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        asyncio.get_running_loop().call_later(_WORTH_WAITING_S if self._ready else 0, self._grow)
        try:
            await asyncio.wait({waiter}, timeout=patience)
        finally:
            if not waiter.done():
                self._waiting.remove(waiter)
        if not waiter.done():
            raise Throttled
        return waiter.result()

    def _grow(self) -> None:
        room = len(self._ready) + self._starting < self._limit
        if room and self._starting < len(self._waiting) and not self._closed:
            self._replenish()

    def _replenish(self) -> None:
        self._starting += 1
        _keep(self._tasks, self._start(self._disappoint))

    def _disappoint(self, failure: InitFailed) -> None:
        if self._waiting:
            self._waiting.popleft().set_exception(failure)

    async def _start(self, on_failure: Callable[[InitFailed], None]) -> None:
        """Start one sandbox, which `_starting` counts already, and offer it when it is ready."""
        try:
            sandbox = await self._launch()
            self._launched.add(sandbox)
            _keep(self._tasks, self._watch(sandbox))
            await sandbox.ready()
        except InitFailed as failure:
            self._starting -= 1
            on_failure(failure)
            self._grow()
            return
        self._starting -= 1
        if sandbox in self._outdated:
            sandbox.kill()
            self._grow()
            return
        self._ready.add(sandbox)
        self._offer(sandbox)

    def _offer(self, sandbox: Sandbox) -> None:
        if self._waiting:
            self._waiting.popleft().set_result(sandbox)
        else:
            self._idle.append(sandbox)

    async def _release(self, sandbox: Sandbox, call: asyncio.Future[FunctionAnswer]) -> None:
        await asyncio.wait({call})
        is_usable = await sandbox.settle()
        if sandbox in self._outdated:
            sandbox.kill()
        elif is_usable:
            self._offer(sandbox)
        elif not self._closed:
            # The next call should not be delayed by the loss of this process.
            self._replenish()

    async def _watch(self, sandbox: Sandbox) -> None:
        await asyncio.wait({sandbox.exited})
        for sandboxes in (self._launched, self._ready, self._outdated):
            sandboxes.discard(sandbox)
        if sandbox in self._idle:
            self._idle.remove(sandbox)
        await sandbox.close()
        self._grow()


def _keep(tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """Keep a reference to the task until it is done, because the loop has only weak ones."""
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
