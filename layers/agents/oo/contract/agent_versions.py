"""The current version of each agent, written by `make docs`.

A copy of the manifests' versions: the functions that only read snippets start without the agents' code.
"""

from collections.abc import Mapping

VERSIONS: Mapping[str, str] = {
    "deadline-pressure": "1.2.0",
    "lateness-buffer": "1.2.0",
    "peak-hours": "1.3.0",
    "momentum": "1.2.0",
    "quick-win": "1.2.0",
    "important-first": "1.2.0",
    "stale-task": "1.2.0",
    "workload-balance": "2.0.0",
    "project-focus": "1.2.0",
    "tip-receptivity": "1.2.0",
    "overdue-pile": "1.0.0",
    "weekly-review": "1.0.0",
}
