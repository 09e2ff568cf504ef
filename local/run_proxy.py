"""`python -m local.run_proxy`: the real LiteLLM proxy on this machine, until stopped."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from commands.program import program
from local.deployment.environment import LOGS, ROOT
from local.lambda_emulation.listener import LOOPBACK, Listener, bind, port_of
from local.other_program import OtherProgram
from local.settings import BadSetting, read_port
from local.terminal import shown_path
from local.until_stopped import run_until_stopped

DEFAULT_PORT = 4000
CONFIGURATION = ROOT / "local" / "litellm.yaml"
MOCK_CONFIGURATION = ROOT / "local" / "litellm-mock.yaml"
PROXY = ROOT / ".venv-proxy" / "bin" / "litellm"
_EPILOG = """\
environment:
  PROXY_PORT           where it listens on 127.0.0.1 (4000; 0 is any free port)
  PROXY_CONFIG         the configuration (local/litellm.yaml)
  MOCK                 1: no provider is asked, a rule answers instead
  LITELLM_MASTER_KEY   the proxy's own key (made up and printed if it is not set)
  OPENAI_API_KEY, …    the variables that the configuration names
"""
_FROM_ENVIRONMENT = "os.environ/"


@dataclass(frozen=True)
class ProxySettings:
    """The choices of a person at the terminal. `models` has the variables that each model's provider needs."""

    port: int
    configuration: Path
    is_mock: bool
    models: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, host: Mapping[str, str]) -> ProxySettings:
        """Read `host` and the configuration that it names. Raises BadSetting."""
        mock, named = host.get("MOCK", ""), host.get("PROXY_CONFIG", "")
        if mock not in ("", "0", "1"):
            raise BadSetting(f"MOCK is {mock!r}: set it to 1 for a proxy without providers, or leave it out.")
        if mock == "1" and named:
            raise BadSetting("MOCK=1 has a configuration of its own: leave out PROXY_CONFIG, or MOCK.")
        configuration = MOCK_CONFIGURATION if mock == "1" else Path(named) if named else CONFIGURATION
        port = read_port(host, "PROXY_PORT", DEFAULT_PORT)
        return cls(port, configuration.resolve(), mock == "1", {} if mock == "1" else _needed(configuration))


@program("proxy", epilog=_EPILOG)
def main() -> None:
    """Start the LiteLLM proxy, and serve until SIGINT or SIGTERM.

    It prints which providers' keys are missing. If it cannot start, it prints one sentence and ends with exit code 1.
    """
    run_until_stopped(_serve)


async def _serve() -> None:
    settings = ProxySettings.read(os.environ)
    with bind(settings.port, name="PROXY_PORT") as free:
        port = port_of(free)
    if missing := lacking(settings.models, os.environ):
        print(missing, flush=True)
    print(f"Starting the LiteLLM proxy with {shown_path(settings.configuration)}; this takes about 10 s …", flush=True)
    given = os.environ.get("LITELLM_MASTER_KEY", "")
    key = given or f"sk-{secrets.token_hex(16)}"
    address = f"http://{LOOPBACK}:{port}"
    async with _model(settings) as variables:
        proxy = OtherProgram(
            "The proxy",
            PROXY,
            ["--config", str(settings.configuration), "--host", LOOPBACK, "--port", str(port)],
            _environment() | {"LITELLM_MASTER_KEY": key} | variables,
            f"{address}/health/liveliness",
            LOGS / f"proxy-{port}.log",
        )
        # A key that was set is known, and may be one that others use, too.
        await proxy.serve(told(address, "$LITELLM_MASTER_KEY" if given else key))


def lacking(models: Mapping[str, tuple[str, ...]], environment: Mapping[str, str]) -> str:
    """A sentence on the providers' variables that are not set; "" if none is missing."""
    missing = {model: [name for name in names if not environment.get(name)] for model, names in models.items()}
    listed = [f"{' and '.join(names)} ({model})" for model, names in missing.items() if names]
    if not listed:
        return ""
    if len(listed) == len(models):
        return (
            "No provider's key is set, so every tip will fail with llm_upstream_error."
            f" Set {' or '.join(listed)}. make proxy MOCK=1 needs none."
        )
    return f"Not set: {', '.join(listed)}. Requests to these models will fail."


def told(address: str, key: str) -> str:
    """The address, and the command that uses it."""
    command = f"LITELLM_URL={address} LITELLM_API_KEY={key} make run"
    return f"The proxy listens on {address}. Ctrl-C ends it. To use it:\n\n  {command}\n"


@asynccontextmanager
async def _model(settings: ProxySettings) -> AsyncGenerator[dict[str, str]]:
    """The variables of the proxy's model; for MOCK=1 a stand-in that answers by a rule runs meanwhile."""
    if not settings.is_mock:
        yield {}
        return
    from local.model import app  # noqa: PLC0415  # the prompts' packages, which no other proxy needs

    listener = Listener(app, bind(0, name="MODEL_PORT"))
    try:
        yield {"STAND_IN_URL": f"http://{LOOPBACK}:{listener.port}/v1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    finally:
        await listener.stop()


def _environment() -> dict[str, str]:
    """All variables of the terminal, as providers have many, but for the path of our own modules."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}


def _needed(configuration: Path) -> dict[str, tuple[str, ...]]:
    """The variables in each model's parameters, by the model's name. Raises BadSetting."""
    try:
        document = yaml.safe_load(configuration.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting(f"PROXY_CONFIG: {configuration} cannot be read ({error.strerror}).") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise BadSetting(f"PROXY_CONFIG: {configuration} is no YAML file.") from None
    models = document.get("model_list") if isinstance(document, dict) else None
    if not isinstance(models, list):
        raise BadSetting(f"PROXY_CONFIG: {configuration} has no model_list.")
    needed: dict[str, tuple[str, ...]] = {}
    for model in models:
        if isinstance(model, dict) and (names := _variables(model.get("litellm_params"))):
            alias = str(model.get("model_name"))
            needed[alias] = (*needed.get(alias, ()), *names)
    return needed


def _variables(parameters: object) -> tuple[str, ...]:
    values = parameters.values() if isinstance(parameters, dict) else ()
    texts = [value for value in values if isinstance(value, str) and value.startswith(_FROM_ENVIRONMENT)]
    return tuple(text.removeprefix(_FROM_ENVIRONMENT) for text in texts)


if __name__ == "__main__":
    main()
