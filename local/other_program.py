"""A server of another environment, such as the LiteLLM proxy, started for the person at the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from local.deployment.environment import ROOT
from local.lambda_emulation.child import Child
from local.lambda_emulation.process_log import StreamLog
from local.terminal import shown_path
from local.until_stopped import PartLost

_START_TIMEOUT_S = 180.0
_POLL_S = 0.1


@dataclass(frozen=True)
class OtherProgram:
    """`name` begins a sentence. `program` runs with `arguments` and exactly `environment`; `health` is its URL."""

    name: str
    program: Path
    arguments: Sequence[str]
    environment: Mapping[str, str]
    health: str
    log: Path

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Child]:
        """Start it and wait until it answers; on leaving, end it. Raises PartLost."""
        if not self.program.exists():
            raise PartLost(f"{self.name} is not installed: start it with make, which installs it.")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("w", encoding="utf-8") as file:
            child = await Child.start(
                self.arguments,
                label=self.name,
                environment=self.environment,
                folder=ROOT,
                log=StreamLog(file),
                program=str(self.program),
            )
            try:
                await self._until_it_answers(child)
                yield child
            finally:
                await child.stop()

    async def serve(self, said: str) -> None:
        """Start it, print `said` once it answers, and serve until cancelled. Raises PartLost when it ends by itself."""
        async with self.running() as child:
            print(said, flush=True)
            await asyncio.wait([child.exited])
            raise PartLost(f"{self.name} has ended: {shown_path(self.log)} says why.")

    async def _until_it_answers(self, child: Child) -> None:
        end = asyncio.get_running_loop().time() + _START_TIMEOUT_S
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while child.alive and asyncio.get_running_loop().time() < end:
                try:
                    if (await client.get(self.health)).is_success:
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(_POLL_S)
        raise PartLost(f"{self.name} did not start: {shown_path(self.log)} says why.")
