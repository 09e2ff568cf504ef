"""The judge of tip-receptivity, the agent for the reception of tips."""

import re
from collections.abc import Iterator, Sequence

from benchmarks._truth.judges.sentence import Finding, Sentence, holds, leads
from benchmarks._truth.world.scene import Reaction

AGENT = "tip-receptivity"
_NEGATIVE = ("dismissed", "not_helpful")
_TAKEN = ("done", "helpful")
_USUAL_LIMIT = 30
_OFTEN = 0.5
_RECENT_D = 28


def tip_receptivity(sentence: Sentence) -> Iterator[Finding]:
    """The run of tips turned down, those of today, the accepted share, the limit, quiet hours and tone."""
    scene = sentence.scene
    run = sentence.number(r"the last (\d+) tips")
    if run is not None:
        recent = [each for each in scene.reactions if scene.days_ago(each.at) < _RECENT_D]
        yield holds(run in (turned_down(scene.reactions), turned_down(recent)), "another run of tips turned down")
    if sentence.says(r"most of the latest tips"):
        last = [each for each in scene.reactions if each.outcome != "shown"][-10:]
        share = sum(each.outcome in _NEGATIVE for each in last) / max(len(last), 1)
        yield leads(share >= _OFTEN, "fewer than half were turned down")
    today = re.search(r"(\d+) tips? came up today", sentence.fact)
    if today:
        yield holds(
            int(today[1]) == sum(scene.days_ago(each.at) == 0 for each in scene.reactions), "another number today"
        )
    if sentence.says(r"taken up more often than not"):
        yield holds(scene.habits.accepts > _OFTEN, "tips are taken up less often than not")
    until = re.search(r"quiet hours run until (\d\d):00", sentence.fact)
    if until:
        yield holds(int(until[1]) == scene.setting(AGENT, "quiet_end_h"), "other quiet hours")
    tone = re.search(r"\ba (\w+) tone", sentence.text)
    if tone:
        yield holds(tone[1] == scene.setting(AGENT, "tone"), "another tone than the user set")
    yield from _limit(sentence)


def turned_down(reactions: Sequence[Reaction]) -> int:
    """The number of latest tips turned down in a row; postponed or only shown ones neither count nor end the run."""
    count = 0
    for each in reversed(reactions):
        if each.outcome in _TAKEN:
            break
        count += each.outcome in _NEGATIVE
    return count


def _limit(sentence: Sentence) -> Iterator[Finding]:
    scene = sentence.scene
    said = sentence.number(r"the limit for a tip here is (\d+) words")
    if said is None:
        return
    own = scene.setting(AGENT, "max_words")
    if own is not None:
        yield holds(said == own, "another limit than the user set")
        return
    reads = scene.habits.reads_words
    yield holds(reads is not None or said >= _USUAL_LIMIT, "a limit for a reader of whole tips")
    if reads is not None:
        yield holds(abs(said - max(reads, 14)) <= max(6, reads / 3), "a limit far from what is read")
