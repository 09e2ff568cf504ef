"""Typed views of template.yaml, so that the local system is the deployed one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from local.deployment.intrinsics import (
    NO_VALUE,
    Node,
    Resolver,
    TemplateError,
    TemplateLoader,
    parameter_value,
    text_of,
)

REGION = "us-east-1"
ACCOUNT = "123456789012"
STACK = "local"
_PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/0",
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}
_ARN_SERVICES = {
    "AWS::Serverless::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
}
_QUEUE_SETTINGS = (
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)
_TABLE_SETTINGS = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "StreamSpecification",
)


@dataclass(frozen=True)
class Function:
    """One function: times in seconds, memory in MB; `environment` has the template's variables for it.

    `layers` are the logical ids of the attached layers.
    """

    name: str
    folder: Path
    handler: str
    timeout: float
    memory: int
    runtime: str
    environment: dict[str, str]
    layers: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        """The function's name in AWS."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True)
class TemplateRoute:
    """`path` and `method` (in upper case) of the template; both are `$default` for the catch-all."""

    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        """The route key of an event: `POST /recommend`, or `$default`."""
        return "$default" if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True)
class TemplateQueue:
    """A queue; `attributes` are SQS' own names and values, without the redrive policy."""

    name: str
    url: str
    attributes: dict[str, str]
    dead_letter_queue: str | None = None
    max_receive_count: int | None = None

    @property
    def arn(self) -> str:
        """The queue's name in AWS."""
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"


@dataclass(frozen=True)
class Subscription:
    """One function fed by one queue; the window is in seconds."""

    function: str
    queue: str
    batch_size: int
    window: float
    partial_failures: bool
    concurrency: int | None


@dataclass(frozen=True)
class Table:
    """A table; `definition` is the input of DynamoDB's CreateTable, `ttl_attribute` is separate, as in the API."""

    name: str
    definition: dict[str, Node]
    ttl_attribute: str | None


@dataclass(frozen=True)
class Template:
    """All resources of the template that have a counterpart on this machine."""

    functions: dict[str, Function] = field(default_factory=dict)
    routes: list[TemplateRoute] = field(default_factory=list)
    queues: dict[str, TemplateQueue] = field(default_factory=dict)
    subscriptions: list[Subscription] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)


def read_document(path: Path) -> dict[str, Node]:
    """The template at `path` without any changes, except that its short forms are written out."""
    document: dict[str, Node] = yaml.load(path.read_text(encoding="utf-8"), TemplateLoader)  # noqa: S506  # a SafeLoader
    return document


def load(path: Path, *, aws_endpoint: str, parameters: dict[str, str] | None = None) -> Template:
    """Read and resolve the template at `path`.

    A parameter without a value in `parameters` has its default, and without a default it is empty. A resource whose
    condition is false is left out. Raises TemplateError.
    """
    return _Reader(read_document(path), path.parent, aws_endpoint, parameters or {}).read()


