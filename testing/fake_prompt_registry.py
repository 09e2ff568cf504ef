"""Prompts as in MLflow's registry over REST; tests/mlflow runs the same requests on a real one."""

import re
from dataclasses import dataclass, field
from typing import Any

Reply = tuple[int, dict[str, Any]]
_NAMED = re.compile(r"name = '([^']+)' AND tags\.`mlflow\.prompt\.is_prompt` = 'true'")


@dataclass
class PromptRegistry:
    """Versions by prompt, the first one has the number 1; `aliases` by prompt and alias. `page` is the page size."""

    versions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    page: int = 200
    writes: int = 0

    def answer(self, asked: str, body: dict[str, Any], query: dict[str, list[str]]) -> Reply:
        """The status and the fields for a verb and a path; raises KeyError for another part of the interface."""
        self.writes += bool(body)
        match asked:
            case "GET model-versions/search":
                return 200, self._search(query)
            case "GET registered-models/alias":
                return self._named(query["name"][0], query["alias"][0])
            case "POST registered-models/create":
                if body["name"] in self.versions:
                    return 400, {"error_code": "RESOURCE_ALREADY_EXISTS"}
                self.versions[body["name"]] = []
                return 200, {"registered_model": {"name": body["name"]}}
            case "POST model-versions/create":
                made = {"version": str(len(self.versions[body["name"]]) + 1), **body}
                self.versions[body["name"]].append(made)
                return 200, {"model_version": made}
            case "POST registered-models/alias":
                self.aliases[body["name"], body["alias"]] = body["version"]
                return 200, {}
        raise KeyError(asked)

    def _search(self, query: dict[str, list[str]]) -> dict[str, Any]:
        named = _NAMED.fullmatch(query["filter"][0])
        assert named is not None
        found = list(reversed(self.versions.get(named[1], [])))
        start = int(query.get("page_token", ["0"])[0])
        end = start + min(self.page, int(query["max_results"][0]))
        more = {"next_page_token": str(end)} if end < len(found) else {}
        # Without a version, a page is an empty object.
        return ({"model_versions": found[start:end]} if found else {}) | more

    def _named(self, name: str, alias: str) -> Reply:
        number = self.aliases.get((name, alias))
        if number is None:
            return 400, {
                "error_code": "INVALID_PARAMETER_VALUE",
                "message": f"Registered model alias {alias} not found.",
            }
        return 200, {"model_version": self.versions[name][int(number) - 1]}
