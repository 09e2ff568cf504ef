"""The work after an answer, by the environment."""

import sys
import threading
from collections.abc import Iterator

import pytest

from oo.bootstrap import exporters
from oo.bootstrap.settings import Config, TraceSettings
from oo.telemetry.spans import Trace
from testing.fake_mlflow import FakeMlflow, fake_mlflow
from testing.free_port import free_port
from testing.raw_server import Connection, RawServer, response, serving
from tests.unit.telemetry.fixtures import Log, dropped, finished_trace

REGISTERED = response(b"{}", "200 OK\r\nLambda-Extension-Identifier: e-1")
CANARY = "canary-71d0"


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    with fake_mlflow() as server:
        yield server


@pytest.fixture
def registrations() -> list[bytes]:
    """The heads of the requests that registered an extension."""
    return []


@pytest.fixture
def runtime_api(registrations: list[bytes]) -> Iterator[RawServer]:
    """Registers an extension; of calls it knows nothing."""

    def register(connection: Connection) -> None:
        if not connection.request():
            return
        if connection.head.startswith(b"POST "):
            registrations.append(connection.head)
            connection.send(REGISTERED)

    with serving(register) as server:
        yield server


def exported(log: Log, environment: dict[str, str], trace: Trace | None = None) -> None:
    """The trace of one call goes to the exporters that the environment names."""
    after_response = exporters.after_response(environment, Config.read(environment), log.logger)
    after_response.hand_over(trace or finished_trace())
    after_response.drain()


def test_a_server_gets_the_trace_under_its_own_id(mlflow: FakeMlflow) -> None:
    log, trace = Log(), finished_trace("recommend")
    exported(log, {"MLFLOW_TRACKING_URI": mlflow.url}, trace)

    assert (mlflow.trace_ids, log.lines) == ([trace.trace_id], [])


def test_a_user_is_known_to_the_server_by_a_pseudonym(mlflow: FakeMlflow) -> None:
    trace = finished_trace()
    trace.user_id = CANARY
    exported(Log(), {"MLFLOW_TRACKING_URI": mlflow.url}, trace)

    (export,) = mlflow.exports
    assert len(export.texts["user.id"]) == 32
    assert CANARY not in str(export)


@pytest.mark.parametrize(("stage", "tags"), [("prod", ["prod"]), ("", [])])
def test_a_trace_has_the_stage_as_a_tag(mlflow: FakeMlflow, stage: str, tags: list[str]) -> None:
    """It distinguishes deployments that share an MLflow server."""
    exported(Log(), {"MLFLOW_TRACKING_URI": mlflow.url, "STAGE": stage})

    [export] = mlflow.exports
    assert [value for name, value in export.texts.items() if name.endswith(".stage")] == tags


@pytest.mark.parametrize(("content", "shown"), [("full", True), ("redacted", False), ("", True)])
def test_a_setting_keeps_texts_from_the_server(mlflow: FakeMlflow, content: str, shown: bool) -> None:  # noqa: FBT001  # one fact of the case
    trace = finished_trace()
    trace.spans[0].attributes["note"] = CANARY
    exported(Log(), {"MLFLOW_TRACKING_URI": mlflow.url, "TRACE_CONTENT": content}, trace)

    assert (CANARY in str(mlflow.exports)) is shown
    assert len(mlflow.exports) == 1


def test_what_is_not_of_the_sample_is_not_dropped(mlflow: FakeMlflow, capsys: pytest.CaptureFixture[str]) -> None:
    """The server is not even asked for the experiment."""
    log, trace = Log(), finished_trace()
    trace.trace_id = "f" * 32
    exported(log, {"MLFLOW_TRACKING_URI": mlflow.url, "MLFLOW_TRACE_SAMPLING_RATIO": "0.5"}, trace)

    assert (mlflow.requests, log.lines, dropped(capsys.readouterr().out)) == (0, [], 0)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"MLFLOW_TRACKING_URI": ""},
        {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9", "MLFLOW_TRACE_SAMPLING_RATIO": "0"},
        {"AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:9", "POWERTOOLS_TRACE_DISABLED": "true"},
        {"MLFLOW_TRACE_PROTOCOL": "client", "TRACE_CONTENT": "redacted"},
    ],
    ids=str,
)
def test_without_anybody_to_export_to_nothing_is_started(runtime_api: RawServer, environment: dict[str, str]) -> None:
    """No thread and no extension, which would hold up every call."""
    before, log = threading.enumerate(), Log()

    exported(log, environment | {"AWS_LAMBDA_RUNTIME_API": runtime_api.url.removeprefix("http://")})

    assert (runtime_api.connections, log.lines) == (0, [])
    assert [thread for thread in threading.enumerate() if thread not in before] == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MLFLOW_TRACE_PROTOCOL", CANARY),
        ("MLFLOW_TRACE_SAMPLING_RATIO", "1.0001"),
        ("MLFLOW_TRACE_SAMPLING_RATIO", "-0.1"),
        ("MLFLOW_TRACE_SAMPLING_RATIO", "nan"),
        ("TRACE_CONTENT", CANARY),
    ],
)
def test_a_setting_that_is_unusable_switches_mlflow_off(mlflow: FakeMlflow, variable: str, value: str) -> None:
    """One line names the setting, not its value, and no answer fails over it."""
    log = Log()
    exported(log, {"MLFLOW_TRACKING_URI": mlflow.url, variable: value})

    (line,) = log.lines
    assert (line["message"], line["level"]) == ("tracing_off", "ERROR")
    assert variable in line["reason"]
    assert value not in line["reason"]
    assert mlflow.requests == 0