class _Reader:
    def __init__(self, document: dict[str, Node], root: Path, aws_endpoint: str, given: dict[str, str]) -> None:
        self._root = root
        self._endpoint = aws_endpoint
        self._resources: dict[str, dict[str, Node]] = document.get("Resources", {})
        declared: dict[str, dict[str, Node]] = document.get("Parameters", {})
        references: dict[str, Node] = {
            name: parameter_value(one, given.get(name, str(one.get("Default", "")))) for name, one in declared.items()
        }
        references |= _PSEUDO_PARAMETERS
        references |= {name: self._reference(name) for name in self._resources}
        references["AWS::NoValue"] = NO_VALUE
        self._resolver = Resolver(references, self._attributes(), document.get("Conditions"), document.get("Mappings"))
        self._global: dict[str, Node] = document.get("Globals", {}).get("Function", {})

    def read(self) -> Template:
        template = Template()
        for name, resource in self._resources.items():
            condition = resource.get("Condition")
            if condition and not self._resolver.resolve({"Condition": condition}):
                continue
            properties = resource.get("Properties", {})
            match resource["Type"]:
                case "AWS::Serverless::Function":
                    self._add_function(template, name, properties)
                case "AWS::SQS::Queue":
                    template.queues[name] = self._queue(name, self._resolver.resolve(properties))
                case "AWS::DynamoDB::Table":
                    template.tables[name] = _table(name, self._resolver.resolve(properties))
                case _:
                    continue
        return template

    def _reference(self, name: str) -> str:
        is_queue = self._resources[name]["Type"] == "AWS::SQS::Queue"
        return f"{self._endpoint}/{ACCOUNT}/{name}" if is_queue else name

    def _attributes(self) -> dict[str, str]:
        attributes = {}
        for name, resource in self._resources.items():
            service = _ARN_SERVICES.get(resource["Type"])
            if service is None:
                continue
            arn = "arn:aws:" + service.format(region=REGION, account=ACCOUNT, name=name)
            attributes[f"{name}.Arn"] = arn
            attributes[f"{name}.QueueName"] = name
            attributes[f"{name}.QueueUrl"] = self._reference(name)
        return attributes

    def _add_function(self, template: Template, name: str, properties: dict[str, Node]) -> None:
        resolve = self._resolver.resolve

        def of(key: str, default: Node) -> Node:
            return resolve(properties.get(key, self._global.get(key, default)))

        variables = [
            resolve(source.get("Environment", {}).get("Variables", {})) for source in (self._global, properties)
        ]
        template.functions[name] = Function(
            name=name,
            folder=self._root / of("CodeUri", "."),
            handler=of("Handler", "app.handler"),
            timeout=float(of("Timeout", 3)),
            memory=int(of("MemorySize", 128)),
            runtime=of("Runtime", ""),
            environment={key: text_of(item) for part in variables for key, item in part.items()},
            layers=tuple(of("Layers", [])),
        )
        for event in properties.get("Events", {}).values():
            self._add_event(template, name, event["Type"], event.get("Properties", {}))

    def _add_event(self, template: Template, function: str, kind: str, properties: dict[str, Node]) -> None:
        resolve = self._resolver.resolve
        if kind == "HttpApi":
            path = properties.get("Path", "$default")
            method = str(properties.get("Method", "ANY")).upper()
            method = "ANY" if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" else method
            template.routes.append(TemplateRoute(method if path != "$default" else "$default", path, function))
        elif kind == "SQS":
            concurrency = resolve(properties.get("ScalingConfig", {})).get("MaximumConcurrency")
            template.subscriptions.append(
                Subscription(
                    function=function,
                    queue=str(resolve(properties["Queue"])).rsplit(":", 1)[-1],
                    batch_size=int(resolve(properties.get("BatchSize", 10))),
                    window=float(resolve(properties.get("MaximumBatchingWindowInSeconds", 0))),
                    partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
                    concurrency=int(concurrency) if concurrency else None,
                )
            )

    def _queue(self, name: str, properties: dict[str, Node]) -> TemplateQueue:
        redrive = properties.get("RedrivePolicy", {})
        target = redrive.get("deadLetterTargetArn")
        count = redrive.get("maxReceiveCount")
        return TemplateQueue(
            name=name,
            url=self._reference(name),
            attributes={key: text_of(properties[key]) for key in _QUEUE_SETTINGS if key in properties},
            dead_letter_queue=target.rsplit(":", 1)[-1] if target else None,
            max_receive_count=int(count) if count else None,
        )


def _table(name: str, properties: dict[str, Node]) -> Table:
    definition = {key: properties[key] for key in _TABLE_SETTINGS if key in properties}
    if "KeySchema" not in definition:
        raise TemplateError(f"{name} has no KeySchema")
    return Table(name, definition, properties.get("TimeToLiveSpecification", {}).get("AttributeName"))
