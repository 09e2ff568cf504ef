"""A secret of AWS: cached, refreshed, left alone while its store fails."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider
from botocore.exceptions import ClientError, ConnectTimeoutError

from oo.bootstrap.secret import REST_S, STALE_S, Secret, stored_certificates, stored_credentials
from oo.errors import ConfigError, config_facts
from oo.llm.tls import certifi_file
from oo.telemetry.export.exporter import ExportFailed
from oo.telemetry.export.mlflow.server import Credentials
from testing.for_each import for_each
from testing.secret_store import Clock, SecretStore

SETTING = "LITELLM_API_KEY_SECRET"


class AwsClient:
    """Secrets Manager's client, which fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_secret_value(self, **_: Any) -> dict[str, Any]:
        raise self._error


def failing_with(error: Exception) -> Secret:
    client: Any = AwsClient(error)
    return Secret("id", SETTING, SecretsProvider(boto3_client=client))


def refused(code: str) -> ClientError:
    text = "User: arn:aws:sts::123456789012:assumed-role/r is not authorized"
    return ClientError({"Error": {"Code": code, "Message": text}}, "GetSecretValue")


def test_a_refresh_passes_over_the_cache() -> None:
    """Without one, the store's cache is asked."""
    store = SecretStore("sk-1")
    secret = Secret("id", SETTING, store)

    secret()
    assert store.forced == 0
    store.value = "sk-2"
    assert secret(refresh=True) == "sk-2"
    assert store.forced == 1


@for_each(("age_s", "is_served"), [(0, True), (STALE_S, True), (STALE_S + 1, False), (-1, False)])
def test_a_text_that_was_read_outlives_its_store_for_an_hour(age_s: float, is_served: bool) -> None:  # noqa: FBT001  # a case's own fact
    """While the store is down the last text is served; an age over the hour, or below zero, is none to trust."""
    store, clock = SecretStore("sk-1"), Clock()
    secret = Secret("id", SETTING, store, clock)
    secret()
    store.is_down = True
    store.expire()
    clock.now += age_s

    if is_served:
        assert secret() == "sk-1"
    else:
        with pytest.raises(ConfigError):
            secret()


def test_a_store_that_fails_rests_where_a_text_is_at_hand() -> None:
    """The proxy answers 401 to three requests: the store, which hangs, is asked once in 10 s."""
    store, clock = SecretStore("sk-1"), Clock()
    secret = Secret("id", SETTING, store, clock)
    secret()
    store.is_down = True

    store.asked = 0
    asked = []
    for seconds in (0, 1, REST_S - 2, 1):
        clock.now += seconds
        assert secret() == "sk-1"
        with pytest.raises(ConfigError):
            secret(refresh=True)
        asked.append(store.asked)

    assert asked == [1, 1, 1, 2]


def test_a_store_that_failed_is_asked_at_once_where_no_text_is_at_hand() -> None:
    """A secret that comes late is used without a pause."""
    store, clock = SecretStore("sk-1"), Clock()
    secret = Secret("id", SETTING, store, clock)
    store.is_down = True
    with pytest.raises(ConfigError):
        secret()
    store.is_down = False

    assert secret() == "sk-1"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (refused("AccessDeniedException"), "AccessDeniedException"),
        (refused("ResourceNotFoundException"), "ResourceNotFoundException"),
        (refused("arn:aws:iam::123456789012:role/r said no"), "ClientError"),
        (ConnectTimeoutError(endpoint_url="https://host.example"), "ConnectTimeoutError"),
        (KeyError("SecretString"), "KeyError"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_failure_of_the_store_is_told_by_its_code(error: Exception, told: str) -> None:
    """The setting and AWS' own code are for the log; no text of AWS and no ARN is in the error."""
    with pytest.raises(ConfigError, match=r"^The secret of LITELLM_API_KEY_SECRET cannot be read$") as caught:
        failing_with(error)()

    assert config_facts(caught.value) == {"setting": SETTING, "store_error": told}


def test_mlflows_credentials_are_read_from_the_cache_until_they_are_refused() -> None:
    store = SecretStore('{"token": "t1"}')
    read = stored_credentials("id", store)

    assert read() == Credentials(token="t1")
    store.value = '{"username": "me", "password": "p"}'
    assert read() == Credentials(token="t1")
    assert read(refresh=True) == Credentials(username="me", password="p")
    assert (store.asked, store.forced) == (2, 1)


@for_each("value", ["canary", '{"canary": "canary"}', b"canary"])
def test_credentials_of_another_form_are_told_without_their_text(value: object) -> None:
    with pytest.raises(ExportFailed) as caught:
        stored_credentials("id", SecretStore(value))()

    assert "MLFLOW_CREDENTIALS_SECRET" in (caught.value.hint or "")
    assert "canary" not in (caught.value.hint or "")


def test_credentials_that_cannot_be_read_name_the_stores_error() -> None:
    store = SecretStore("")
    store.is_down = True

    with pytest.raises(ExportFailed) as caught:
        stored_credentials("id", store)()
    assert caught.value.hint == "The secret of MLFLOW_CREDENTIALS_SECRET cannot be read (GetParameterError)"


def test_certificates_of_a_secret_are_read_when_they_are_needed() -> None:
    pem = certifi_file().read_text().partition("-----END CERTIFICATE-----")
    store = SecretStore(pem[0] + pem[1])
    read = stored_certificates("id", "LITELLM_CA_BUNDLE", store)
    assert store.asked == 0

    assert len(read().get_ca_certs()) == 1
