"""Secrets as people paste them, stores that fail, and the setting that the log names."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from local.deployment.environment import ROOT
from oo.bootstrap import precompute_worker
from oo.contract.shown_ids import hashed
from testing.fake_llm import BOTH, FakeModel, fails, says
from testing.lambda_context import FakeContext
from testing.patience import wait_for_aws
from tests.integration.faults.conftest import Answered
from tests.integration.faults.entry import Entry
from tests.integration.faults.secret_stores import ARN, SecretsManager, secrets_manager

CANARY = "canary-3f1b"
CLOSES = {"connection": "close"}
"""A function that ends with its test has nobody to close what it keeps open."""

TIP = says(BOTH, CLOSES)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManager]:
    wait_for_aws(monkeypatch.setattr)
    with secrets_manager(key="sk-planted-key", pseudonyms="k1") as running:
        yield running


@pytest.fixture
def start(
    store: SecretsManager, model: FakeModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Starts /recommend with these variables beside the proxy's address and the secret of its key."""
    monkeypatch.setattr(model, "otherwise", TIP)

    def started(**variables: str) -> Entry:
        given = {"AWS_ENDPOINT_URL": store.url, "LITELLM_URL": model.url, "LITELLM_API_KEY_SECRET": "key"}
        for name, value in (given | variables).items():
            monkeypatch.setenv(name, value)
        return Entry("recommend", monkeypatch, capsys)

    return started


def ask(entry: Entry, user: str) -> Answered:
    return entry.post("/recommend", {"user_id": user, "agent_outputs": []})


def authorization(model: FakeModel, user: str) -> list[str]:
    return [call.headers["authorization"] for call in model.calls(user)]


def test_a_worker_names_its_setting_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each record's line does."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "a-worker-without-its-queue")
    monkeypatch.setenv("COMPUTE_QUEUE_URL", "")
    event = json.loads((ROOT / "events" / "precompute.json").read_text())

    precompute_worker.handler()(event, cast("LambdaContext", FakeContext()))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    failed = [line for line in lines if line.get("message") == "record_failed"]
    assert [(line["error_code"], line["setting"]) for line in failed] == [("config_error", "COMPUTE_QUEUE_URL")]


@pytest.mark.parametrize(
    "pasted", ['{"LITELLM_API_KEY": "sk-planted-key"}', '"sk-planted-key"', "\ufeffBearer sk-planted-key\r\n"]
)
def test_a_pasted_key_reaches_the_proxy_as_it_is(
    store: SecretsManager, model: FakeModel, start: Any, pasted: str
) -> None:
    """Of a key/value secret the only value is sent, of a text the part inside quotes and white space."""
    store.secrets["key"] = pasted
    model.plan("pasted", TIP)

    assert ask(start(), "pasted").status == 200
    assert authorization(model, "pasted") == ["Bearer sk-planted-key"]


@pytest.mark.parametrize("text", [f'{{"user": "a", "password": "{CANARY}"}}', "{}", f"sk-{CANARY} sk-2", f"é{CANARY}"])
def test_nothing_of_a_secret_without_one_key_goes_out(
    store: SecretsManager, model: FakeModel, start: Any, text: str
) -> None:
    """The answer is a config_error, and the line names the setting and nothing of the value."""
    store.secrets["key"] = text
    model.plan("several", TIP)
    entry = start()

    assert ask(entry, "several").outcome == (503, "config_error")
    assert model.calls("several") == []
    (line,) = entry.events("request_failed")
    assert (line["setting"], CANARY in entry.written) == ("LITELLM_API_KEY_SECRET", False)


def test_a_refusal_of_the_store_is_named_without_its_text(store: SecretsManager, model: FakeModel, start: Any) -> None:
    """AWS' own code and the setting; the text with its ARN goes nowhere."""
    store.code = "AccessDeniedException"
    model.plan("denied", TIP)
    entry = start()
    answered = ask(entry, "denied")

    (line,) = entry.events("request_failed")
    assert (line["setting"], line["store_error"]) == ("LITELLM_API_KEY_SECRET", "AccessDeniedException")
    assert [text for text in (ARN, "may not be read") if text in entry.written + json.dumps(answered.body)] == []


@pytest.mark.parametrize(
    ("variables", "setting"),
    [
        ({"LITELLM_API_KEY_SECRET": "", "LITELLM_API_KEY": ""}, "LITELLM_API_KEY_SECRET, LITELLM_API_KEY"),
        ({"LITELLM_API_KEY_SECRET": "", "LITELLM_API_KEY": f"sk\n{CANARY}"}, "LITELLM_API_KEY"),
        ({"LITELLM_URL": f"http://proxy.internal:4000/{CANARY}"}, "LITELLM_URL"),
        ({"LITELLM_URL": f"https://svc:{CANARY}@proxy.internal"}, "LITELLM_URL"),
        ({"LITELLM_URL": ""}, "LITELLM_URL"),
        ({"LLM_BUDGET_S": CANARY}, "LLM_BUDGET_S"),
        ({"SSL_CERT_FILE": f"/{CANARY}"}, "SSL_CERT_FILE"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_setting_is_named_in_the_log(start: Any, variables: dict[str, str], setting: str) -> None:
    """Its name, never its value."""
    entry = start(**variables)

    assert ask(entry, "unset").outcome == (503, "config_error")
    (line,) = entry.events("request_failed")
    assert (line["setting"], CANARY in entry.written) == (setting, False)


def test_a_store_that_hangs_is_asked_once_by_three_requests(
    store: SecretsManager, model: FakeModel, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy rejects the key, so each request reads it again; the store is skipped after its first failure."""
    wait_for_aws(monkeypatch.setattr, seconds=1)
    entry = start()
    for user in ("cached", "first", "second", "third"):
        model.plan(user, TIP if user == "cached" else fails(401, CLOSES))
    assert ask(entry, "cached").status == 200
    store.hangs, store.asked = True, {}

    outcomes = [ask(entry, user).outcome for user in ("first", "second", "third")]

    assert outcomes == [(502, "llm_auth")] * 3
    # The client of AWS tries twice each time that it is asked.
    assert store.asked == {"key": 2}


def test_a_user_is_known_to_the_proxy_by_the_secrets_key(store: SecretsManager, model: FakeModel, start: Any) -> None:
    """Read once, as the proxy's own key is."""
    entry = start(PSEUDONYM_KEY_SECRET="pseudonyms")  # a secret's id

    assert [ask(entry, user).status for user in ("u1", "u2")] == [200, 200]
    assert {hashed("u1", "k1"), hashed("u2", "k1")} <= model.users
    assert store.asked == {"key": 1, "pseudonyms": 1}


def test_a_tip_needs_no_pseudonym(store: SecretsManager, model: FakeModel, start: Any) -> None:
    """Where the key cannot be read, the proxy hears of no user, and one line tells of it."""
    store.code = "AccessDeniedException"
    entry = start(
        PSEUDONYM_KEY_SECRET="pseudonyms", LITELLM_API_KEY_SECRET="", LITELLM_API_KEY="sk-planted"
    )  # a secret's id

    assert [ask(entry, user).status for user in ("u3", "u4")] == [200, 200]
    assert [user for user in ("u3", "u4") if hashed(user) in model.users] == []
    (line,) = entry.events("pseudonym_left_out")
    assert (line["level"], line["setting"]) == ("WARNING", "PSEUDONYM_KEY_SECRET")
