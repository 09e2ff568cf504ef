"""All routes of the service.

The gateway answers 404 and 405 by them, and a test compares the template with them.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Route(NamedTuple):
    """A verb and a path, in which `{name}` matches one segment. `name` is the operation's, as in OpenAPI."""

    name: str
    method: str
    path: str

    def parameters(self, path: str) -> dict[str, str] | None:
        """The path parameters by name; None if the path does not match this route."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return None if found is None else found.groupdict()

    def named(self, parameters: Mapping[str, str]) -> dict[str, str] | None:
        """The same from parameters that the gateway parsed; None if one of them is not a valid segment."""
        found = {name: parameters.get(name, "") for name in re.findall(r"\{(\w+)\}", self.path)}
        return found if all(value and "/" not in value for value in found.values()) else None


HEALTH = Route("health", "GET", "/health")
REGISTRY = Route("registry", "GET", "/agents/registry")
COMPUTE = Route("compute", "POST", "/agents/{agent_id}/compute")
INFER = Route("infer", "POST", "/agents/{agent_id}/infer")
RECOMMEND = Route("recommend", "POST", "/recommend")
GENERATE = Route("generate", "POST", "/generate")
FEEDBACK = Route("feedback", "POST", "/feedback")

ROUTES = (HEALTH, REGISTRY, COMPUTE, INFER, RECOMMEND, GENERATE, FEEDBACK)
