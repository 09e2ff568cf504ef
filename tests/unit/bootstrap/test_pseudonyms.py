"""The name that others know a user by."""

from collections.abc import Iterator

import pytest

from oo.bootstrap.pseudonyms import REST_S, Pseudonyms, key_source
from oo.bootstrap.settings import PseudonymSettings
from oo.contract.shown_ids import hashed
from oo.errors import ConfigError
from testing.for_each import for_each
from testing.free_port import free_port
from testing.secret_store import Clock
from tests.unit.telemetry.fixtures import Log

SHA_OF_U1 = "bb82030dbc2bcaba32a90bf2e207a84a"
HMAC_OF_U1 = "f30ffe463af72e70b9274fc6767b3e49"


def settings(**given: str) -> PseudonymSettings:
    return PseudonymSettings.from_environment({name.upper(): value for name, value in given.items()})


def named(log: Log, **given: str) -> str | None:
    return Pseudonyms(key_source(settings(**given)), log.logger)("u1")


def test_without_a_key_it_is_a_hash_of_the_id() -> None:
    """32 digits of SHA-256, the same for the same id."""
    assert named(Log()) == hashed("u1") == SHA_OF_U1
    assert hashed("u1") != hashed("u2")


@for_each("text", ["k1", " k1\n", '{"any": "k1"}'])
def test_with_a_key_it_is_an_hmac_of_the_id(text: str) -> None:
    """The pseudonym is 32 digits of HMAC-SHA-256 under the key's UTF-8, without the text around the key."""
    assert named(Log(), pseudonym_key=text) == hashed("u1", "k1") == HMAC_OF_U1


def test_a_key_that_cannot_be_read_leaves_the_name_out() -> None:
    """One line tells of it until a key is there, and the store rests between two questions."""
    keys: Iterator[str] = iter(())
    log, clock, asked = Log(), Clock(), []

    def read() -> str:
        asked.append(clock.now)
        for key in keys:
            return key
        raise ConfigError("The secret of PSEUDONYM_KEY_SECRET cannot be read", store_error="AccessDeniedException")

    pseudonyms = Pseudonyms(read, log.logger, clock)
    for seconds in (0, 1, REST_S - 2, 1, REST_S):
        clock.now += seconds
        assert pseudonyms("u1") is None
    keys = iter(["k1"])
    clock.now += REST_S

    assert (len(asked), pseudonyms("u1")) == (3, hashed("u1", "k1"))
    (line,) = log.lines
    assert (line["message"], line["level"]) == ("pseudonym_left_out", "WARNING")
    assert (line["setting"], line["store_error"]) == ("PSEUDONYM_KEY_SECRET", "AccessDeniedException")


def test_a_secret_comes_before_a_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that is there is not used where the secret cannot be read."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    source = key_source(settings(pseudonym_key="k1", pseudonym_key_secret="id"))

    assert source is not None
    with pytest.raises(ConfigError, match="The secret of PSEUDONYM_KEY_SECRET"):
        source()
