"""A proxy and an MLflow of a company's own: credentials of a secret, a private authority, plain HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from oo.bootstrap import exporters
from oo.bootstrap.model_client import conversation
from oo.bootstrap.settings import Config
from oo.bootstrap.telemetry import make_shim
from testing.fake_llm import BOTH
from testing.fake_mlflow import FakeMlflow, fake_mlflow, http_answer
from testing.patience import wait_for_aws, wait_for_exports
from testing.raw_server import Connection
from testing.self_signed import self_signed_server
from tests.integration.faults.entry import Entry
from tests.integration.faults.secret_stores import SecretsManager, secrets_manager
from tests.unit.telemetry.fixtures import Log, finished_trace

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:authority-AbCdEf"
COMPLETION = http_answer(
    json.dumps({"choices": [{"message": {"content": json.dumps(BOTH)}}], "usage": {}}).encode(), closes=True
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManager]:
    """Two secrets; the functions that read them wait longer than in Lambda."""
    wait_for_aws(monkeypatch.setattr)
    wait_for_exports(monkeypatch.setattr)
    with secrets_manager(key="sk-planted-key", mlflow='{"token": "t1"}') as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        yield running


def exported(variables: dict[str, str], log: Log) -> None:
    """Two traces of one sandbox."""
    after_response = exporters.after_response(variables, Config.read(variables), log.logger)
    for _ in range(2):
        after_response.hand_over(finished_trace("recommend"))
        after_response.drain()


def test_mlflow_gets_the_token_of_the_secret_and_the_new_one_after_a_401(store: SecretsManager) -> None:
    """The secret is read once for two traces, and once more when the token has been rotated."""
    signed: list[str] = []
    server = FakeMlflow()

    def check(connection: Connection) -> None:
        [line] = [line for line in connection.head.decode().split("\r\n") if line.lower().startswith("authorization")]
        signed.append(line.partition(": ")[2])
        if signed[-1] == "Bearer t1" and len(signed) > 4:
            store.secrets["mlflow"] = '{"username": "me", "password": "p"}'
            connection.send(http_answer(b"", "401 Unauthorized"))
        else:
            server.answer = None
            server.reply(connection)
            server.answer = check

    log = Log()
    with fake_mlflow(check) as listening:
        variables = {"MLFLOW_TRACKING_URI": listening.url, "MLFLOW_CREDENTIALS_SECRET": "mlflow"}
        exported(variables, log)
        exported(variables, log)

    assert (log.lines, len(server.exports)) == ([], 4)
    assert (set(signed[:4]), signed[-1], store.asked) == ({"Bearer t1"}, "Basic bWU6cA==", {"mlflow": 3})


def test_mlflows_own_client_signs_in_with_the_secret_too(store: SecretsManager) -> None:
    """The variables that it reads are set before each trace."""
    heads: list[str] = []
    server = FakeMlflow()

    def note(connection: Connection) -> None:
        heads.append(connection.head.decode().lower())
        server.answer = None
        server.reply(connection)
        server.answer = note

    with fake_mlflow(note) as listening:
        exported(
            {
                "MLFLOW_TRACKING_URI": listening.url,
                "MLFLOW_CREDENTIALS_SECRET": "mlflow",
                "MLFLOW_TRACE_PROTOCOL": "client",
            },
            Log(),
        )

    assert any(head.startswith("post /api/3.0/mlflow/traces ") for head in heads)
    assert [head for head in heads if "authorization: bearer t1" not in head and not head.startswith("get /ver")] == []


@pytest.mark.parametrize("protocol", ["otlp", "client"])
def test_a_secret_without_credentials_loses_traces_and_nothing_else(store: SecretsManager, protocol: str) -> None:
    """The line names the setting; no request goes out unsigned."""
    store.secrets["mlflow"] = "canary"
    log = Log()
    with fake_mlflow() as mlflow:
        exported(
            {
                "MLFLOW_TRACKING_URI": mlflow.url,
                "MLFLOW_CREDENTIALS_SECRET": "mlflow",
                "MLFLOW_TRACE_PROTOCOL": protocol,
            },
            log,
        )

    [line] = log.lines
    assert (line["message"], mlflow.requests) == ("trace_export_failed", 0)
    assert "MLFLOW_CREDENTIALS_SECRET" in line["hint"]
    assert "canary" not in str(log.lines)


@pytest.mark.parametrize("of", ["file", "secret", "none"])
def test_an_mlflow_of_a_private_authority_is_verified_with_its_certificates(
    store: SecretsManager, tmp_path: Path, of: str
) -> None:
    log = Log()
    with self_signed_server(tmp_path, http_answer(b'{"experiment_id": "7"}', closes=True)) as url:
        pem = tmp_path / "authority.pem"
        store.secrets[ARN] = " ".join(pem.read_text().splitlines())
        bundle = {"file": str(pem), "secret": ARN, "none": ""}[of]
        exported({"MLFLOW_TRACKING_URI": url, "MLFLOW_CA_BUNDLE": bundle}, log)

    assert [line.get("cause") for line in log.lines] == (["tls"] if of == "none" else [])


def test_certificates_that_are_none_are_named(store: SecretsManager) -> None:
    """For traces only: answers need none of MLflow's."""
    log = Log()
    exported({"MLFLOW_TRACKING_URI": "https://127.0.0.1:9", "MLFLOW_CA_BUNDLE": "/nowhere.pem"}, log)

    [line] = log.lines
    assert (line["error_type"], line["hint"]) == ("ExportFailed", "Unusable setting: MLFLOW_CA_BUNDLE")


