"""A changed source file and the functions that it restarts."""

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from local.deployment.template import Function
from local.source_watch import Restarts, SourceFiles, watch
from testing.for_each import for_each

WEB, WORK = (
    Function(name, Path("/r/functions", name), "app.handler", 1, 1, "python3.13", {}) for name in ("web", "work")
)


class Processes:
    """Records the operations on them; `problem` is the fault of the next start."""

    def __init__(self, problem: str | None = None) -> None:
        self.done: list[str] = []
        self.problem = problem

    def retire(self) -> None:
        self.done.append("retire")

    async def warm(self) -> str | None:
        self.done.append("warm")
        return self.problem


def restart(files: Iterable[str], problem: str | None = None) -> tuple[list[str], list[str], list[str]]:
    """Calls to the processes of the two functions, and the printed lines."""
    said: list[str] = []
    web, work = Processes(problem), Processes()
    restarts = Restarts({"web": WEB, "work": WORK}, {"web": web, "work": work}, Path("/r"), said.append)
    asyncio.run(restarts({Path("/r", file) for file in files}))
    return web.done, work.done, said


def test_a_functions_file_restarts_it_alone() -> None:
    """The new process starts after the old one gets the signal to end, and both events are printed."""
    web, work, said = restart(["functions/web/app.py"])

    assert (web, work) == (["retire", "warm"], [])
    assert said == ["functions/web/app.py changed: restarting web.", "Restarted."]


def test_a_file_of_the_layer_restarts_all() -> None:
    """Every function imports the layer."""
    web, work, said = restart(["layers/agents/oo/b.py", "layers/agents/oo/a.py"])

    assert web == work == ["retire", "warm"]
    assert said[0] == "layers/agents/oo/a.py and 1 more changed: restarting 2 functions."


def test_a_function_that_does_not_start_is_named() -> None:
    """The line contains the fault and the remedy."""
    said = restart(["functions/web/app.py"], problem="SyntaxError")[2]

    assert said[1:] == ["web did not start: SyntaxError. Correct the file: the function is restarted with it."]


@for_each(
    ("looks", "restarted"),
    [
        ([[], ["a"], [], []], [{"a"}]),
        ([["a"], ["b", "a"], [], []], [{"a", "b"}]),
        ([["a"], [], ["b"], []], [{"a"}, {"b"}]),
        ([["a"]], []),
    ],
)
def test_files_that_change_together_are_one_restart(looks: list[list[str]], restarted: list[set[str]]) -> None:
    """A restart waits for the first look that finds no further change."""
    told: list[set[Path]] = []
    left = iter(looks)

    async def wait() -> None:
        """Returns at once, until the looks are used up."""

    async def note(files: Collection[Path]) -> None:
        told.append(set(files))

    def changed() -> list[Path]:
        try:
            return [Path(name) for name in next(left)]
        except StopIteration:
            raise asyncio.CancelledError from None

    with suppress(asyncio.CancelledError):
        asyncio.run(watch(changed, note, wait))

    assert told == [{Path(name) for name in names} for names in restarted]


def test_written_added_and_removed_files_are_changes(tmp_path: Path) -> None:
    """In any folder; bytecode, hidden files and folders, and an editor's copies are none."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "__pycache__").mkdir()
    for name in ("kept.py", "written.py", "removed.py"):
        (tmp_path / "deep" / name).write_text("1")
    files = SourceFiles([tmp_path, tmp_path / "missing"])
    (tmp_path / "deep" / "written.py").write_text("12")
    (tmp_path / "deep" / "removed.py").unlink()
    for name in ("added.json", "__pycache__/x.py", ".hidden.py", "written.py~", "note.txt"):
        (tmp_path / name).write_text("1")

    first, second = files.changed(), files.changed()

    assert {path.name for path in first} == {"written.py", "removed.py", "added.json"}
    assert second == set()
