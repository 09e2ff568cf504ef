"""Log events and metrics of the circuit breaker around the model."""

from aws_lambda_powertools import Logger

from oo.frozen import frozen
from oo.telemetry.metrics import count


@frozen
class CircuitReports:
    """Writes one WARNING and one count for each event."""

    logger: Logger

    def changed(self, before: str, after: str) -> None:
        """Report a change of the circuit's state."""
        count("CircuitChanged", to=after)
        self.logger.warning("circuit_changed", before=before, after=after)

    def store_failed(self, reason: str) -> None:
        """Report that the circuit's table did not respond, so that the circuit counts as closed."""
        count("CircuitStoreUnavailable")
        self.logger.warning("circuit_store_unavailable", reason=reason)
