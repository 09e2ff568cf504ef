"""The service's routes in one place: the gateway answers 404 and 405 from them, the template is held to them."""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Route(NamedTuple):
    """A verb and a path; `{name}` stands for one segment of the path. `name` is the operation's, as in OpenAPI."""

    name: str
    method: str
    path: str

    def parameters(self, path: str) -> dict[str, str] | None:
        """The values of a request's path by their `{name}`; None where the path is not this route's."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return None if found is None else found.groupdict()

    def named(self, parameters: Mapping[str, str]) -> dict[str, str] | None:
        """The same out of parameters that the gateway has read itself; None where one of them is no segment."""
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
