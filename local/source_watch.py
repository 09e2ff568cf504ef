"""Restart of the functions whose source files have changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from local.deployment.template import Function

POLL_S = 0.2
"""Looks at about 300 files take 3 ms of a processor."""

_SUFFIXES = (".py", ".json")

Stamps = dict[Path, tuple[int, int]]


class Restartable(Protocol):
    """The processes of one function."""

    def retire(self) -> None:
        """End those that run the old source, each after its call."""

    async def warm(self) -> str | None:
        """Start one with the new source; the fault if it does not start."""


class SourceFiles:
    """The source files below some folders, and their changes since the last look."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._seen = self._stamps()

    def changed(self) -> set[Path]:
        """Files that were written, added or removed since the last call."""
        before, self._seen = self._seen, self._stamps()
        return {path for path, _ in before.items() ^ self._seen.items()}

    def _stamps(self) -> Stamps:
        return {path: stamp for folder in self._folders for path, stamp in _files(folder)}


async def watch(
    changed: Callable[[], Collection[Path]],
    restart: Callable[[Collection[Path]], Awaitable[None]],
    wait: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(POLL_S),
) -> None:
    """Call `restart` with all files of a change, once a look finds no more of them. Runs until cancelled."""
    found: set[Path] = set()
    while True:
        await wait()
        more = changed()
        found |= set(more)
        if found and not more:
            await restart(found)
            found = set()


class Restarts:
    """Restarts the functions that use changed files, and says so: those in their folder, or all for the layer."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        processes: Mapping[str, Restartable],
        root: Path,
        say: Callable[[str], None],
    ) -> None:
        self._functions = functions
        self._processes = processes
        self._root = root
        self._say = say

    async def __call__(self, files: Collection[Path]) -> None:
        """Restart, and wait until the new processes have started or failed to."""
        names = [name for name, function in self._functions.items() if _uses(function, files, self._functions)]
        self._say(f"{_shown(files, self._root)} changed: restarting {_counted(names)}.")
        for name in names:
            self._processes[name].retire()
        # As many at a time as there are processors: a request in between has its own process soon.
        turns = asyncio.Semaphore(os.cpu_count() or 1)
        problems = await asyncio.gather(*(self._warm(name, turns) for name in names))
        failed = {name: problem for name, problem in zip(names, problems, strict=True) if problem}
        for name, problem in failed.items():
            self._say(f"{name} did not start: {problem}. Correct the file: the function is restarted with it.")
        if not failed:
            self._say("Restarted.")

    async def _warm(self, name: str, turns: asyncio.Semaphore) -> str | None:
        async with turns:
            return await self._processes[name].warm()


def _uses(function: Function, files: Collection[Path], functions: Mapping[str, Function]) -> bool:
    """Whether one of the files is in the function's folder, or in no function's: then it is the layer's."""
    return any(
        path.is_relative_to(function.folder)
        or not any(path.is_relative_to(other.folder) for other in functions.values())
        for path in files
    )


def _shown(files: Collection[Path], root: Path) -> str:
    first, *others = sorted(os.path.relpath(path, root) for path in files)
    return f"{first} and {len(others)} more" if others else first


def _counted(names: Collection[str]) -> str:
    return next(iter(names)) if len(names) == 1 else f"{len(names)} functions"


def _files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Source files below the folder with time of change (ns) and size; one that disappears meanwhile is left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir():
                yield from () if entry.name.startswith(("__", ".")) else _files(Path(entry.path))
            elif entry.name.endswith(_SUFFIXES) and not entry.name.startswith("."):
                stat = entry.stat()
                yield Path(entry.path), (stat.st_mtime_ns, stat.st_size)
        except OSError:
            continue
