"""Changes of released prompts between two versions of docs/prompts.json.

Figures belong to the text that was measured under a version's name, so no released version may change or be removed.
"""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def breaches(before: Document, now: Document) -> Iterator[str]:
    """A sentence for each released version that has changed."""
    for version, conversations in before.items():
        if version not in now:
            yield f"{version} was removed"
        elif conversations != now[version]:
            yield f"{version} changed; put the new wording into a new version"
