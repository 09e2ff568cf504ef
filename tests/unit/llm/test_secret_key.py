import pytest

from oo.bootstrap.secret import Secret
from oo.errors import ConfigError
from oo.llm.secret_key import SecretKey, fixed_key
from testing.for_each import for_each
from testing.secret_store import SecretStore


def secret_key(value: object) -> SecretKey:
    return SecretKey(Secret("id", "LITELLM_API_KEY_SECRET", SecretStore(value)))


def test_the_key_is_the_secrets_value_without_what_is_around_it() -> None:
    """A secret of the console's is an object with one value."""
    assert secret_key('{"LITELLM_API_KEY": "Bearer sk-1"}\n')() == "sk-1"


def test_the_key_of_the_environment_is_read_in_the_same_way() -> None:
    """A refresh changes nothing."""
    key = fixed_key(' "sk-1"\n')

    assert (key(), key(refresh=True)) == ("sk-1", "sk-1")


@for_each("value", ["", "  ", None, b"sk-1", "sk-é", '{"user": "a", "password": "b"}'])
def test_a_secret_without_a_key_is_a_config_error_that_names_the_setting(value: object) -> None:
    """Nothing of the value is in it."""
    with pytest.raises(ConfigError, match=r"^The secret of LITELLM_API_KEY_SECRET ") as caught:
        secret_key(value)()

    assert (caught.value.setting, "password" in str(caught.value)) == ("LITELLM_API_KEY_SECRET", False)


def test_an_unusable_key_of_the_environment_is_a_config_error() -> None:
    """It names its own variable."""
    with pytest.raises(ConfigError) as caught:
        fixed_key('{"user": "a", "password": "b"}')

    assert caught.value.setting == "LITELLM_API_KEY"
