"""A circuit breaker around the model: while the proxy is known to be down, requests fail at once.

The state machine and its table are those of Powertools. Three things are added. A failing table costs its timeout once
in a while, not with every request. A definite response of the proxy, an unusable reply or a refusal, counts as a
success, also during a trial. A trial excludes all other requests for as long as it may take.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from aws_lambda_powertools.utilities.circuit_breaker import (
    CircuitBreakerConfig,
    CircuitBreakerOpenError,
    CircuitInfo,
    CircuitTransition,
    circuit_breaker,
)
from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
    CircuitBreakerDynamoDBPersistence,
    CircuitStateRecord,
)
from botocore.exceptions import BotoCoreError, ClientError

from oo.errors import (
    CircuitOpen,
    DeadlineExceeded,
    LLMError,
    LLMRateLimited,
    LLMTimeout,
    LLMUnreachable,
    LLMUpstreamError,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Answer = TypeVar("Answer")

CIRCUIT = "litellm"
RECOVERY_S = 20
PROBE_LEASE_S = 30
"""How long one caller alone tries the proxy. LLM_BUDGET_S ends a probe after 27 s at most."""

REST_S = 10
"""The pause in seconds after a failure of the table; the circuit counts as closed meanwhile."""

_CONFIG = CircuitBreakerConfig(
    failure_threshold=3,
    recovery_timeout=RECOVERY_S,
    success_threshold=1,
    handled_exceptions=(LLMUpstreamError, LLMUnreachable, LLMTimeout),
    local_cache_max_age=2,
)


class Observer(Protocol):
    """Observer of the circuit's state changes."""

    def changed(self, before: str, after: str) -> None:
        """Handle a change of the circuit's state: CLOSED, OPEN or HALF_OPEN."""

    def store_failed(self, reason: str) -> None:
        """Handle a table that did not respond; `reason` is its error code or the exception's type."""


def tells_of_failure(error: LLMError) -> bool:
    """Whether an error means that the proxy, or the provider behind it, is down or overloaded."""
    if isinstance(error, LLMUpstreamError):
        return type(error) in (LLMUpstreamError, LLMRateLimited) and (error.passes or error.status >= 500)
    return isinstance(error, LLMUnreachable | LLMTimeout)


class _StoreFailed(Exception):
    """The circuit's state could not be read or written. Powertools then works as with a closed circuit."""


class SharedState(CircuitBreakerDynamoDBPersistence):
    """The circuit's state, shared by all sandboxes, in a table with the key `id`."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        observer: Observer,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(table_name=table, expiry_attr="ttl", boto3_client=client)
        self._observer = observer
        self._wall_clock = wall_clock
        self._failed_at = float("-inf")

    @property
    def rests(self) -> bool:
        """Whether the table failed a moment ago."""
        return 0 <= self._wall_clock() - self._failed_at < REST_S

    def try_acquire_half_open(self, name: str, owner: str, opened_at: int) -> bool:
        """Whether this caller may try the proxy; without the table every caller may."""
        try:
            return super().try_acquire_half_open(name, owner, opened_at)
        except _StoreFailed:
            return True

    def _get_record(self, name: str) -> CircuitStateRecord | None:
        return self._ask(super()._get_record, name)

    def _put_record(
        self, record: CircuitStateRecord, condition: str | None = None, expected_opened_at: int | None = None
    ) -> None:
        # Powertools uses the recovery time as the lease, so a second probe would begin before the first one has ended.
        if record.probe_lease_expiry is not None:
            record.probe_lease_expiry += PROBE_LEASE_S - RECOVERY_S
        self._ask(super()._put_record, record, condition, expected_opened_at)

    def _update_record(self, record: CircuitStateRecord) -> None:
        self._ask(super()._update_record, record)

    def _ask(self, operation: Callable[..., Answer], *arguments: object) -> Answer:
        if self.rests:
            raise _StoreFailed
        try:
            return operation(*arguments)
        except (BotoCoreError, ClientError) as error:
            self._failed_at = self._wall_clock()
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            self._observer.store_failed(code)
            raise _StoreFailed from error


class Circuit:
    """Passes requests to the model, each with all its retries, or rejects them. Raises CircuitOpen.

    Three consecutive failed requests open the circuit for 20 s. Then one request is passed, and its outcome closes the
    circuit or opens it again.
    """

    def __init__(
        self,
        state: SharedState,
        observer: Observer,
        *,
        name: str = CIRCUIT,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._state = state
        self._observer = observer
        self._wall_clock = wall_clock
        self._protected: Callable[[Callable[[], Any]], Any] = circuit_breaker(
            name=name, persistence_store=state, config=_CONFIG, on_transition=self._tell
        )(_outcome)

    def __call__(self, ask: Callable[[], Answer]) -> Answer:
        """Return the result of `ask`, or raise its error."""
        try:
            outcome = self._protected(ask)
        except CircuitBreakerOpenError as refusal:
            raise CircuitOpen(self._wait_s(refusal.circuit)) from None
        if isinstance(outcome, LLMError):
            raise outcome
        answer: Answer = outcome
        return answer

    def _tell(self, transition: CircuitTransition) -> None:
        # Without the table the state is unchanged for all sandboxes.
        if not self._state.rests:
            self._observer.changed(str(transition.from_state), str(transition.to_state))

    def _wait_s(self, circuit: CircuitInfo | None) -> float:
        """Seconds until the circuit may be tried, at least one, because another request may be trying it now."""
        opened_at = circuit.opened_at if circuit else None
        left = RECOVERY_S if opened_at is None else opened_at + RECOVERY_S - self._wall_clock()
        return min(max(1.0, left), RECOVERY_S)


def _outcome(ask: Callable[[], Answer]) -> Answer | LLMError:
    """The answer, or an error that says nothing about the proxy's health: returned, it counts as a success."""
    try:
        return ask()
    except LLMError as error:
        if tells_of_failure(error) or isinstance(error, DeadlineExceeded):
            raise
        return error
