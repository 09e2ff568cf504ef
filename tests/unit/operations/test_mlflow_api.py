"""Operators' programs ask MLflow over a kept connection, and over a new one after a pause."""

import pytest

from oo.bootstrap.settings import TraceSettings
from operations.mlflow_api import IDLE_S, MlflowApi
from testing.fake_mlflow import FakeMlflow
from testing.raw_server import serving


@pytest.mark.parametrize(("pause_s", "connections"), [(0.0, 1), (IDLE_S / 2, 1), (2 * IDLE_S, 3)])
def test_a_connection_that_was_idle_is_not_used_again(pause_s: float, connections: int) -> None:
    """A server closes it meanwhile, and a request on it would be lost."""
    moments = [0.0]

    def clock() -> float:
        return moments[0]

    with serving(FakeMlflow().serve) as server:
        api = MlflowApi(TraceSettings(mlflow_tracking_uri=server.url), clock)
        with api.asked():
            for _ in range(3):
                api.get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=x")
                moments[0] += pause_s

    assert server.connections == connections
