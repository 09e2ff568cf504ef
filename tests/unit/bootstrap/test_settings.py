import pytest

from oo.bootstrap.settings import Settings, TraceSettings
from oo.errors import ConfigError


def test_every_setting_has_a_default() -> None:
    """An empty environment is a valid one."""
    assert Settings() == Settings.from_environment({})


def test_an_empty_variable_is_unset() -> None:
    """A template declares every variable, so empty means default."""
    assert Settings.from_environment({"LLM_BUDGET_S": "", "TIP_FALLBACK": ""}) == Settings()


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
