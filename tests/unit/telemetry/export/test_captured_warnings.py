import logging

import pytest

from oo.telemetry.export.captured_warnings import captured_warnings


def test_who_warns_is_named_and_what_it_says_goes_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """From every logger below the package's; lines of less weight are none."""
    with captured_warnings("package") as complained:
        logging.getLogger("package.deep.part").warning("quotes a prompt")
        logging.getLogger("package").info("works")
        logging.getLogger("another").warning("is heard")

    assert complained == ["package.deep.part"]
    assert [record.name for record in caplog.records] == ["another"]


def test_a_logger_can_be_listened_to_at_any_level() -> None:
    logging.getLogger("package.quiet").setLevel(logging.DEBUG)

    with captured_warnings("package", at_any_level="package.quiet") as complained:
        logging.getLogger("package.quiet").debug("failed")

    assert complained == ["package.quiet"]


def test_the_next_block_begins_with_none() -> None:
    with captured_warnings("package") as first:
        logging.getLogger("package").error("once")
    with captured_warnings("package") as second:
        pass

    assert (first, second) == (["package"], [])
