"""Released prompt versions in MLflow's prompt registry, each registered once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from oo.prompts.slider import BANDS
from oo.prompts.versions import RECOMMEND_VERSIONS, UNRELEASED, VERSIONS, get_orchestrator, get_prompt
from oo.prompts.versions.orchestrator import Orchestrator
from oo.prompts.versions.prompt import Prompt
from oo.telemetry.export.exporter import ExportFailed
from operations.mlflow_api import MlflowApi

ALIAS = "deployed"
PAGE = 200
_API = "/api/2.0/mlflow"
_IS_PROMPT = "mlflow.prompt.is_prompt"
_TEXT = "mlflow.prompt.text"
_VERSION = "prompt.version"
_SOURCE = "prompt-template"
"""MLflow requires a source, and accepts this one for prompts."""

_EXISTS = "RESOURCE_ALREADY_EXISTS"
_MISSING = "RESOURCE_DOES_NOT_EXIST"
AnyRelease = TypeVar("AnyRelease", Orchestrator, Prompt)


class Releases(NamedTuple):
    """The released versions of one endpoint under their name in the registry: texts by version, the oldest first."""

    name: str
    texts: Mapping[str, str]


class Published(NamedTuple):
    """The versions that were registered, and the number of the one with the alias.

    `has_moved` is true if the alias pointed to another one before, or to none.
    """

    registered: tuple[str, ...]
    deployed: str
    has_moved: bool


def releases() -> tuple[Releases, Releases]:
    """Those of `/recommend` and those of `/generate`."""
    return (
        Releases("oo-recommend", _texts(RECOMMEND_VERSIONS, get_orchestrator, orchestrator_text)),
        Releases("oo-generate", _texts(VERSIONS, get_prompt, prompt_text)),
    )


def orchestrator_text(version: Orchestrator) -> str:
    """The whole text of a version of `/recommend`: the system message with its placeholders, and their values."""
    by_band = (
        "\n".join([f"[{name}]", *(f"{band.name}: {text}" for band, text in zip(BANDS, texts, strict=True))])
        for name, texts in version.by_band
    )
    line = "yes" if version.tells_delivery else "no"
    last = f"[end of the user message]\n{version.closing}\n\n[without tasks]\n{version.general.strip()}"
    return "\n\n".join([version.system, last, *by_band, f"[line Delivery]\n{line}"])


def prompt_text(version: Prompt) -> str:
    """The whole text of a version of `/generate`, and the parts of a request that it shows."""
    shown = {
        "tasks at most": version.most_tasks,
        "fenced": version.fenced,
        "extra": version.tells_extra,
        "profile": version.tells_profile,
    }
    rest = "\n".join(f"{name}: {value}" for name, value in shown.items())
    return "\n\n".join([version.system, f"[end of the user message]\n{version.closing}", f"[shown]\n{rest}"])


def publish(api: MlflowApi, of: Releases, default_version: str) -> Published:
    """Register the versions whose text the registry does not have, and set the alias to the default version.

    MLflow gives the same text another number each time it is registered. Raises ExportFailed and Unreachable.
    """
    known = {text: number for number, text in _registered(api, of.name)}
    missing = [version for version, text in of.texts.items() if text not in known]
    if missing and not known:
        _make(api, of.name)
    for version in missing:
        known[of.texts[version]] = _register(api, of.name, version, of.texts[version])
    deployed = known[of.texts[default_version]]
    has_moved = _alias(api, of.name) != deployed
    if has_moved:
        body = {"name": of.name, "alias": ALIAS, "version": deployed}
        api.post(f"{_API}/registered-models/alias", body)
    return Published(tuple(missing), deployed, has_moved)


def _texts(
    versions: Sequence[str], find: Callable[[str], AnyRelease], text: Callable[[AnyRelease], str]
) -> dict[str, str]:
    return {version: text(find(version)) for version in versions if version not in UNRELEASED}


def _registered(api: MlflowApi, name: str) -> Iterator[tuple[str, str]]:
    """The numbers and texts of all versions in the registry."""
    next_page = ""
    while True:
        query = {"filter": f"name = '{name}' AND tags.`{_IS_PROMPT}` = 'true'", "max_results": PAGE}
        more = {"page_token": next_page} if next_page else {}
        page = api.get(f"{_API}/model-versions/search?{urlencode(query | more)}")
        for each in page.get("model_versions") or ():
            yield str(each["version"]), _tags(each).get(_TEXT, "")
        next_page = str(page.get("next_page_token") or "")
        if not next_page:
            return


def _make(api: MlflowApi, name: str) -> None:
    """Create the prompt; an existing one has no version yet."""
    answer = api.answer(f"{_API}/registered-models/create", {"name": name, "tags": _pairs({_IS_PROMPT: "true"})})
    if not answer.is_success and answer.fields.get("error_code") != _EXISTS:
        raise ExportFailed(status=answer.status, hint=answer.hint)


def _register(api: MlflowApi, name: str, version: str, text: str) -> str:
    tags = {_IS_PROMPT: "true", _TEXT: text, "_mlflow_prompt_type": "text", _VERSION: version}
    body = {"name": name, "source": _SOURCE, "description": version, "tags": _pairs(tags)}
    return str(api.post(f"{_API}/model-versions/create", body)["model_version"]["version"])


def _alias(api: MlflowApi, name: str) -> str | None:
    """The number of the alias, None if there is no such alias."""
    answer = api.asked_for(f"{_API}/registered-models/alias?{urlencode({'name': name, 'alias': ALIAS})}")
    if answer.is_success:
        return str(answer.fields["model_version"]["version"])
    # For a missing alias, MLflow answers that the parameter is invalid.
    if answer.fields.get("error_code") in (_MISSING, "INVALID_PARAMETER_VALUE"):
        return None
    raise ExportFailed(status=answer.status, hint=answer.hint)


def _pairs(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": name, "value": value} for name, value in values.items()]


def _tags(fields: Mapping[str, Any]) -> dict[str, str]:
    return {str(each["key"]): str(each.get("value", "")) for each in fields.get("tags") or ()}
