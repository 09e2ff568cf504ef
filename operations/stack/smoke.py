"""`make smoke STAGE=…`: request one tip from the deployed stack, and print it with its receipt.

The request is signed with the credentials of boto3's environment (SigV4), or sent with the token in TOKEN.
"""

import json
import sys
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, NoCredentialsError

from commands.program import needed, program, variable
from local.deployment.environment import ROOT
from operations.aws_lookup import NotPossible, client_in, one_sentence
from operations.stack.stage import FOLDER, Stage, read_stage

EVENT = ROOT / "events" / "tip.json"
TIMEOUT_S = 35.0
"""API Gateway answers after 30 s at the latest."""

_CURES = {
    401: "The token is not accepted: compare its issuer and audience with JwtIssuer and JwtAudience.",
    403: "The caller is not allowed: its role needs execute-api:Invoke on the API. With JwtIssuer, set TOKEN.",
    404: "The API has no /recommend: deploy the stack again.",
    429: "The API's throttle refused the request: raise ThrottleRate, or wait.",
    500: "A function failed: search the stack's log group for request_failed and start_refused.",
    503: "The function or a part behind it is not ready: the body has a code, and docs/errors.md its meaning.",
}


@program("smoke")
@needed("STAGE", example="test", help="the name of a file in stages/")
@variable("TOKEN", help="a caller's token, for a stack with JwtIssuer")
def main(stage: str, token: str, folder: Path = FOLDER, event: Path = EVENT) -> None:
    """Request one tip from the deployed stack, and print it with its receipt."""
    with one_sentence():
        of = read_stage(stage, folder)
        answer = request_tip(of, api_url(of), event.read_bytes(), token)
        print(json.dumps({name: answer[name] for name in ("tip", "receipt")}, indent=2, ensure_ascii=False))


def api_url(stage: Stage) -> str:
    """The output `ApiUrl` of the stage's stack. Raises NotPossible."""
    try:
        [stack] = client_in(stage.region, "cloudformation").describe_stacks(StackName=stage.stack)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            raise NotPossible(
                f"The stack {stage.stack} does not exist in {stage.region}: run make deploy STAGE={stage.name}."
            ) from error
        raise
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    if "ApiUrl" not in outputs:
        raise NotPossible(f"The stack {stage.stack} is {stack['StackStatus']} and has no ApiUrl: look at its events.")
    return str(outputs["ApiUrl"])


def request_tip(stage: Stage, url: str, body: bytes, token: str) -> dict[str, Any]:
    """The answer of `/recommend`. Raises NotPossible with the status and the next step."""
    headers = {"content-type": "application/json"}
    signed = {**headers, "authorization": f"Bearer {token}"} if token else _signed(stage, f"{url}/recommend", body)
    try:
        response = httpx.post(f"{url}/recommend", content=body, headers=signed, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        raise NotPossible(f"{url} does not answer ({type(error).__name__}): check the network.") from error
    if response.status_code != httpx.codes.OK:
        print(response.text, file=sys.stderr)
        cure = _CURES.get(response.status_code, "The body has a code, and docs/errors.md its meaning.")
        raise NotPossible(f"The answer is {response.status_code}. {cure}")
    answer: dict[str, Any] = response.json()
    return answer


def _signed(stage: Stage, url: str, body: bytes) -> dict[str, str]:
    """The headers of a request that is signed for API Gateway."""
    credentials = boto3.Session().get_credentials()
    if credentials is None:
        raise NoCredentialsError
    request = AWSRequest("POST", url, data=body, headers={"content-type": "application/json"})
    SigV4Auth(credentials.get_frozen_credentials(), "execute-api", stage.region).add_auth(request)
    return dict(request.headers.items())


if __name__ == "__main__":
    main()
