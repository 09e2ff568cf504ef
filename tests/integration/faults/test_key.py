"""The proxy's key as a secret that comes late, is rotated, is refused, and goes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.deployment.environment import AWS_CREDENTIALS
from local.deployment.template import REGION
from local.system import LocalSystem
from testing.fake_llm import BOTH, Act, Asked, FakeModel, fails, says
from testing.raw_server import Connection
from tests.integration.faults.aws_outages import Outage, black_holed, down, throttled
from tests.integration.faults.conftest import Service
from tests.integration.faults.entry import Entry

SECRET = "litellm-key"
OLD, NEW = "sk-planted-old-key", "sk-planted-new-key"


class Vault:
    """The service whose key is a secret in an AWS of its own, which has none at first."""

    def __init__(self, system: LocalSystem) -> None:
        self.service = Service(system)
        self._system = system
        credentials: dict[str, Any] = {name.lower(): text for name, text in AWS_CREDENTIALS.items()}
        self.secrets = boto3.client(
            "secretsmanager", endpoint_url=system.aws_endpoint, region_name=REGION, **credentials
        )

    @property
    def log(self) -> str:
        return self._system.log.read_text(errors="replace")


@pytest.fixture(scope="module")
def vault(model: FakeModel, recommend_alone: Path) -> Iterator[Vault]:
    environment = {"LITELLM_URL": model.url, "LITELLM_API_KEY_SECRET": SECRET}
    with LocalSystem(environment=environment, template=recommend_alone) as system:
        yield Vault(system)


def only_with(key: str) -> Act:
    """A tip for a call with the key; for any other a refusal that repeats the sent key."""

    def act(connection: Connection, asked: Asked) -> None:
        sent = asked.headers["authorization"]
        (says(BOTH) if sent == f"Bearer {key}" else fails(401, message=sent))(connection, asked)

    return act


def keys_sent(model: FakeModel, user: str) -> list[str]:
    return [call.headers["authorization"].removeprefix("Bearer ") for call in model.calls(user)]


def test_without_its_secret_the_service_asks_nobody(vault: Vault, model: FakeModel) -> None:
    """There is no key to fall back to; the answer names the setting."""
    model.plan("early", says(BOTH))

    answered = vault.service.recommend("early")

    assert answered.outcome == (503, "config_error")
    assert "LITELLM_API_KEY_SECRET" in answered.body["detail"]
    assert model.calls("early") == []
    assert [line["level"] for line in vault.service.log(answered)] == ["ERROR"]


def test_a_secret_that_comes_late_is_used(vault: Vault, model: FakeModel) -> None:
    """No function has to be started again."""
    vault.secrets.create_secret(Name=SECRET, SecretString=OLD)
    model.plan("first", only_with(OLD))

    assert vault.service.recommend("first").status == 200
    assert keys_sent(model, "first") == [OLD]


def test_a_rotated_key_is_fetched_once(vault: Vault, model: FakeModel) -> None:
    """The caller of the first request after it notices nothing, and the next one asks with the new key at once."""
    vault.secrets.put_secret_value(SecretId=SECRET, SecretString=NEW)
    for user in ("second", "third"):
        model.plan(user, only_with(NEW))

    second, third = vault.service.recommend("second"), vault.service.recommend("third")

    assert (second.status, second.body["receipt"]["attempts"], third.status) == (200, 2, 200)
    assert (keys_sent(model, "second"), keys_sent(model, "third")) == ([OLD, NEW], [NEW])
    names = [line["message"] for line in vault.service.log(second)]
    assert names == ["llm_attempt_failed", "secret_refreshed", "recommend_served"]
    assert vault.log.count('"secret_refreshed"') == 1


def test_a_key_that_stays_refused_is_an_operators_matter(vault: Vault, model: FakeModel) -> None:
    """Read again it is the same, so the model is not called again; a metric triggers the alarm."""
    model.plan("fourth", only_with("another key"))
    before = vault.log.count('"kind":"llm_auth"')

    answered = vault.service.recommend("fourth")

    assert answered.outcome == (502, "llm_auth")
    assert keys_sent(model, "fourth") == [NEW]
    assert vault.service.log(answered)
    assert vault.log.count('"kind":"llm_auth"') == before + 1


def test_a_key_outlives_its_secret(vault: Vault, model: FakeModel) -> None:
    """A function that has read it keeps it."""
    vault.secrets.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
    model.plan("fifth", only_with(NEW))

    assert vault.service.recommend("fifth").status == 200
    assert keys_sent(model, "fifth") == [NEW]


def test_no_key_is_in_the_log(vault: Vault) -> None:
    """Not even where the proxy repeated it."""
    assert "secret_refreshed" in vault.log
    assert [key for key in (OLD, NEW) if key in vault.log] == []


@pytest.mark.parametrize("outage", [down, black_holed, throttled])
def test_a_secret_that_cannot_be_read_is_a_wrong_configuration(
    outage: Outage, model: FakeModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sandbox that has no key yet never asks the model."""
    model.plan("sixth", says(BOTH))
    with outage() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("LITELLM_URL", model.url)
        monkeypatch.setenv("LITELLM_API_KEY_SECRET", SECRET)
        answered = Entry("recommend", monkeypatch, capsys).post("/recommend", {"user_id": "sixth", "agent_outputs": []})

    assert answered.outcome == (503, "config_error")
    assert model.calls("sixth") == []
