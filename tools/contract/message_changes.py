"""Changes between two versions of docs/messages.json that break a producer, or messages that are still in a queue.

A queue may only take more than before.
"""

from collections.abc import Iterator
from typing import Any

from tools.contract.schema_changes import Comparison

Document = dict[str, Any]


def breaches(before: Document, now: Document) -> Iterator[str]:
    """A sentence for each change that can break them."""
    for queue, message in before["properties"].items():
        if queue in now["properties"]:
            yield from Comparison(before, now, is_request=True).of(queue, message, now["properties"][queue])
        else:
            yield f"{queue} was removed"
