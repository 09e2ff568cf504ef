"""The OpenAPI document's words about whole endpoints: their groups, their behaviour, and how callers sign in."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from oo.contract import routes


class EndpointText(NamedTuple):
    """The group of an endpoint, and its behaviour beyond its summary."""

    tag: str
    description: str


TAGS: Mapping[str, str] = {
    "tips": "Tips for one user, written by a language model.",
    "feedback": "The actions of users on served tips.",
    "agents": "The agents whose snippets tips rest on, one at a time.",
    "service": "The state of the service.",
}

_COSTS = "Each request calls the model one to three times and costs money: a repeat makes another tip."
_PURE = "Nothing is stored. The same body with the same `now_iso` gives the same answer."

TEXTS: Mapping[routes.Route, EndpointText] = {
    routes.RECOMMEND: EndpointText(
        "tips",
        "Without `agent_outputs`, the snippets count that precompute has stored for the user. Without any usable one, "
        "the tip rests on `tasks` alone. `receipt` says on what the tip rests, and `receipt.serve_id` joins feedback "
        f"to it. {_COSTS}",
    ),
    routes.GENERATE: EndpointText(
        "tips",
        "For benchmarks and evaluation. Candidates rest on `context` alone: no snippets are read. A candidate's `id` "
        f"with the answer's `serve_id` joins feedback to it. {_COSTS}",
    ),
    routes.FEEDBACK: EndpointText(
        "feedback",
        "The answer comes once the feedback is in a queue. A worker writes it to MLflow: one assessment per tip, user "
        "and family of actions, so a repeat changes nothing. Send the same body to `feedback_history` later.",
    ),
    routes.REGISTRY: EndpointText(
        "agents",
        "The manifests hold the schema of each agent's preferences, as forms for them need it. Store only the values "
        "that the user set: a default that is written out counts as the user's own, and nothing is learned over it.",
    ),
    routes.COMPUTE: EndpointText("agents", f"The answer's fields fit into `agent_outputs` of `/recommend`. {_PURE}"),
    routes.INFER: EndpointText("agents", f"Preferences that the user set are never to be replaced by these. {_PURE}"),
    routes.HEALTH: EndpointText("service", "No other service is called."),
}

PARAMETERS: Mapping[str, str] = {"agent_id": "The id of an agent, as `GET /agents/registry` lists them."}

SECURITY: Mapping[str, Mapping[str, Any]] = {
    "sigv4": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
        "description": (
            "A signature by AWS credentials (Signature Version 4) for the service `execute-api`. "
            "The signer needs `execute-api:Invoke`. Every stack asks for it unless it has a JWT issuer."
        ),
    },
    "jwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the stack's `JwtIssuer` for one of its `JwtAudience`, if these are set.",
    },
}
"""Each stack has one of these."""
