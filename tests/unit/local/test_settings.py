"""The choices of a person at the terminal."""

import pytest

from local.settings import BadSetting, LocalSettings
from testing.for_each import for_each


def test_without_any_choice_the_ports_are_the_documented_ones() -> None:
    """The API is on 3000, AWS on 3001, and no proxy is asked."""
    settings = LocalSettings.read({})

    assert (settings.port, settings.aws_port, settings.litellm_url) == (3000, 3001, "")


@pytest.mark.parametrize(("chosen", "ports"), [({}, (3002, 0)), ({"MODEL_PORT": "4001"}, (4001,))])
def test_the_models_port_gives_way_unless_it_was_chosen(chosen: dict[str, str], ports: tuple[int, ...]) -> None:
    """Two machines can run side by side on one computer."""
    assert LocalSettings.read(chosen).model_ports == ports


@for_each("text", ["-1", "65536", "http", "30 00", "³"])
def test_a_port_that_is_none_is_refused_by_name(text: str) -> None:
    """The sentence says which variable it is."""
    with pytest.raises(BadSetting, match="AWS_PORT"):
        LocalSettings.read({"AWS_PORT": text})


@for_each(("text", "port"), [("0", 0), ("65535", 65535), ("", 3000)])
def test_a_port_may_be_any_there_is(text: str, port: int) -> None:
    """0 is any free one, an empty variable is an unset one."""
    assert LocalSettings.read({"PORT": text}).port == port


def test_a_proxy_without_a_key_is_refused() -> None:
    """The sentence names both ways to give one."""
    with pytest.raises(BadSetting, match=r"LITELLM_API_KEY, or LITELLM_API_KEY_SECRET"):
        LocalSettings.read({"LITELLM_URL": "http://127.0.0.1:4000"})


@pytest.mark.parametrize("name", ["LITELLM_API_KEY", "LITELLM_API_KEY_SECRET"])
def test_a_proxy_with_either_kind_of_key_is_taken(name: str) -> None:
    """The address loses its last slash."""
    settings = LocalSettings.read({"LITELLM_URL": "http://127.0.0.1:4000/", name: "k"})

    assert settings.litellm_url == "http://127.0.0.1:4000"
