from collections.abc import Callable
from typing import Any

from oo.bootstrap import aws_clients, secret
from testing.for_each import for_each


def secret_store() -> Any:
    """The client that reads a secret, as Powertools makes it."""
    return secret.provider().client


@for_each(
    ("make_client", "connect_s", "read_s", "attempts"),
    [
        (aws_clients.table_of_circuit, 0.3, 0.3, 1),
        (aws_clients.table_for_requests, 1, 1, 2),
        (secret_store, 1, 1, 2),
        (aws_clients.table_for_records, 1, 2, 3),
        (aws_clients.queue, 1, 2, 3),
    ],
)
def test_a_store_that_hangs_costs_a_bounded_time(
    make_client: Callable[[], Any], connect_s: float, read_s: float, attempts: int
) -> None:
    """The limits of each attempt in seconds, and the number of attempts."""
    config = make_client().meta.config

    assert (connect_s, read_s) == (config.connect_timeout, config.read_timeout)
    assert attempts == config.retries["total_max_attempts"]