@pytest.mark.parametrize(
    ("of", "status"), [("file", 200), ("secret", 200), ("none", 503), ("nowhere", 503), ("no secret", 503)]
)
def test_a_proxy_of_a_private_authority_is_verified_with_its_certificates(
    store: SecretsManager,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    of: str,
    status: int,
) -> None:
    with self_signed_server(tmp_path, COMPLETION) as url:
        pem = tmp_path / "authority.pem"
        store.secrets[ARN] = pem.read_text() if of == "secret" else "canary"
        bundle = {"file": str(pem), "none": "", "nowhere": "/nowhere.pem"}.get(of, ARN)
        for name, value in {
            "LITELLM_URL": url,
            "LITELLM_API_KEY": "sk-planted-key",
            "LITELLM_CA_BUNDLE": bundle,
        }.items():
            monkeypatch.setenv(name, value)
        entry = Entry("recommend", monkeypatch, capsys)
        answered = entry.post("/recommend", {"user_id": "u", "agent_outputs": []})

    assert answered.status == status
    if of in ("nowhere", "no secret"):
        [line] = entry.events("request_failed")
        assert (line["code"], line["setting"]) == ("config_error", "LITELLM_CA_BUNDLE")
        assert "canary" not in entry.written


@pytest.mark.parametrize("allowed", ["", "false"])
def test_a_proxy_in_the_clear_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], allowed: str
) -> None:
    """The function decides at its start: the template cannot look into an address."""
    given = {"LITELLM_URL": "http://proxy.internal:4000", "LITELLM_API_KEY": "sk-key", "ALLOW_PLAIN_HTTP": allowed}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    entry = Entry("recommend", monkeypatch, capsys)

    assert entry.post("/recommend", {"user_id": "u", "agent_outputs": []}).outcome == (503, "config_error")
    [line] = entry.events("request_failed")
    assert line["setting"] == "LITELLM_URL"


def test_a_proxy_in_the_clear_is_composed_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"LITELLM_URL": "http://proxy.internal:4000", "LITELLM_API_KEY": "sk-key", "ALLOW_PLAIN_HTTP": "true"}
    config = Config.read(given)

    conversation(config.usable_settings(), make_shim(given, config), given)
