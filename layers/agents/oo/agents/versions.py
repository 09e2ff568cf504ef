"""Which version each agent is at: all that is needed of an agent to judge what it said earlier.

A copy of what the manifests say, which a test holds to them: manifests come with the agents' code, and the functions
that only read snippets need none of it.
"""

from collections.abc import Mapping

VERSIONS: Mapping[str, str] = {
    "deadline-pressure": "1.0.0",
    "lateness-buffer": "1.0.0",
    "peak-hours": "1.0.0",
    "momentum": "1.0.0",
    "quick-win": "1.0.0",
    "important-first": "1.0.0",
    "stale-task": "1.0.0",
    "workload-balance": "1.0.0",
    "project-focus": "1.0.0",
    "tip-receptivity": "1.0.0",
}
