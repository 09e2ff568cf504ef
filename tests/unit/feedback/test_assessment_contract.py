"""The fake MLflow answers as the real server does; tests/mlflow asks that one the same."""

from testing.assessment_contract import EXPECTED, observed
from testing.fake_mlflow import fake_mlflow

SERVED = "0bff8def915684475846643a4708a1c3"


def test_the_fake_keeps_the_contract_of_assessments() -> None:
    with fake_mlflow() as server:
        server.landed.add(SERVED)

        assert observed(server.url, SERVED) == EXPECTED
