"""A store of secrets for tests, and a clock."""

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError


class SecretStore:
    """Holds one secret, and can be down; a fetched value stays cached until a fetch is forced."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.is_down = False
        self.asked = self.forced = 0
        self._cached: object = None

    def get(self, name: str, max_age: int | None = None, transform: None = None, force_fetch: bool = False) -> object:  # noqa: FBT001, FBT002  # Powertools' signature
        self.forced += force_fetch
        if self._cached is not None and not force_fetch:
            return self._cached
        self.asked += 1
        if self.is_down:
            raise GetParameterError(name)
        self._cached = self.value
        return self.value

    def expire(self) -> None:
        """Expire the cache."""
        self._cached = None


class Clock:
    """A wall clock that changes only when it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now
