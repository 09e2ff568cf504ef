"""The faults of a template tip, from its text alone."""

import re
from collections.abc import Iterator

from benchmarks._truth.judges.sentence import hours_apart
from benchmarks._truth.world.scene import Scene
from oo.snippets.grammar import QUOTED

_AGENT = "tip-receptivity"
_REST_KINDS = ("rest", "plan")
_MOST_CHARACTERS = 240
_MOST_SENTENCES = 2
_ENDS = re.compile(r"[.!?…。\uff01\uff1f](?:»|”|\")?(?:\s+|$)")
_BEGINS = re.compile(r"^[«\"“(]|^[^\W\d_a-zäöüß]")
_WAITS = re.compile(r"waits|waiting|wartet|ask|frag", re.IGNORECASE)


def tip_faults(scene: Scene, content: str, kind: str, limit: int | None) -> Iterator[str]:
    """The names of the faults; `limit` is the user's own limit of words, set or learned."""
    if limit is not None and len(content.split()) > limit:
        yield "over the user's limit of words"
    if len(content) > _MOST_CHARACTERS:
        yield "over 240 characters"
    plain = QUOTED.sub("«»", content)
    if len(_ENDS.findall(plain)) > _MOST_SENTENCES:
        yield "over two sentences"
    if not _BEGINS.search(content) or not _ENDS.search(plain[-3:]):
        yield "not a whole sentence"
    if _in_quiet_hours(scene) and kind not in _REST_KINDS:
        yield "something to start in quiet hours"
    yield from _task_faults(scene, content)


def _task_faults(scene: Scene, content: str) -> Iterator[str]:
    titles = [title.removesuffix("…") for title in QUOTED.findall(content)]
    named = [next((task for task in scene.open if task.title.startswith(title)), None) for title in titles]
    if any(task is None for task in named):
        yield "about a task that is not open"
    if any(task and task.is_waiting(scene.now) for task in named) and not _WAITS.search(content):
        yield "proposes work on a waiting task"
    if not titles and any(not task.is_waiting(scene.now) for task in scene.open):
        yield "names no task though some are open"


def _in_quiet_hours(scene: Scene) -> bool:
    begin, end = (scene.setting(_AGENT, key) for key in ("quiet_start_h", "quiet_end_h"))
    if begin is None or end is None:
        return False
    half: float = ((end - begin) % 24) / 2
    return hours_apart(scene.hour, begin + half) < half
