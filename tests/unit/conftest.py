"""A fixture that every test of a part has."""

import pytest

from oo.telemetry.logs import make_metrics
from oo.telemetry.metrics import embedded_format


@pytest.fixture(autouse=True)
def no_metrics_of_others() -> None:
    """A process keeps its metrics and its service's name: a test leaves neither to the next one."""
    make_metrics().clear_metrics()
    embedded_format.cache_clear()
