import io

from operations.progress import Progress


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_has_one_bar_that_is_drawn_anew() -> None:
    """It ends complete, and a message stands above it on a line of its own."""
    stream = Terminal()
    progress = Progress("jobs", 200, stream)

    progress.reach(100)
    progress.say("line 7 is no JSON")
    progress.reach(200)
    progress.end()

    drawn = stream.getvalue()
    assert "200/200" in drawn.rpartition("\r")[2]
    assert drawn.count("jobs") > drawn.count("\n") == 2
    assert "line 7 is no JSON\n" in drawn


def test_a_file_has_a_line_per_tenth() -> None:
    """The log of a run stays short."""
    stream = io.StringIO()
    progress = Progress("jobs", 40, stream)

    for done in range(41):
        progress.reach(done)
    progress.end()

    expected = [f"jobs: {done} of 40" for done in range(4, 41, 4)]
    assert expected == stream.getvalue().splitlines()


def test_a_run_that_continues_begins_at_its_own_tenth() -> None:
    """The tenths that were reached before are not printed again."""
    stream = io.StringIO()
    progress = Progress("jobs", 1_000, stream, done=550)

    progress.reach(560)
    progress.reach(600)

    assert stream.getvalue() == "jobs: 600 of 1,000\n"


def test_nothing_to_do_is_no_division_by_nothing() -> None:
    """An empty file is done."""
    stream = io.StringIO()

    Progress("jobs", 0, stream).reach(0)

    assert stream.getvalue() == ""
