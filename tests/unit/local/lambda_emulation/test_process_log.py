"""Where the lines of processes go."""

import io

from local.lambda_emulation.process_log import JsonLog, StreamLog


def test_objects_go_to_the_file_and_other_lines_to_the_terminal() -> None:
    """The file has one JSON object per line, and a traceback is seen."""
    file, terminal = io.StringIO(), io.StringIO()
    log = JsonLog(file, StreamLog(terminal))
    for text in ('{"message": "recommend_served"}', "Traceback", "{'a': 1}", "[1]", "{" * 100_000):
        log.line("F", text)

    assert file.getvalue() == '{"message": "recommend_served"}\n'
    assert terminal.getvalue() == f"F | Traceback\nF | {{'a': 1}}\nF | [1]\nF | {'{' * 100_000}\n"


def test_a_line_that_cannot_be_written_is_lost() -> None:
    """A terminal that is gone or a full disk does not end the service."""
    closed = io.StringIO()
    closed.close()

    JsonLog(closed, StreamLog(closed)).line("F", "{}")
    StreamLog(closed).line("F", "text")
