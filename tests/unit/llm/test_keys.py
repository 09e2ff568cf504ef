import pytest
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from oo.errors import ConfigError
from oo.llm.keys import STALE_S, SecretKey


class Store:
    """A secret store that can be down; what was fetched stays cached until a fetch is forced."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.is_down = False
        self.forced = 0

    def get(self, name: str, max_age: int | None = None, transform: None = None, force_fetch: bool = False) -> object:  # noqa: FBT001, FBT002  # Powertools' signature
        self.forced += force_fetch
        if self.is_down:
            raise GetParameterError(name)
        return self.value


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_the_key_is_the_secrets_value_without_white_space() -> None:
    assert SecretKey("id", Store("sk-1\n"))() == "sk-1"


def test_a_refresh_passes_over_the_cache() -> None:
    store = Store("sk-1")
    key = SecretKey("id", store)

    key()
    assert store.forced == 0
    store.value = "sk-2"
    assert key(refresh=True) == "sk-2"
    assert store.forced == 1


@pytest.mark.parametrize(("age_s", "is_served"), [(0, True), (STALE_S, True), (STALE_S + 1, False), (-1, False)])
def test_a_key_that_was_read_outlives_its_store_for_an_hour(age_s: float, is_served: bool) -> None:  # noqa: FBT001  # a case's own fact
    """While the store is down the last key is served; an age over the hour, or below zero, is none to trust."""
    store, clock = Store("sk-1"), Clock()
    key = SecretKey("id", store, clock)
    key()
    store.is_down = True
    clock.now += age_s

    if is_served:
        assert key() == "sk-1"
    else:
        with pytest.raises(ConfigError):
            key()


@pytest.mark.parametrize("value", ["", "  ", None, b"sk-1"])
def test_a_secret_without_a_text_is_a_config_error_without_its_value(value: object) -> None:
    with pytest.raises(ConfigError, match=r"^The secret of LITELLM_API_KEY_SECRET is empty$"):
        SecretKey("id", Store(value))()
