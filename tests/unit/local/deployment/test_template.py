"""The template, resolved for this machine."""

from pathlib import Path

import pytest

from local.deployment.intrinsics import TemplateError
from local.deployment.template import Template, TemplateRoute, load

ENDPOINT = "http://127.0.0.1:3001"
TEMPLATE = """
Parameters:
  Url: {Type: String, Default: "http://x"}
  Limit: {Type: Number, Default: 25}
  Empty: {Type: String}
  Stage: {Type: String, Default: dev}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  HasUrl: !Not [!Equals [!Ref Url, ""]]
  Both: !And [!Condition IsDev, !Condition HasUrl]
  Neither: !Not [!Or [!Condition IsDev, !Condition HasUrl]]
Globals:
  Function:
    Runtime: python3.13
    Timeout: 15
    Environment: {Variables: {SHARED: global, URL: global}}
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "${AWS::StackName}-jobs"
      VisibilityTimeout: 370
      RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadJobs.Arn, maxReceiveCount: 5}
  DeadJobs: {Type: AWS::SQS::Queue}
  Store:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
  Missing: {Type: AWS::SQS::Queue, Condition: Neither}
  Api: {Type: AWS::Serverless::HttpApi}
  WebFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/web
      Handler: app.handler
      Timeout: !Ref Limit
      Environment:
        Variables:
          URL: !Ref Url
          QUEUE: !Ref Jobs
          ARN: !GetAtt Jobs.Arn
          TABLE: !Ref Store
          TEXT: !Sub ["${Jobs}-${Extra}-${!Kept}-${AWS::Region}", {Extra: !Join ["/", [a, !Ref Limit]]}]
          WHEN: !If [Both, both, not-both]
          NOTHING: !If [Neither, x, !Ref "AWS::NoValue"]
          EMPTY: !Ref Empty
          FLAG: true
      Events:
        One: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: post, Path: "/a/{id}"}}
        All: {Type: HttpApi, Properties: {ApiId: !Ref Api}}
  WorkFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/work
      Handler: worker.handler
      Events:
        Queue:
          Type: SQS
          Properties:
            Queue: !GetAtt Jobs.Arn
            BatchSize: 10
            MaximumBatchingWindowInSeconds: 1
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig: {MaximumConcurrency: 2}
"""


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """The template above, with the stage left at its default."""
    return _load(tmp_path)


def _load(folder: Path, text: str = TEMPLATE, **parameters: str) -> Template:
    path = folder / "template.yaml"
    path.write_text(text)
    return load(path, aws_endpoint=ENDPOINT, parameters=parameters)


def test_a_function_has_the_globals_unless_it_says_otherwise(template: Template, tmp_path: Path) -> None:
    """Timeout, runtime and variables come from Globals, a function's own stand over them."""
    web, work = template.functions["WebFunction"], template.functions["WorkFunction"]

    assert (web.timeout, work.timeout) == (25, 15)
    assert (web.runtime, web.folder, work.handler) == ("python3.13", tmp_path / "functions/web", "worker.handler")
    assert (web.environment["SHARED"], web.environment["URL"], work.environment["URL"]) == (
        "global",
        "http://x",
        "global",
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("QUEUE", "http://127.0.0.1:3001/123456789012/Jobs"),
        ("ARN", "arn:aws:sqs:us-east-1:123456789012:Jobs"),
        ("TABLE", "Store"),
        ("TEXT", "http://127.0.0.1:3001/123456789012/Jobs-a/25-${Kept}-us-east-1"),
        ("WHEN", "both"),
        ("EMPTY", ""),
        ("FLAG", "true"),
    ],
)
def test_a_variable_is_resolved_for_this_machine(template: Template, variable: str, value: str) -> None:
    """Queues are their local URLs, tables and ARNs go by logical ids, conditions hold as their parameters say."""
    assert template.functions["WebFunction"].environment[variable] == value


def test_no_value_leaves_the_variable_out(template: Template) -> None:
    """A variable that resolves to AWS::NoValue is not declared at all."""
    assert "NOTHING" not in template.functions["WebFunction"].environment


def test_a_parameter_that_is_given_stands_over_its_default(tmp_path: Path) -> None:
    """Conditions follow it, too."""
    template = _load(tmp_path, Stage="prod")

    assert template.functions["WebFunction"].environment["WHEN"] == "not-both"


def test_a_resource_whose_condition_fails_is_left_out(template: Template) -> None:
    """It is not created here either."""
    assert set(template.queues) == {"Jobs", "DeadJobs"}


def test_routes_are_those_of_the_events(template: Template) -> None:
    """An event without a path is the catch-all."""
    assert template.routes == [
        TemplateRoute("POST", "/a/{id}", "WebFunction"),
        TemplateRoute("$default", "$default", "WebFunction"),
    ]
    assert [route.key for route in template.routes] == ["POST /a/{id}", "$default"]


def test_a_queue_knows_its_redrive_policy(template: Template) -> None:
    """The dead-letter queue goes by its logical id."""
    queue = template.queues["Jobs"]

    assert (queue.dead_letter_queue, queue.max_receive_count) == ("DeadJobs", 5)
    assert queue.attributes == {"VisibilityTimeout": "370"}


def test_a_subscription_knows_its_batches(template: Template) -> None:
    """Size, window, concurrency and whether failures are reported one by one come from the event."""
    [subscription] = template.subscriptions

    assert (subscription.function, subscription.queue) == ("WorkFunction", "Jobs")
    assert (subscription.batch_size, subscription.window, subscription.concurrency) == (10, 1, 2)
    assert subscription.partial_failures


def test_a_table_is_what_create_table_takes(template: Template) -> None:
    """The attribute of expiry is apart, as it is in DynamoDB's interface."""
    table = template.tables["Store"]

    assert set(table.definition) == {"BillingMode", "AttributeDefinitions", "KeySchema"}
    assert table.ttl_attribute == "ttl"


@pytest.mark.parametrize(
    ("value", "complaint"),
    [("!Ref Nobody", "Nobody"), ("!GetAtt Api.Nothing", "Api.Nothing"), ("!Cidr [a, 1, 1]", "Fn::Cidr")],
)
def test_what_has_no_meaning_here_is_refused(tmp_path: Path, value: str, complaint: str) -> None:
    """The error names it."""
    text = TEMPLATE.replace("FLAG: true", f"FLAG: {value}")

    with pytest.raises(TemplateError, match=complaint):
        _load(tmp_path, text)
