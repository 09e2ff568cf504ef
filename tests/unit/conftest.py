"""A fixture that every test of a part has."""

import pytest

from oo.telemetry.logs import make_metrics


@pytest.fixture(autouse=True)
def no_metrics_of_others() -> None:
    """Powertools keeps metrics for the whole process: a test that adds some and ends leaves them to the next one."""
    make_metrics().clear_metrics()
