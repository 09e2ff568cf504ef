"""More time for AWS clients and trace exports than in a function, because a busy machine is not an outage.

After an outage fewer requests go to AWS, and traces of an export that timed out are lost. A test passes its
monkeypatch.setattr, the process of a function the built-in setattr.
"""

import os
from collections.abc import Callable
from functools import partialmethod
from typing import Any

from botocore.httpsession import URLLib3Session

from local.deployment.environment import ROOT
from oo.telemetry.export.after_response import AfterResponse
from oo.telemetry.export.mlflow import client_protocol

PATIENCE_S = 60
_START = URLLib3Session.__init__
_EXPORTS = AfterResponse.__init__

SetAttribute = Callable[[object, str, object], None]


def wait_for_aws(set_attribute: SetAttribute, seconds: float = PATIENCE_S) -> None:
    """Give each AWS client that is created afterwards a timeout of `seconds` per attempt."""

    def start(session: URLLib3Session, *arguments: Any, **options: Any) -> None:
        _START(session, *arguments, **options | {"timeout": seconds})

    set_attribute(URLLib3Session, "__init__", start)


def wait_for_exports(set_attribute: SetAttribute) -> None:
    """Give the exports of each function that is composed afterwards 60 s, imports included."""
    set_attribute(AfterResponse, "__init__", partialmethod(_EXPORTS, ceiling_s=float(PATIENCE_S)))
    set_attribute(client_protocol, "REQUEST_TIMEOUT_S", PATIENCE_S)


def patient_functions() -> dict[str, str]:
    """The variables of a local system whose functions wait 60 s for AWS and MLflow."""
    return {"FUNCTION_PYTHONPATH": os.pathsep.join([str(ROOT / "tests/hooks/patient"), str(ROOT)])}
