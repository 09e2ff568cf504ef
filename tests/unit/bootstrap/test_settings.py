from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

import pytest

from oo.bootstrap.settings import Config, Settings, TraceSettings
from oo.errors import ConfigError
from testing.for_each import for_each


def test_every_setting_has_a_default() -> None:
    """An empty environment is a valid one."""
    assert Settings() == Settings.from_environment({})


def test_an_empty_variable_is_unset() -> None:
    """A template declares every variable, so empty means default."""
    assert Settings.from_environment({"LLM_BUDGET_S": "", "TIP_FALLBACK": ""}) == Settings()


@for_each(
    ("name", "value"),
    [
        ("LLM_BUDGET_S", "0"),
        ("LLM_BUDGET_S", "28"),
        ("LLM_BUDGET_S", "nan"),
        ("LLM_BUDGET_S", "soon"),
        ("TIP_FALLBACK", "always"),
        ("LLM_TEMPERATURE", "2.1"),
        ("LLM_TEMPERATURE", "-0.1"),
        ("LLM_TEMPERATURE", "nan"),
        ("LLM_TEMPERATURE", "warm"),
        ("LLM_MAX_TOKENS", "0"),
        ("LLM_MAX_TOKENS", "65537"),
        ("LLM_MAX_TOKENS", "400.5"),
        ("LLM_RESPONSE_FORMAT", "xml"),
    ],
)
def test_a_value_out_of_range_is_an_error_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.from_environment({name: value})

    assert str(caught.value) == f"Unusable setting: {name}"


def test_the_temperature_is_a_number_or_off() -> None:
    """A model may take its own alone."""
    texts = ["", "0", "0.7", "2", "off"]

    read = [Settings.from_environment({"LLM_TEMPERATURE": text}).llm_temperature for text in texts]
    assert read == [0.7, 0, 0.7, 2, "off"]


@for_each(
    ("name", "value"),
    [
        ("MLFLOW_TRACE_PROTOCOL", "carrier-pigeon"),
        ("TRACE_CONTENT", "redactd"),
        ("MLFLOW_TRACE_SAMPLING_RATIO", "-0.1"),
        ("MLFLOW_TRACE_SAMPLING_RATIO", "1.1"),
        ("MLFLOW_TRACE_SAMPLING_RATIO", "nan"),
    ],
)
def test_a_faulty_setting_of_traces_is_no_fault_of_the_others(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        TraceSettings.from_environment({name: value})

    assert str(caught.value) == f"Unusable setting: {name}"
    assert Settings.from_environment({name: value}) == Settings()


@for_each(
    ("require", "message"),
    [
        (Settings.require_litellm, "Missing setting: LITELLM_URL"),
        (Settings.require_compute_queue, "Missing setting: COMPUTE_QUEUE_URL"),
        (Settings.require_outputs_table, "Missing setting: AGENT_OUTPUTS_TABLE"),
    ],
)
def test_a_required_setting_is_named_where_it_is_missing(require: Callable[[Settings], object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        require(Settings())

    assert message == str(caught.value)


def test_the_proxy_needs_a_url_and_a_key() -> None:
    """The key itself or the id of its secret."""
    with pytest.raises(ConfigError, match="Neither LITELLM_API_KEY_SECRET nor LITELLM_API_KEY is set"):
        Settings(litellm_url="https://proxy.test").require_litellm()

    by_secret = Settings(litellm_url="https://proxy.test", litellm_api_key_secret="id").require_litellm()
    assert by_secret == ("https://proxy.test", "", "id")


def test_an_unusable_setting_leaves_the_defaults() -> None:
    """Functions that need no setting work on; the others raise the error."""
    config = Config.read({"LLM_BUDGET_S": "soon", "JWT_USER_CLAIM": "sub"})

    assert Settings() == config.settings
    assert config.caller_settings.jwt_user_claim == "sub"
    with pytest.raises(ConfigError, match="Unusable setting: LLM_BUDGET_S"):
        config.usable_settings()


def test_a_default_zone_is_an_iana_name() -> None:
    """Any other text is a fault of this setting alone: other settings, and functions that need no zone, work on."""
    assert Config.read({"DEFAULT_TIMEZONE": "Europe/Berlin"}).default_zone == ZoneInfo("Europe/Berlin")
    assert Config.read({}).default_zone is None
    for name in ("Mars/Olympus", "+02:00", "Europe", "../UTC", "/etc/localtime", " UTC", "x" * 300, "\x00"):
        config = Config.read({"DEFAULT_TIMEZONE": name, "LLM_MAX_TOKENS": "300"})

        assert (config.default_zone, config.settings.llm_max_tokens, config.problem) == (None, 300, None), name
        assert str(config.zone_problem).startswith("Unusable setting: DEFAULT_TIMEZONE (not an IANA time zone"), name
        with pytest.raises(ConfigError, match="DEFAULT_TIMEZONE"):
            config.usable_settings()
    assert Config.read({"LLM_MAX_TOKENS": "x", "DEFAULT_TIMEZONE": "UTC"}).zone_problem is None


class Reads(Mapping[str, str]):
    """An environment that notes which variables are read."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __getitem__(self, name: str) -> str:
        self.names.append(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_each_variable_is_read_once() -> None:
    environment = Reads()
    Config.read(environment)

    assert sorted(set(environment.names)) == sorted(environment.names)
    assert "LITELLM_URL" in environment.names


@for_each(
    ("uri", "is_used"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost:5000/base", True),
        ("http://[::1]:5000", True),
        ("http://host.docker.internal:5000", True),
        ("https://mlflow.internal", True),
        ("http://mlflow.internal:5000", False),
        ("HTTP://10.0.0.7:5000", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_traces_go_in_the_clear_to_this_machine_only(uri: str, is_used: bool) -> None:  # noqa: FBT001  # a case's own fact
    """Unless AllowPlainHttp says otherwise; the reason names the setting."""
    config = Config.read({"MLFLOW_TRACKING_URI": uri})
    allowed = Config.read({"MLFLOW_TRACKING_URI": uri, "ALLOW_PLAIN_HTTP": "true"})

    assert (config.trace_settings.mlflow_tracking_uri == uri, config.trace_problem is None) == (is_used, is_used)
    assert is_used or config.trace_problem.setting == "MLFLOW_TRACKING_URI"  # type: ignore[union-attr]  # checked above
    assert (allowed.trace_settings.mlflow_tracking_uri, allowed.trace_problem) == (uri, None)
