"""The hash of each prompt version's messages, by which a test knows that a released version never changes.

The contexts stay as they are: other ones would give every version another hash. The program writes the
entry of one version; `make new-prompt` runs it.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from commands.program import needed, program
from oo.contract.kinds import Kind
from oo.prompts.chosen import Chosen
from oo.prompts.clock_line import ToldClock
from oo.prompts.delivery import Delivery
from oo.prompts.versions import RECOMMEND_VERSIONS, VERSIONS, get_orchestrator, get_prompt
from oo.snapshot.clock import clock_at
from tools.prompts.morning import NOW, RECENT_TIPS, SNIPPETS, TASKS
from tools.prompts.scenes import scene

ENTRIES = Path("tests/unit/prompts/released_prompts.json")
"""The file with an entry for each version, relative to the repository."""

CONTEXTS: list[dict[str, Any]] = [
    {
        "tasks": TASKS,
        "hour_of_day": 9,
        "day_of_week": 1,
        "extra": {"weather": "rain"},
        "profile_features": {"on_time_rate_28d": 0.9, "energy_now": 0.2},
    },
    {},
]


CHOSEN: dict[str, dict[int, tuple[list[int], list[str]]]] = {
    "orchestrator-1": {
        0: ([2, 1, 0], ["invoice"]),
        25: ([2, 1], ["invoice", "bill"]),
        50: ([2, 1], ["invoice", "bill", "notes"]),
        75: ([2], ["invoice", "notes", "tiles", "bill"]),
        100: ([2], ["invoice", "notes", "tiles", "proposal", "bill"]),
    },
    "orchestrator-2": {
        0: ([2, 0, 1], ["invoice", "proposal", "bill"]),
        25: ([2, 0], ["invoice", "proposal", "notes"]),
        50: ([2, 0], ["invoice", "proposal", "notes", "tiles"]),
        75: ([2], ["invoice", "proposal", "bill", "garage"]),
        100: ([2], ["invoice", "proposal", "checkup", "bill", "garage"]),
    },
}
"""By the slider's setting: the places of the notes and the ids of the tasks that were chosen at the release."""

BOUNDS = {
    0: Delivery((14, 38), 240, (1, 2), tuple(Kind), "analytic", "en", "figure, then step"),
    25: Delivery((14, 36), 220, (0, 1), tuple(Kind), "factual", "en", "reason, then step"),
    50: Delivery((12, 34), 200, (0, 1), tuple(Kind), "friendly", "en", "reason, then step"),
    75: Delivery((10, 30), 180, (0, 0), tuple(Kind), "light", "en", "mood, then step"),
    100: Delivery((10, 28), 160, (0, 0), tuple(Kind), "serendipitous", "en", "image, then step"),
}


def scenes(chosen: dict[int, tuple[list[int], list[str]]]) -> Iterator[Chosen]:
    """The morning at five settings, and an empty request at the same ones."""
    for setting, (places, offered) in chosen.items():
        fewest, _ = BOUNDS[setting].words
        yield scene(
            setting=setting,
            delivery=BOUNDS[setting]._replace(words=(fewest, 18), kinds=tuple(Kind)[1:]),
            now=NOW,
            rows=TASKS,
            offered=offered,
            notes=[SNIPPETS[place] for place in places],
            delivery_note=SNIPPETS[3],
            recent_tips=RECENT_TIPS,
            told_clock=ToldClock(9, 1),
        )
    for setting in chosen:
        yield scene(setting=setting, delivery=BOUNDS[setting], now=NOW)


def digest(conversations: list[list[dict[str, str]]]) -> str:
    """SHA-256 of messages."""
    return sha256(json.dumps(conversations, ensure_ascii=False).encode()).hexdigest()


def write_entry(version: str, root: Path) -> Path:
    """Write the version's current hash into the file of entries; returns the file's path, relative to `root`."""
    entries = json.loads((root / ENTRIES).read_text(encoding="utf-8"))
    entries[version] = hashes()[version]
    (root / ENTRIES).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    return ENTRIES


def hashes() -> dict[str, str]:
    """By version, the hash of its messages for the same contexts, and for none."""
    found = {
        version: digest(
            [get_prompt(version).build(context, 3, clock=clock_at(NOW, NOW.tzinfo)).messages for context in CONTEXTS]
        )
        for version in VERSIONS
    }
    for version in RECOMMEND_VERSIONS:
        prompt = get_orchestrator(version)
        found[version] = digest([prompt.build(chosen).messages for chosen in scenes(_chosen_for(version))])
    return found


def _chosen_for(version: str) -> dict[int, tuple[list[int], list[str]]]:
    """Those of the version's release; a later version gets those of `orchestrator-2`."""
    return CHOSEN.get(version, CHOSEN["orchestrator-2"])


@program("release-hash")
@needed("NAME", example="orchestrator-3", help="a prompt version")
def main(name: str) -> None:
    """Write the entry of the version with its current hash."""
    print(f"wrote {write_entry(name, Path(__file__).parents[2])}")
