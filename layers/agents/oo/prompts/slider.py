"""The slider from data-driven (0) to intuitive (100): quantities move with every step, wording moves in five bands.

A model cannot tell 37 of 100 from 41, code can: so how much is offered is continuous, and how it is said is banded.
No setting changes what is true.
"""

from typing import NamedTuple

NEUTRAL = 50
"""Where the slider stands for a user who never moved it."""


class Band(NamedTuple):
    """One voice. `last` is the highest setting that still has it; ranges are inclusive.

    `figures` counts evidence figures in the tip's text: clock times and durations of the proposed step are none.
    `drawn` says that the tasks on offer are drawn from a wider top instead of being the top itself.
    """

    name: str
    last: int
    voice: str
    figures: tuple[int, int]
    words: tuple[int, int]
    drawn: bool


BANDS = (
    Band(
        name="lab",
        last=14,
        voice="Sound like an analyst: open with the strongest figure in DATA, then the action. No imagery.",
        figures=(1, 2),
        words=(14, 38),
        drawn=False,
    ),
    Band(
        name="analyst",
        last=39,
        voice="Sound plain and factual; a single figure from DATA is welcome where it helps.",
        figures=(0, 1),
        words=(14, 36),
        drawn=False,
    ),
    Band(
        name="balanced",
        last=60,
        voice="Sound like a friendly colleague: give the reason in words and leave figures to the rationale.",
        figures=(0, 1),
        words=(12, 34),
        drawn=False,
    ),
    Band(
        name="intuitive",
        last=85,
        voice="Speak to the mood of the moment; one light image is fine. No figures.",
        figures=(0, 0),
        words=(10, 30),
        drawn=True,
    ),
    Band(
        name="destiny",
        last=100,
        voice=(
            "Sound like a card turned over by chance: one image, one real task, one tiny step. No figures. "
            "Never foretell, never claim signs."
        ),
        figures=(0, 0),
        words=(10, 28),
        drawn=True,
    ),
)


class Slider(NamedTuple):
    """One setting and what follows from it."""

    setting: int
    band: Band

    @property
    def evidence_snippets(self) -> int:
        """How many agents' snippets the tip may rest on: 3 at the data-driven end, never fewer than 1."""
        return max(1, (350 - 3 * self.setting) // 100)

    @property
    def candidate_tasks(self) -> int:
        """How many tasks the model may choose from: 1 at the data-driven end, 5 at the other."""
        return 1 + 4 * self.setting // 100


def read_slider(science_destiny: float | None) -> Slider:
    """The slider at a setting; outside 0..100 it stands at the nearer end, without a setting in the middle."""
    setting = NEUTRAL if science_destiny is None else min(max(int(science_destiny), 0), 100)
    return Slider(setting, next(band for band in BANDS if setting <= band.last))