@pytest.mark.parametrize(
    "uri",
    [
        *("http://svc:pw-71d0@{}", "http://svc@{}", "http://{}/?token=pw-71d0", "http://{}#pw-71d0"),
        *("http://svc:pw-71d0/x@{}", "http://svc:#pw-71d0@{}", "svc:pw-71d0@{}", "http:/svc:pw-71d0@{}"),
    ],
)
def test_credentials_in_the_address_switch_mlflow_off(mlflow: FakeMlflow, uri: str) -> None:
    """They would be left out of requests in silence. One line names the setting and holds nothing of them."""
    log = Log()
    exported(log, {"MLFLOW_TRACKING_URI": uri.format(mlflow.url.removeprefix("http://"))})

    (line,) = log.lines
    assert (line["message"], line["setting"], mlflow.requests) == ("tracing_off", "MLFLOW_TRACKING_URI", 0)
    assert [secret for secret in ("pw-71d0", "svc") if secret in str(line)] == []


def test_without_the_layer_of_mlflows_client_its_protocol_switches_mlflow_off(
    mlflow: FakeMlflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line names the setting and the layer, whose package is not found then."""
    monkeypatch.setitem(sys.modules, "mlflow", None)
    log = Log()
    exported(log, {"MLFLOW_TRACKING_URI": mlflow.url, "MLFLOW_TRACE_PROTOCOL": "client"})

    (line,) = log.lines
    assert (line["message"], line["setting"], mlflow.requests) == ("tracing_off", "MLFLOW_TRACE_PROTOCOL", 0)
    assert "MlflowClientLayer" in line["reason"]


def test_without_an_address_the_protocol_of_mlflows_client_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    log = Log()
    exported(log, {"MLFLOW_TRACE_PROTOCOL": "client"})

    assert log.lines == []


def test_a_user_without_a_pseudonym_is_known_by_nothing(mlflow: FakeMlflow) -> None:
    """The trace goes out all the same."""
    trace = finished_trace()
    trace.user_id = CANARY
    environment = {"MLFLOW_TRACKING_URI": mlflow.url}
    after_response = exporters.after_response(environment, Config.read(environment), Log().logger, lambda _: None)
    after_response.hand_over(trace)
    after_response.drain()

    (export,) = mlflow.exports
    assert "user.id" not in export.texts


def test_in_lambda_the_extension_is_registered_while_the_sandbox_starts(
    mlflow: FakeMlflow, runtime_api: RawServer, registrations: list[bytes]
) -> None:
    """Except for the first call, it is the only request at that time."""
    environment = {"MLFLOW_TRACKING_URI": mlflow.url, "AWS_LAMBDA_RUNTIME_API": runtime_api.url.removeprefix("http://")}
    after_response = exporters.after_response(environment, Config.read(environment), Log().logger)

    assert (len(registrations), mlflow.requests) == (1, 0)
    after_response.hand_over(finished_trace())
    after_response.drain()
    assert len(mlflow.exports) == 1


def test_an_extension_that_is_refused_leaves_the_work_to_a_thread(mlflow: FakeMlflow) -> None:
    log = Log()
    exported(log, {"MLFLOW_TRACKING_URI": mlflow.url, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{free_port()}"})

    assert [(line["message"], line["level"]) for line in log.lines] == [("extension_refused", "WARNING")]
    assert len(mlflow.exports) == 1


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_making_the_exporter_asks_nobody(mlflow: FakeMlflow, protocol: str) -> None:
    """Nor does it load MLflow, with either protocol."""
    loaded = set(sys.modules)

    exporters.mlflow_exporter(
        TraceSettings.model_validate({"mlflow_tracking_uri": mlflow.url, "mlflow_trace_protocol": protocol}),
        "tip-service",
    )

    assert mlflow.requests == 0
    assert "mlflow" not in set(sys.modules) - loaded
