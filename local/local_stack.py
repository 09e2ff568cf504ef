"""All parts of the service, started, connected and ended together."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local.aws import resources
from local.deployment import template
from local.deployment.environment import LAYER, LOGS, ROOT, Surroundings
from local.deployment.template import Template
from local.example import curl
from local.first_snapshot import precompute_example
from local.lambda_emulation.child import Child
from local.lambda_emulation.gateway import INTEGRATION_TIMEOUT_S, LocalGateway
from local.lambda_emulation.listener import LOOPBACK, Listener, PortTaken, bind, port_of
from local.lambda_emulation.poller import Poller
from local.lambda_emulation.pool import Pool
from local.lambda_emulation.process_log import JsonLog, ProcessLog, StreamLog
from local.lambda_emulation.relay import start_relay
from local.lambda_emulation.runtime import FunctionAnswer
from local.lambda_emulation.sandbox import Sandbox
from local.model import app as model_app
from local.settings import LocalSettings
from local.site.app import LocalSite
from local.site.pages import LocalPages
from local.source_watch import Restarts, SourceFiles, watch
from local.terminal import Terminal

# Responses and traces that are still being sent at the end.
_LAST_WORDS_S = 2.0
# A call that found no sandbox for this long could not be answered in time any more.
_PATIENCE_S = INTEGRATION_TIMEOUT_S - 1
_MODEL_KEY = "stand-in"


@dataclass(frozen=True)
class Assembly:
    """The running parts and their addresses; `problems` names functions that did not start.

    `log_file` has the functions' log lines, None if they are on the terminal.
    """

    base_url: str
    aws_endpoint: str
    model_url: str
    template: Template
    problems: dict[str, str]
    lost: asyncio.Future[str]
    """Done, with a sentence, when a part that nothing can replace has ended."""
    log_file: Path | None = None


@asynccontextmanager
async def assemble(settings: LocalSettings, terminal: Terminal) -> AsyncGenerator[Assembly]:
    """Start everything; on leaving, end everything.

    Raises PortTaken and TemplateError before anything is started.
    """
    async with AsyncExitStack() as stack:
        gateway_socket, aws_socket, model_socket = _bind_all(stack, settings)
        relayed = (port_of(aws_socket), port_of(model_socket))
        endpoint = f"http://{LOOPBACK}:{relayed[0]}"
        plan = template.load(settings.template, aws_endpoint=endpoint)
        server = await resources.start_server(aws_socket, settings.host)
        stack.push_async_callback(server.stop)
        model_url = settings.litellm_url or _start_model(stack, model_socket)
        surroundings = Surroundings(
            settings.host, endpoint, model_url, settings.litellm_key if settings.litellm_url else _MODEL_KEY
        )
        log_file = None if settings.json_on_terminal else LOGS / f"run-{port_of(gateway_socket)}.jsonl"
        pools = _pools(plan, surroundings, _log(stack, log_file))
        stack.push_async_callback(_stop_all, pools)
        person = terminal if settings.for_a_person else None
        problems = await _warm_up(stack, resources.Clients(endpoint), plan, pools, person)
        if settings.container_bridge:
            for port in relayed:
                await _start_relay(stack, settings.container_bridge, port)
        if settings.for_a_person:
            _start_watch(stack, plan, pools, terminal)
        base_url = _start_site(stack, gateway_socket, plan, pools, terminal, for_a_person=settings.for_a_person)
        yield Assembly(base_url, endpoint, model_url, plan, problems, _loss_of(server), log_file)


def _bind_all(stack: AsyncExitStack, settings: LocalSettings) -> Iterator[socket.socket]:
    """The sockets of the API, of AWS and of the model. Raises PortTaken, which names all ports that are taken."""
    wanted = {
        "PORT": (settings.port,),
        "AWS_PORT": (settings.aws_port,),
        "MODEL_PORT": (0,) if settings.litellm_url else settings.model_ports,
    }
    bound, problems = [], []
    for name, ports in wanted.items():
        try:
            bound.append(stack.enter_context(bind(*ports, name=name)))
        except PortTaken as problem:
            problems.append(str(problem))
    if problems:
        raise PortTaken("; ".join(problems))
    return iter(bound)


async def _warm_up(
    stack: AsyncExitStack,
    clients: resources.Clients,
    plan: Template,
    pools: dict[str, Pool],
    person: Terminal | None,
) -> dict[str, str]:
    """Start one process per function; the faults of those that did not start.

    Workers start first: the others start while the queues gather the example's batches. Without a `person` at the
    terminal there is no example, and no line about failed messages.
    """
    workers = {one.function: pools[one.function] for one in plan.subscriptions}
    _, problems = await asyncio.gather(asyncio.to_thread(resources.create_resources, clients, plan), _warm_all(workers))
    _start_pollers(stack, clients, plan, pools, person.say if person else lambda _: None)
    others = _warm_all({name: pool for name, pool in pools.items() if name not in workers})
    if not person:
        return problems | await others
    more_problems, _ = await asyncio.gather(others, precompute_example(clients, plan, datetime.now(UTC)))
    return problems | more_problems


def _log(stack: AsyncExitStack, file: Path | None) -> ProcessLog:
    terminal = StreamLog(sys.stderr)
    if file is None:
        return terminal
    file.parent.mkdir(parents=True, exist_ok=True)
    return JsonLog(stack.enter_context(file.open("w", encoding="utf-8")), terminal)


async def _start_relay(stack: AsyncExitStack, address: str, port: int) -> None:
    server = await start_relay(address, port)
    stack.callback(server.close)


def _start_model(stack: AsyncExitStack, listening: socket.socket) -> str:
    listener = Listener(model_app, listening)
    stack.push_async_callback(listener.stop)
    return f"http://{LOOPBACK}:{listener.port}"


def _pools(plan: Template, surroundings: Surroundings, log: ProcessLog) -> dict[str, Pool]:
    def launcher(function: template.Function) -> Callable[[], asyncio.Future[Sandbox]]:
        environment = surroundings.environment(function)
        return lambda: asyncio.ensure_future(Sandbox.start(function, environment, log))

    return {name: Pool(launcher(function)) for name, function in plan.functions.items()}


async def _warm_all(pools: dict[str, Pool]) -> dict[str, str]:
    outcomes = await asyncio.gather(*(pool.warm() for pool in pools.values()))
    return {name: problem for name, problem in zip(pools, outcomes, strict=True) if problem}


async def _stop_all(pools: dict[str, Pool]) -> None:
    await asyncio.gather(*(pool.stop(patience=_LAST_WORDS_S) for pool in pools.values()))


def _start_pollers(
    stack: AsyncExitStack,
    clients: resources.Clients,
    plan: Template,
    pools: dict[str, Pool],
    say: Callable[[str], None],
) -> None:
    for subscription in plan.subscriptions:
        queue = plan.queues[subscription.queue]
        poller = Poller(clients.sqs, queue, subscription, pools[subscription.function], say=say)
        polling = asyncio.create_task(poller.run())
        stack.callback(polling.cancel)


def _start_watch(stack: AsyncExitStack, plan: Template, pools: dict[str, Pool], terminal: Terminal) -> None:
    sources = SourceFiles([*{function.folder for function in plan.functions.values()}, LAYER / "oo"])
    restarts = Restarts(plan.functions, pools, ROOT, terminal.say)
    stack.callback(asyncio.create_task(watch(sources.changed, restarts)).cancel)


def _start_site(
    stack: AsyncExitStack,
    listening: socket.socket,
    plan: Template,
    pools: dict[str, Pool],
    terminal: Terminal,
    *,
    for_a_person: bool,
) -> str:
    async def invoke(function: str, event: bytes) -> FunctionAnswer:
        return await pools[function].invoke(event, patience=_PATIENCE_S)

    base_url = f"http://{LOOPBACK}:{port_of(listening)}"
    site = LocalSite(LocalGateway(plan.routes, invoke), LocalPages(curl(base_url)), terminal, for_a_person=for_a_person)
    listener = Listener(site, listening)
    stack.push_async_callback(listener.stop)
    return base_url


def _loss_of(server: Child) -> asyncio.Future[str]:
    lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def tell(_: asyncio.Future[int]) -> None:
        if not lost.done():
            lost.set_result("The local AWS has ended, and with it every queue and table.")

    server.exited.add_done_callback(tell)
    return lost
