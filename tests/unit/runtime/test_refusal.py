import pytest

from oo.errors import ConfigError, config_facts
from oo.runtime.refusal import Refusal


def raised(refusal: Refusal) -> ConfigError:
    """The error of one request."""
    with pytest.raises(ConfigError) as caught:
        refusal(object(), object(), agent_id="any")
    return caught.value


def test_each_request_gets_an_error_of_its_own() -> None:
    """An error that is raised again would keep the frames, and so the body, of every request before."""
    problem = ConfigError("Missing setting: LITELLM_URL")
    first, second = (raised(Refusal(problem)) for _ in range(2))

    assert len({id(problem), id(first), id(second)}) == 3
    assert str(problem) == str(first) == str(second)
    assert config_facts(problem) == config_facts(first)


def test_the_traceback_of_the_start_is_not_kept() -> None:
    """It would hold all that was composed before the error."""

    def problem() -> ConfigError:
        with pytest.raises(ConfigError) as caught:
            raise ConfigError("Missing setting: LITELLM_URL")
        return caught.value

    traceback = raised(Refusal(problem())).__traceback__

    places: list[str] = []
    while traceback is not None:
        places.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert places == ["raised", "__call__"]
