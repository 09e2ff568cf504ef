import io

from operations.progress import Progress


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_line_that_is_drawn_anew() -> None:
    """At most ten times a second, and at the end in any case."""
    stream, clock = Terminal(), iter([0.0, 1.0, 1.0, 1.0, 1.05, 2.0, 2.0, 2.0])
    progress = Progress("jobs", 200, stream, now=lambda: next(clock))

    progress.reach(100)
    progress.reach(101)
    progress.reach(200)
    progress.end()

    drawn = stream.getvalue().split("\r\x1b[K")
    assert drawn == [
        "",
        "jobs [###############...............] 100 of 200, 100 per second",
        "jobs [##############################] 200 of 200, 100 per second\n",
    ]


def test_a_file_has_a_line_every_tenth() -> None:
    """A log of a run is no flood."""
    stream, clock = io.StringIO(), iter(range(100))
    progress = Progress("jobs", 40, stream, now=lambda: float(next(clock)))

    for done in range(41):
        progress.reach(done)
    progress.end()

    lines = stream.getvalue().splitlines()
    assert [line.split("] ")[1].split(",")[0] for line in lines] == [f"{done} of 40" for done in range(4, 41, 4)]


def test_a_run_that_goes_on_counts_only_its_own_speed() -> None:
    """Earlier work took none of this time."""
    stream, clock = io.StringIO(), iter([0.0, 2.0])
    progress = Progress("jobs", 100, stream, done=50, now=lambda: next(clock))

    progress.reach(70)

    assert stream.getvalue() == "jobs [#####################.........] 70 of 100, 10 per second\n"


def test_nothing_to_do_is_no_division_by_nothing() -> None:
    """An empty file is done."""
    stream = io.StringIO()

    Progress("jobs", 0, stream, now=lambda: 0.0).reach(0)

    assert stream.getvalue() == ""
