"""Lines, colours and addresses at the terminal."""

import io
import os
import pty

from local.terminal import GREEN, Terminal, shown_address
from testing.for_each import for_each


@for_each(
    ("url", "shown"),
    [
        ("https://user:secret@host.test:5000/path?token=secret#secret", "https://host.test:5000/path"),
        ("http://secret@127.0.0.1:4000", "http://127.0.0.1:4000"),
        ("http://[::1]:4000/v1", "http://[::1]:4000/v1"),
        ("databricks://secret@profile", "databricks://profile"),
        ("user:secret@host.test:5000", "(no URL with a host)"),
        ("http://secret:x@host.test:port", "(no URL with a host)"),
        ("http://[secret", "(no URL with a host)"),
    ],
)
def test_an_address_is_shown_without_secrets(url: str, shown: str) -> None:
    """User, password, query and fragment stay out; a text that is no address may be all secret."""
    assert shown_address(url) == shown


def test_a_file_gets_no_colours() -> None:
    """Escape codes would be part of its text."""
    assert Terminal(io.StringIO(), {}).paint("200", GREEN) == "200"


def test_a_terminal_has_colours_unless_they_are_unwanted() -> None:
    """NO_COLOR is the variable for it."""
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as stream:
        painted = [Terminal(stream, environment).paint("200", GREEN) for environment in ({}, {"NO_COLOR": "1"})]
    os.close(reader)

    assert painted == ["\033[32m200\033[0m", "200"]


def test_a_closed_stream_is_no_reason_to_stop() -> None:
    """`make run | head` goes on serving."""
    stream = io.StringIO()
    terminal = Terminal(stream, {})
    stream.close()

    terminal.say("text")
