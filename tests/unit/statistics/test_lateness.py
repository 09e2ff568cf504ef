"""How late dated tasks get done."""

from datetime import UTC, datetime, timedelta

import pytest

from oo.snapshot.clock import clock_at
from oo.snapshot.completions import in_order, read_task_completions
from oo.snapshot.report import ListReport
from oo.statistics.lateness import Lateness, read_lateness
from testing.agent_snapshots import DAY, NOW, iso

LATEST = datetime(2026, 6, 18, tzinfo=UTC)


def read(*rows: tuple[datetime, object], half_life_d: float | None = None) -> Lateness:
    completions = [{"completed_at": iso(at), "due_at": due} for at, due in rows]
    return read_lateness(
        in_order(read_task_completions(completions, clock_at(LATEST, UTC), ListReport("task_completions"))),
        UTC,
        half_life_d,
    )


@pytest.mark.parametrize(
    ("late", "days"), [(DAY, 1), (-DAY / 2, -0.5), (timedelta(days=300), 60), (-timedelta(days=300), -30)]
)
def test_lateness_is_clamped(late: timedelta, days: float) -> None:
    """Lateness is in days, beyond 60 late and 30 early it counts as that."""
    assert read((NOW, iso(NOW - late))).days == [days]


def test_undated_completions_only_set_the_age() -> None:
    """Completions without a date have no lateness, but the newest of all is where ages count from."""
    found = read((NOW, None), (NOW - 10 * DAY, iso(NOW)), half_life_d=10)

    assert (found.days, found.weights) == ([-10], [0.5])


def test_evidence_fades_and_bulk_shares() -> None:
    """A half-life halves the weight, and four ticked off together weigh as much as two."""
    together = [(NOW, iso(NOW + n * DAY)) for n in range(4)]
    found = read(*together, (NOW - 45 * DAY, iso(NOW)), half_life_d=45)

    assert found.total_weight == 2.5
    assert found.effective_n == pytest.approx(2.5**2 / (4 * 0.25 + 0.25))


def test_late_is_after_the_date() -> None:
    """Being done exactly on time is not late."""
    found = Lateness([0, -1, 0.001, 5], [1, 1, 1, 1])

    assert found.late_share() == 0.5
    assert found.quantile(0.5) == pytest.approx(0.0005)
