"""The slider's quantities and bands."""

from oo.prompts.slider import BANDS, NEUTRAL, read_slider
from testing.for_each import for_each


@for_each(
    ("setting", "band"),
    [
        (0, "lab"),
        (14, "lab"),
        (15, "analyst"),
        (39, "analyst"),
        (40, "balanced"),
        (60, "balanced"),
        (61, "intuitive"),
        (85, "intuitive"),
        (86, "destiny"),
        (100, "destiny"),
    ],
)
def test_band_changes_at_its_edge(setting: int, band: str) -> None:
    """Each band begins where the one before it ends."""
    assert band == read_slider(setting).band.name


@for_each(("setting", "snippets"), [(0, 3), (16, 3), (17, 2), (50, 2), (51, 1), (83, 1), (100, 1)])
def test_evidence_thins_out(setting: int, snippets: int) -> None:
    """Evidence goes from three snippets at the data-driven end to one."""
    assert snippets == read_slider(setting).evidence_snippets


def test_quantities_never_turn_back() -> None:
    """Along the slider evidence only shrinks and choice only grows."""
    steps = [read_slider(setting) for setting in range(101)]

    assert sorted((step.evidence_snippets for step in steps), reverse=True) == [s.evidence_snippets for s in steps]
    assert sorted(step.more_tasks for step in steps) == [step.more_tasks for step in steps]


@for_each(("given", "setting"), [(-1, 0), (101, 100), (10**9, 100), (37.9, 37), (None, NEUTRAL)])
def test_setting_out_of_range_stands_at_the_nearer_end(given: float | None, setting: int) -> None:
    """A value off the scale counts as its end, a missing one as the middle."""
    assert setting == read_slider(given).setting


def test_only_the_intuitive_half_draws() -> None:
    """Chance takes part in the choice of tasks from the fourth band on."""
    assert [band.drawn for band in BANDS] == [False, False, False, True, True]


def test_figures_fade() -> None:
    """The data-driven end asks for a figure, the other end for none."""
    assert [band.figures for band in BANDS] == [(1, 2), (0, 1), (0, 1), (0, 0), (0, 0)]
