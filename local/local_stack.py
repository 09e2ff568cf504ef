"""All parts of the service, started, connected and ended together."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from local.aws import resources
from local.deployment import template
from local.deployment.environment import Surroundings
from local.deployment.template import Template
from local.lambda_emulation.child import Child
from local.lambda_emulation.gateway import INTEGRATION_TIMEOUT_S, LocalGateway
from local.lambda_emulation.listener import LOOPBACK, Listener, bind, port_of
from local.lambda_emulation.poller import Poller
from local.lambda_emulation.pool import Pool
from local.lambda_emulation.relay import start_relay
from local.lambda_emulation.runtime import FunctionAnswer
from local.lambda_emulation.sandbox import Sandbox
from local.model import app as model_app
from local.settings import LocalSettings

# Answers and traces that are still on their way when the end is asked for.
_LAST_WORDS_S = 2.0
# A call that found no sandbox for this long could not be answered in time any more.
_PATIENCE_S = INTEGRATION_TIMEOUT_S - 1
_MODEL_KEY = "stand-in"


@dataclass(frozen=True)
class Assembly:
    """The running parts and their addresses; `problems` names functions that did not start."""

    base_url: str
    aws_endpoint: str
    model_url: str
    template: Template
    problems: dict[str, str]
    lost: asyncio.Future[str]
    """Done, with a sentence, when a part that nothing can replace has ended."""


@asynccontextmanager
async def assemble(settings: LocalSettings) -> AsyncGenerator[Assembly]:
    """Start everything; on leaving, end everything.

    Raises PortTaken and TemplateError before anything is started.
    """
    async with AsyncExitStack() as stack:
        gateway_socket = stack.enter_context(bind(settings.port, name="PORT"))
        aws_socket = stack.enter_context(bind(settings.aws_port, name="AWS_PORT"))
        model_socket = stack.enter_context(
            bind(*((0,) if settings.litellm_url else settings.model_ports), name="MODEL_PORT")
        )
        relayed = (port_of(aws_socket), port_of(model_socket))
        endpoint = f"http://{LOOPBACK}:{relayed[0]}"
        plan = template.load(settings.template, aws_endpoint=endpoint)
        server = await resources.start_server(aws_socket, settings.host)
        stack.push_async_callback(server.stop)
        model_url = settings.litellm_url or _start_model(stack, model_socket)
        surroundings = Surroundings(
            settings.host, endpoint, model_url, settings.litellm_key if settings.litellm_url else _MODEL_KEY
        )
        pools = _pools(plan, surroundings)
        stack.push_async_callback(_stop_all, pools)
        clients = resources.Clients(endpoint)
        problems, _ = await asyncio.gather(
            _warm_all(pools), asyncio.to_thread(resources.create_resources, clients, plan)
        )
        _start_pollers(stack, clients, plan, pools)
        if settings.container_bridge:
            for port in relayed:
                await _start_relay(stack, settings.container_bridge, port)
        base_url = _start_gateway(stack, gateway_socket, plan, pools)
        yield Assembly(base_url, endpoint, model_url, plan, problems, _loss_of(server))


async def _start_relay(stack: AsyncExitStack, address: str, port: int) -> None:
    server = await start_relay(address, port)
    stack.callback(server.close)


def _start_model(stack: AsyncExitStack, listening: socket.socket) -> str:
    listener = Listener(model_app, listening)
    stack.push_async_callback(listener.stop)
    return f"http://{LOOPBACK}:{listener.port}"


def _pools(plan: Template, surroundings: Surroundings) -> dict[str, Pool]:
    def launcher(function: template.Function) -> Callable[[], asyncio.Future[Sandbox]]:
        environment = surroundings.environment(function)
        return lambda: asyncio.ensure_future(Sandbox.start(function, environment))

    return {name: Pool(launcher(function)) for name, function in plan.functions.items()}


async def _warm_all(pools: dict[str, Pool]) -> dict[str, str]:
    outcomes = await asyncio.gather(*(pool.warm() for pool in pools.values()))
    return {name: problem for name, problem in zip(pools, outcomes, strict=True) if problem}


async def _stop_all(pools: dict[str, Pool]) -> None:
    await asyncio.gather(*(pool.stop(patience=_LAST_WORDS_S) for pool in pools.values()))


def _start_pollers(stack: AsyncExitStack, clients: resources.Clients, plan: Template, pools: dict[str, Pool]) -> None:
    for subscription in plan.subscriptions:
        queue = plan.queues[subscription.queue]
        poller = Poller(clients.sqs, queue, subscription, pools[subscription.function])
        polling = asyncio.create_task(poller.run())
        stack.callback(polling.cancel)


def _start_gateway(stack: AsyncExitStack, listening: socket.socket, plan: Template, pools: dict[str, Pool]) -> str:
    async def invoke(function: str, event: bytes) -> FunctionAnswer:
        return await pools[function].invoke(event, patience=_PATIENCE_S)

    listener = Listener(LocalGateway(plan.routes, invoke), listening)
    stack.push_async_callback(listener.stop)
    return f"http://{LOOPBACK}:{listener.port}"


def _loss_of(server: Child) -> asyncio.Future[str]:
    lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def tell(_: asyncio.Future[int]) -> None:
        if not lost.done():
            lost.set_result("The local AWS has ended, and with it every queue and table.")

    server.exited.add_done_callback(tell)
    return lost
