from oo.deadline import Deadline
from oo.telemetry.export.exporter import LateExporter
from tests.unit.telemetry.fixtures import Kept, finished_trace


class Maker:
    """Counts how often it is asked for its exporter."""

    def __init__(self) -> None:
        self.made = 0
        self.exporter = Kept()

    def __call__(self) -> Kept:
        self.made += 1
        return self.exporter


def test_an_exporter_is_made_by_its_first_trace_and_once() -> None:
    maker = Maker()
    late = LateExporter("late", maker)
    assert maker.made == 0

    for _ in range(2):
        late.export(finished_trace(), Deadline.after(1))

    assert (maker.made, len(maker.exporter.traces)) == (1, 2)


def test_what_was_never_made_loads_nothing() -> None:
    late = LateExporter("late", Loading)
    before = late.is_loading

    late.export(finished_trace(), Deadline.after(1))

    assert (before, late.is_loading) == (False, True)


def test_what_was_never_made_has_has_nothing_to_let_go_of() -> None:
    maker = Maker()
    late = LateExporter("late", maker)

    late.rest()
    late.abandon()

    assert maker.made == 0


def test_rest_reaches_the_exporter() -> None:
    maker = Maker()
    late = LateExporter("late", maker)
    late.export(finished_trace(), Deadline.after(1))

    late.rest()

    assert maker.exporter.rested == 1


class Loading(Kept):
    @property
    def is_loading(self) -> bool:
        return True
