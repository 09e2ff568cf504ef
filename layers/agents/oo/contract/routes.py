"""The service's routes in one place: the gateway answers 404 and 405 from them, the template is held to them."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """A verb and a path; `{name}` stands for one segment of the path. `name` is the operation's, as in OpenAPI."""

    name: str
    method: str
    path: str

    def matches(self, path: str) -> bool:
        """Whether a request's path is this route's."""
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.path), path) is not None


HEALTH = Route("health", "GET", "/health")
REGISTRY = Route("registry", "GET", "/agents/registry")
COMPUTE = Route("compute", "POST", "/agents/{agent_id}/compute")
INFER = Route("infer", "POST", "/agents/{agent_id}/infer")
RECOMMEND = Route("recommend", "POST", "/recommend")
GENERATE = Route("generate", "POST", "/generate")

ROUTES = (HEALTH, REGISTRY, COMPUTE, INFER, RECOMMEND, GENERATE)
