"""The slider from data-driven (0) to intuitive (100): continuous quantities, and wording in five bands.

A model cannot distinguish 37 of 100 from 41, code can: so quantities are continuous, and wording has bands. No setting
changes a fact.
"""

from typing import NamedTuple

NEUTRAL = 50
"""The setting for a user who never moved the slider."""


class Band(NamedTuple):
    """One band's voice.

    `last` is the highest setting of the band; ranges are inclusive. `figures` limits evidence figures in the tip's
    text, without clock times and durations of the proposed step. `tone` and `form` describe the voice as a word and as
    an order of clauses. If `drawn`, the tasks on offer are drawn from a wider top instead of being the top itself.
    """

    name: str
    last: int
    figures: tuple[int, int]
    drawn: bool
    tone: str
    form: str


BANDS = (
    Band(
        name="lab",
        last=14,
        figures=(1, 2),
        drawn=False,
        tone="analytic",
        form="figure, then step",
    ),
    Band(
        name="analyst",
        last=39,
        figures=(0, 1),
        drawn=False,
        tone="factual",
        form="reason, then step",
    ),
    Band(
        name="balanced",
        last=60,
        figures=(0, 1),
        drawn=False,
        tone="friendly",
        form="reason, then step",
    ),
    Band(
        name="intuitive",
        last=85,
        figures=(0, 0),
        drawn=True,
        tone="light",
        form="mood, then step",
    ),
    Band(
        name="destiny",
        last=100,
        figures=(0, 0),
        drawn=True,
        tone="serendipitous",
        form="image, then step",
    ),
)


_WORDS = ((14, 38), (14, 36), (12, 34), (10, 30), (10, 28))
"""At the settings 0, 25, 50, 75 and 100."""


class Slider(NamedTuple):
    """One setting and its quantities."""

    setting: int
    band: Band

    @property
    def evidence_snippets(self) -> int:
        """The maximum number of agents' snippets in the prompt: 3 at the data-driven end, never fewer than 1."""
        return max(1, (350 - 3 * self.setting) // 100)

    @property
    def more_tasks(self) -> int:
        """The number of tasks on offer beyond those that the evidence names, or beyond one if it names none: 0 to 4."""
        return 4 * self.setting // 100

    @property
    def words(self) -> tuple[int, int]:
        """The minimum and maximum words of a tip: 14 to 38 at the data-driven end, 10 to 28 at the other."""
        quarter = min(self.setting // 25, len(_WORDS) - 2)
        part = self.setting / 25 - quarter
        (fewest, most), (next_fewest, next_most) = _WORDS[quarter : quarter + 2]
        # One is truncated and one is rounded, so that the two change at different settings.
        return int(fewest + part * (next_fewest - fewest)), round(most + part * (next_most - most))

    @property
    def characters(self) -> int:
        """The maximum characters of a tip: 240 at the data-driven end, 160 at the other."""
        return 240 - round(0.8 * self.setting)


def read_slider(science_destiny: float | None) -> Slider:
    """The slider at a setting; a value outside 0..100 is clamped, None means the middle."""
    setting = NEUTRAL if science_destiny is None else min(max(int(science_destiny), 0), 100)
    return Slider(setting, next(band for band in BANDS if setting <= band.last))
