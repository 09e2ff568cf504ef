"""The MLflow experiment of traces, by its name."""

import json
from http import HTTPStatus
from urllib.parse import quote

from oo.deadline import Deadline
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.export.mlflow.server import MlflowServer, ServerAnswer

_API = "/api/2.0/mlflow/experiments"
_DELETED = "The experiment of MLFLOW_EXPERIMENT_NAME is deleted: restore it, or name another one"
_REFUSED = (
    "The server did not name the experiment of MLFLOW_EXPERIMENT_NAME: look at MLFLOW_TRACKING_URI and its sign-in"
)


class Experiment:
    """Resolves `name` once and caches the id. A missing experiment is created, as by MLflow's own client."""

    def __init__(self, server: MlflowServer, name: str) -> None:
        self._server = server
        self._name = name
        self._id: str | None = None

    def id(self, deadline: Deadline) -> str:
        """The cached id; raises ExportFailed and Unreachable."""
        if self._id is None:
            self._id = self.look_up(deadline)
        return self._id

    def forget(self) -> None:
        """Look it up again the next time, because the server does not know the id any more."""
        self._id = None

    def look_up(self, deadline: Deadline) -> str:
        """Look the id up on the server; raises ExportFailed and Unreachable."""
        answer = self._by_name(deadline)
        if _code(answer) == "RESOURCE_DOES_NOT_EXIST":
            answer = self._create(deadline)
            if _code(answer) == "RESOURCE_ALREADY_EXISTS":
                answer = self._by_name(deadline)
        return _id_in(answer)

    def find(self, deadline: Deadline) -> str | None:
        """The same without creating one: None if there is no such experiment."""
        answer = self._by_name(deadline)
        return None if _code(answer) == "RESOURCE_DOES_NOT_EXIST" else _id_in(answer)

    def _by_name(self, deadline: Deadline) -> ServerAnswer:
        return self._server.request(f"{_API}/get-by-name?experiment_name={quote(self._name, safe='')}", deadline)

    def _create(self, deadline: Deadline) -> ServerAnswer:
        body = json.dumps({"name": self._name}).encode()
        return self._server.request(f"{_API}/create", deadline, body=body, headers={"content-type": "application/json"})


def _code(answer: ServerAnswer) -> object:
    return None if answer.is_success else answer.fields.get("error_code")


def _hint(answer: ServerAnswer) -> str | None:
    """The operator's next step; None if the server itself failed or is overloaded, as the request was correct then."""
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return answer.hint or _REFUSED


def _id_in(answer: ServerAnswer) -> str:
    found = answer.fields.get("experiment", answer.fields)
    if not answer.is_success or not isinstance(found, dict) or not isinstance(found.get("experiment_id"), str):
        raise ExportFailed(status=answer.status, hint=_hint(answer))
    if found.get("lifecycle_stage", "active") != "active":
        raise ExportFailed(status=HTTPStatus.GONE, hint=_DELETED)
    identifier: str = found["experiment_id"]
    return identifier
