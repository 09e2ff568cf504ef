"""`make playground`: a page to try prompts with; starts the service on this machine, unless one is named."""

from __future__ import annotations

import os
from asyncio import Future, get_running_loop
from collections.abc import Mapping
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from commands.program import program
from local.lambda_emulation.listener import LOOPBACK, Listener, PortTaken, bind
from local.playground.app import Playground
from local.playground.request_sets import RequestSets
from local.playground.service_client import ServiceClient
from local.playground.trace_links import TraceLinks
from local.serving import started
from local.settings import BadSetting, LocalSettings, read_port
from local.terminal import shown_address
from local.until_stopped import PartLost, run_until_stopped
from oo.bootstrap.settings import TraceSettings
from oo.errors import ConfigError

DEFAULT_PORT = 3004
_EPILOG = """\
environment:
  PLAYGROUND_PORT         where the page listens on 127.0.0.1 (3004; 0 is any free port)
  SERVICE_URL             a running service to use instead of starting one
  MLFLOW_TRACKING_URI     an MLflow server that traces go to; the page then links to them
  PORT, LITELLM_URL, …    as for `make run`
"""


@program("playground", epilog=_EPILOG)
def main() -> None:
    """Try prompts on a page in the browser, until SIGINT or SIGTERM.

    If it cannot start, it prints one sentence and ends with exit code 1.
    """
    run_until_stopped(_serve)


async def _serve() -> None:
    port, service_url = read_port(os.environ, "PLAYGROUND_PORT", DEFAULT_PORT), _service_url(os.environ)
    traces = TraceLinks(_trace_settings(os.environ))
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(bind(port, name="PLAYGROUND_PORT"))
        lost: Future[str] = get_running_loop().create_future()
        if not service_url:
            try:
                assembly = await stack.enter_async_context(started(LocalSettings.read(os.environ)))
            except PortTaken as problem:
                raise PortTaken(f"{problem}, or set SERVICE_URL=… to a running service") from None
            service_url, lost = assembly.base_url, assembly.lost
        service = await stack.enter_async_context(ServiceClient(service_url))
        app = Playground(service, RequestSets(), traces).app()
        listener = Listener(app, listening)
        stack.push_async_callback(listener.stop)
        print(
            f"The playground listens on http://{LOOPBACK}:{listener.port} and calls {shown_address(service_url)}",
            flush=True,
        )
        raise PartLost(await lost)


def _service_url(environment: Mapping[str, str]) -> str:
    """The URL of the named service, "" without one. Raises BadSetting."""
    url = environment.get("SERVICE_URL", "").strip().rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadSetting("SERVICE_URL has to begin with http:// or https:// and a host.")
    return url


def _trace_settings(environment: Mapping[str, str]) -> TraceSettings:
    """The destination of traces. Raises BadSetting."""
    try:
        return TraceSettings.from_environment(environment)
    except ConfigError as error:
        raise BadSetting(f"{error}: docs/configuration.md has the valid values.") from None


if __name__ == "__main__":
    main()
